/** Says truthfully when the portal cannot be reached, what is safe meanwhile, and when it is there again. */

/** @import { ExamPage } from "./exam_page.js" */

import { banner } from "./banners.js";
import { one } from "./elements.js";
import { say } from "./messages.js";

const PATIENCE_MS = 8000;
const BACK_MS = 10000;

export class Connection {
  /** @param {ExamPage} page */
  constructor(page) {
    this.page = page;
    /** @type {HTMLElement | null} */
    this.box = null;
    this.lostAt = 0;
    /** @type {"offline" | "unreachable"} */
    this.how = "offline";
    /** @type {number | undefined} since when, in server time */
    this.since = undefined;
    /** @type {number | undefined} */
    this.waiting = undefined;
    addEventListener("offline", () => this.lost("offline"));
  }

  /** Every reply passes here: no answer, or a gateway's, starts the patience; any other ends it. @param {{ status: number, sent: number }} reply */
  note({ status, sent }) {
    if (status === 0 || (status >= 502 && status <= 504)) this.failed();
    else if (!this.box || sent > this.lostAt) this.works(); // What was asked before the line was lost proves nothing.
  }

  failed() {
    this.since ??= this.page.estimate.now();
    this.waiting ??= setTimeout(() => this.lost(navigator.onLine ? "unreachable" : "offline"), PATIENCE_MS);
  }

  /** @param {"offline" | "unreachable"} how */
  lost(how) {
    if (this.box) return;
    this.lostAt = performance.now();
    const { page } = this;
    this.since ??= page.estimate.now();
    this.how = how;
    const text = this.text();
    this.box = banner("warn", text);
    if (page.speech.isLeading()) page.speech.say(text, true);
  }

  /** Once the time is up, nobody is asked to keep working: what becomes of the answers is said beside it. */
  text() {
    const { page } = this;
    const first = say(this.how, { at: page.time(this.since ?? page.estimate.now()) });
    if (page.zero.isOver) return first;
    const saved = page.state.saved_at ? say("saved_until", { at: page.time(page.state.saved_at) }) : "";
    return `${first} ${say("offline_rest", { saved, end: page.time(page.state.deadline) })}`;
  }

  /** The time is up, or is not any more. */
  reword() {
    if (this.box) one(this.box, "p").textContent = this.text();
  }

  works() {
    clearTimeout(this.waiting);
    this.waiting = this.since = undefined;
    if (this.box) this.back(this.box);
  }

  /** This page was kept on the device, because the portal could not be reached. @param {number} since */
  begin(since) {
    this.since = since;
    this.lost(navigator.onLine ? "unreachable" : "offline");
  }

  /** First everything that waited is sent; then it is said. @param {HTMLElement} told */
  async back(told) {
    this.page.keeping.renew();
    told.remove();
    this.box = null;
    const { page } = this;
    const isSaved = (await page.sender.flushNow()) || (await page.sender.flushNow()); // One may still be under way from before.
    const text = isSaved && page.state.saved_at ? say("back_saved", { at: page.time(page.state.saved_at) }) : say("back");
    const box = banner("ok", text);
    if (page.speech.isLeading()) page.speech.say(text, true);
    setTimeout(() => box.remove(), BACK_MS);
  }
}
