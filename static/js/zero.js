/** The end: typing stops, what is unsent goes out until the server has it, and the server says where to go. */

/** @import { ExamPage } from "./exam_page.js" */
/** @import { Tone } from "./banners.js" */
/** @import { Places } from "./words.js" */

import { banner } from "./banners.js";
import { say } from "./words.js";

const RETRY_MS = 2000;
const LATE_RETRY_MS = 15000;
const MARGIN_MS = 2000;

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
    while (this.isOver && page.sender.unsent().some((one) => !one.isKept)) {
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

  /** One request with all that is unsent. True when the server has it. */
  async send() {
    const { page } = this;
    const unsent = page.sender.unsent();
    const answers = unsent.map(({ question, value, flagged, version, at }) => ({ question, value, flagged, version, client_at: at }));
    const reply = await page.wire.post(page.data.finishUrl, { answers });
    if (reply.status !== 200) return false;
    this.isDone = reply.body.state === "ended";
    if (reply.body.state === "paused") return page.onReply(reply), false; // What is unsent stays here until the exam goes on.
    if (unsent.length && Number(reply.body.now) >= Number(reply.body.hard_stop)) page.wasLate = true;
    for (const one of unsent) await (reply.body.kept_there?.includes(one.question) ? page.onElsewhere(one) : page.sender.drop(one.question));
    page.onReply(reply);
    return true;
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

  /** Time was given after zero, or zero was a mistake of the estimate: go on. */
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
