/** From question to question without leaving the page. The others are loaded ahead: a lost line holds nobody up. */

import { Autosave } from "./autosave.js";
import { banner } from "./banners.js";
import { count, showCurrent } from "./numbers.js";
import { say } from "./words.js";
import { countWords } from "./writing.js";

const RETRY_MS = 3000;
const SLOW_MS = 3000;
const MOST_AHEAD = 20;
const AHEAD_MS = 10000; // Everybody begins at once, so nobody loads ahead in a hurry.

export class Turning {
  /** @param {object} page wire, sender, display, zero, connection, leave, and the autosave of the question shown */
  constructor(page) {
    this.page = page;
    this.ahead = new Map();
    this.saved = new Map();
    this.links = [...document.querySelectorAll("#questions a[data-question]")];
    document.addEventListener("click", (event) => this.clicked(event), true);
    document.addEventListener("submit", (event) => this.submitted(event), true);
    this.address = location.pathname;
    addEventListener("popstate", () => this.returned());
    if (this.links.length <= MOST_AHEAD) this.loadAhead();
  }

  clicked(event) {
    const link = event.target.closest?.("#questions a[data-question]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.turn(link.href);
  }

  submitted(event) {
    const step = { next: 1, previous: -1 }[event.submitter?.value];
    const there = this.links[this.here() + step];
    if (event.target.id !== "answer-form" || !there) return;
    event.preventDefault();
    this.turn(there.href);
  }

  here() {
    return this.links.findIndex((link) => link.hasAttribute("aria-current"));
  }

  /** Back or forward. A step inside the question, as the link that skips to it is one, leaves it as it stands. */
  returned() {
    if (location.pathname !== this.address) this.turn(location.href, true);
    else this.stay();
  }

  /** Nothing that was asked for before comes any more. */
  stay() {
    this.wanted = null;
    clearTimeout(this.timer);
    this.box?.remove();
  }

  /** Show the question of this address, now or as soon as it is here; what is pressed later wins. */
  async turn(url, isBack = false) {
    const { page } = this;
    this.wanted = url;
    clearTimeout(this.timer);
    page.autosave.flush();
    const found = await this.find(url);
    if (this.wanted !== url) return;
    this.box?.remove();
    if (!found) {
      this.box = banner("warn", say("not_loaded"));
      this.timer = setTimeout(() => this.turn(url, isBack), RETRY_MS);
    } else if (new URL(found.address).pathname !== new URL(url).pathname) page.leave(found.address);
    else this.show(found, url, isBack);
  }

  /** As it is now on the portal; without a line, or on one that is very slow, as it was when it was loaded ahead. */
  async find(url) {
    const copy = this.ahead.get(url);
    if (copy && this.page.connection.box) return this.parsed(copy);
    const fresh = this.page.wire.page(url);
    const slow = new Promise((resolve) => setTimeout(resolve, SLOW_MS, null));
    const found = await (copy ? Promise.race([fresh, slow]) : fresh);
    return found ?? (copy ? this.parsed(copy) : null);
  }

  parsed({ html, address }) {
    return Object.assign(new DOMParser().parseFromString(html, "text/html"), { address });
  }

  show(found, url, isBack) {
    const { page } = this;
    const main = document.getElementById("main");
    const banners = main.querySelectorAll("#banners > .banner");
    const fresh = document.adoptNode(found.getElementById("main"));
    fresh.querySelector("#banners").prepend(...banners);
    main.replaceWith(fresh);
    if (!isBack) history.pushState(null, "", url);
    this.address = new URL(url).pathname;
    page.display.title = found.title;
    this.begin(document.getElementById("answer-form"));
    fresh.focus();
    scrollTo(0, 0);
  }

  /** The form as it came, with what this page knows better: what was saved since, and what still waits to be. */
  begin(form) {
    const { page } = this;
    page.autosave = new Autosave(form, page.sender);
    countWords(form);
    const { question, version } = page.autosave;
    const saved = this.saved.get(question);
    const newer = page.sender.unsent().find((one) => one.question === question) ?? (saved?.version > version ? saved : null);
    if (newer) page.autosave.take(newer.value, newer.version, newer.flagged);
    page.freeze(page.zero.isOver);
    page.files.show();
    showCurrent(question);
    count();
    page.repaint();
  }

  /** One question after the other, those that come next first. */
  async loadAhead() {
    const from = this.here() + 1;
    for (const link of [...this.links.slice(from), ...this.links.slice(0, from)]) {
      await new Promise((resolve) => setTimeout(resolve, AHEAD_MS * (0.5 + Math.random())));
      if (link.hasAttribute("aria-current")) continue;
      const found = await this.page.wire.page(link.href);
      if (found) this.ahead.set(link.href, { html: found.documentElement.outerHTML, address: found.address });
    }
  }
}
