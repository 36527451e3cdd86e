/** The end: typing stops, what is unsent goes out until the server has it, and the server says where to go. */

/** @import { ExamPage } from "./exam_page.js" */
/** @import { Tone } from "./banners.js" */
/** @import { Places } from "./messages.js" */
/** @import { Entry } from "./sender.js" */
/** @import { Body } from "./http.js" */

import { banner } from "./banners.js";
import { say } from "./messages.js";

const RETRY_MS = 2000;
const LATE_RETRY_MS = 15000;
const MARGIN_MS = 2000;
/** So many answers the server takes in one request. */
const MOST_AT_ONCE = 200;

export class Zero {
  /** @param {ExamPage} page */
  constructor(page) {
    this.page = page;
    this.isOver = this.isLateSaid = this.isDone = false;
    /** @type {number | undefined} the one that has passed */
    this.deadline = undefined;
    /** @type {HTMLElement | undefined} */
    this.box = undefined;
  }

  /** Once: fields become read-only and nothing is asked. */
  async come() {
    if (this.isOver) return;
    this.isOver = true;
    const { page } = this;
    this.deadline = page.state.deadline;
    page.freeze(true);
    page.connection.reword();
    if (page.oneWindow.isElsewhere) return page.askNow(); // The other window hands over; what is kept here goes apart at the end.
    this.show("warn", page.sender.unsent().length || page.files.isSending() ? "up" : "up_all_saved");
    page.speech.event(`end-${page.state.deadline}`, say("up_spoken"), true);
    while (this.isOver && this.left().length) {
      const isSent = await this.send();
      if (!this.isOver) return;
      if (!isSent) await this.wait();
    }
    while (this.isOver && page.files.isSending()) await this.wait(); // Begun in time, a file may arrive until the hard stop.
    if (!this.isOver) return;
    this.show("warn", "up_all_saved"); // Also when another way was quicker: what waited went out as soon as the line was back.
    page.askNow();
  }

  /** @param {Tone} tone @param {string} key @param {Places} places */
  show(tone, key, places = {}) {
    this.box?.remove();
    this.box = banner(tone, say(key, places));
  }

  /** All that is unsent, as many in a request as the server takes. True when nothing more is left to send. */
  async send() {
    let unsent = this.inOrder();
    let before;
    do {
      before = unsent.length;
      if (!(await this.sendSome(unsent.slice(0, MOST_AT_ONCE)))) return false;
      unsent = this.inOrder();
    } while (unsent.length && unsent.length < before);
    return !this.left().length;
  }

  /** What no other window has and nobody has refused. */
  left() {
    return this.page.sender.unsent().filter((one) => !one.isKept);
  }

  /** And after it the rest, which goes apart once the exam has ended. */
  inOrder() {
    return [...this.left(), ...this.page.sender.unsent().filter((one) => one.isKept)];
  }

  /** @param {Entry[]} unsent */
  async sendSome(unsent) {
    const { page } = this;
    const answers = unsent.map((one) => ({ question: one.question, ...page.sender.body(one) }));
    const reply = await page.http.post(page.data.finishUrl, { answers });
    if (reply.status !== 200) return unsent.forEach((one) => page.sender.unheard(one)), false;
    this.isDone = reply.body.state === "ended";
    if (reply.body.state === "paused") return page.onReply(reply), false; // What is unsent stays here until the exam continues.
    if (reply.body.apart?.length) page.wasLate = true;
    for (const one of unsent) await this.settle(one, reply.body);
    page.onReply(reply);
    return true;
  }

  /** Forget what the server has. The rest stays on this device. @param {Entry} one @param {Body} body */
  settle(one, { done = [], kept_there: elsewhere = [], refused = [] }) {
    if (done.includes(one.question)) return this.page.sender.drop(one.question);
    if (elsewhere.includes(one.question)) return this.page.onElsewhere(one);
    if (refused.includes(one.question)) return this.page.oneWindow.keep(one);
  }

  /** Between two tries; past the hard stop it is said what counts and what is kept. @returns {Promise<void>} */
  wait() {
    const { page } = this;
    const isLate = page.estimate.now() > page.state.hard_stop;
    if (isLate && !this.isLateSaid) {
      this.isLateSaid = true;
      const saved = page.state.saved_at ? say("saved_until", { at: page.time(page.state.saved_at, true) }) : "";
      this.show("warn", "up_offline", { end: page.time(page.state.deadline), saved });
    }
    return new Promise((resolve) => setTimeout(resolve, isLate ? LATE_RETRY_MS : RETRY_MS));
  }

  /** Time was given after zero, or zero was a mistake of the estimate: continue. */
  reconsider() {
    const { state, estimate } = this.page;
    const left = state.deadline - estimate.now();
    if (!this.isOver || left <= (state.deadline === this.deadline ? MARGIN_MS : 0)) return;
    this.isOver = this.isLateSaid = false;
    this.box?.remove();
    this.page.freeze(false);
    this.page.connection.reword();
  }
}
