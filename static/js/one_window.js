/** An exam for one window at a time: knows whether this is the one, and if not, shows why and how it can be. */

/** @import { ExamPage } from "./exam_page.js" */
/** @import { Entry } from "./sender.js" */

import { banner } from "./banners.js";
import { one } from "./elements.js";
import { anotherVisit, isOpen, openCount } from "./journal.js";
import { say } from "./messages.js";

const BEAT_MS = 60000;
const SPREAD = 0.2;
const IN_USE = "invigil-window-in-use";
const ELSEWHERE = "elsewhere";

export class OneWindow {
  /** @param {ExamPage} page */
  constructor(page) {
    this.page = page;
    this.isElsewhere = false;
    this.isBound = false;
    this.claimedAt = 0;
    /** @type {HTMLElement | undefined} */
    this.box = undefined;
    /** @type {number | undefined} */
    this.beating = undefined;
    page.http.window = page.visit;
    addEventListener("submit", (event) => this.submitted(event), true);
  }

  /** Be the window of the attempt, or learn that another one is. Only where the exam is for one window. */
  async begin() {
    if (this.page.data.oneWindow !== undefined) await this.bind();
  }

  async bind() {
    const { data } = this.page;
    this.isBound = true;
    this.claimedAt = Infinity;
    await this.nameItself();
    const held = data.window;
    const wasClosed = held && held !== this.page.visit && held !== ELSEWHERE && navigator.locks && !(await isOpen(held));
    await this.claim(Boolean(wasClosed));
    this.claimedAt = performance.now();
    this.beating ??= this.beat();
  }

  /** A window that was made as a copy of another has its name, too, and takes one of its own. */
  async nameItself() {
    const { page } = this;
    if (sessionStorage.getItem(IN_USE) && (await openCount(page.visit)) > 1) page.http.window = page.visit = anotherVisit();
    sessionStorage.setItem(IN_USE, "yes");
    addEventListener("pagehide", () => sessionStorage.removeItem(IN_USE));
    addEventListener("pageshow", () => sessionStorage.setItem(IN_USE, "yes"));
  }

  async claim(wasClosed = false) {
    const { status, body } = await this.page.http.post(this.page.data.hereUrl, wasClosed ? { closed: true } : {});
    if (status === 409 && body.error?.code === "another_window") this.lose();
  }

  /** Now and then, so that another window can say when this one was last seen; a saved answer has said it, too. */
  beat() {
    return setTimeout(
      () => {
        const savedAgo = this.page.estimate.now() - (this.page.state.saved_at ?? 0);
        if (this.isBound && !document.hidden && !this.isElsewhere && savedAgo > BEAT_MS) this.claim();
        this.beat();
      },
      BEAT_MS * (1 - SPREAD + 2 * SPREAD * Math.random()),
    );
  }

  /**
   * What the clock says; what was asked before we came proves nothing.
   * @param {string | undefined} name of the window that may write; undefined when any may
   */
  told(name, sent = performance.now()) {
    if (sent < this.claimedAt) return;
    if (name !== undefined && !this.isBound) return this.bind(); // The team has just set it for one window.
    this.isBound = name !== undefined;
    const isElsewhere = Boolean(name) && name !== this.page.visit;
    if (isElsewhere) this.lose();
    else if (this.isElsewhere) this.regain();
  }

  /** From now on it is for reading. What was not saved stays here, is kept on this device, and is offered again. */
  async lose() {
    if (this.isElsewhere) return;
    this.isElsewhere = true;
    const { page } = this;
    page.freeze(true);
    for (const entry of page.sender.unsent()) this.keep(entry);
    if (page.sender.unsent().length) page.tell("kept_here");
    const shown = (this.box = banner("warn", say("elsewhere"), { [say("use_window")]: () => this.use() }));
    const there = await page.http.page(`${page.data.windowUrl}?tab=${page.visit}`);
    const where = there?.getElementById("where")?.textContent ?? "";
    const text = `${say("elsewhere")} ${where} ${say("elsewhere_kept")}`;
    one(shown, "p").textContent = text;
    page.speech.say(text, true);
  }

  /** Not sent again by itself, in this visit or another. @param {Entry} entry */
  keep(entry) {
    entry.isHeld = entry.isKept = true;
    this.page.journal.put({ ...entry });
  }

  /** Every window may write again. */
  regain() {
    this.isElsewhere = false;
    this.box?.remove();
    this.page.reopen();
  }

  /** Continue here: with the answers as they are now, and what was kept here offered. */
  async use() {
    const { page } = this;
    const { status } = await page.http.post(page.data.windowUrl, {});
    if (status !== 200) return ((this.isElsewhere = false), this.lose());
    page.isLeaving = true;
    location.reload();
  }

  /** A window that is for reading moves nothing. @param {SubmitEvent} event */
  submitted(event) {
    if (!this.isElsewhere || (event.target instanceof HTMLFormElement && event.target.method === "dialog")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.box?.querySelector("button")?.focus();
  }
}
