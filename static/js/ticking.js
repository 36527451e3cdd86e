/** Ticks at each whole second while the page is looked at, and otherwise only when something is due. */

/** @import { ExamPage } from "./exam_page.js" */

import { secondsLeft } from "./display.js";

const LAST_SEND_MS = 5000;

export class Ticking {
  /** @param {ExamPage} page */
  constructor(page) {
    this.page = page;
    /** @type {number | null} */
    this.aimed = null;
  }

  now() {
    const { page } = this;
    if (page.estimate.tick(this.aimed)) page.askNow();
    const certainty = page.estimate.certainty();
    const now = page.estimate.now();
    const left = secondsLeft(page.state.deadline, now);
    page.display.paint(page.state, now, certainty, page.estimate.checkedAt());
    if (certainty !== "checking") this.due(left);
    this.plan(page.state.deadline - now);
  }

  /** @param {number} left in seconds */
  due(left) {
    const { page } = this;
    page.speech.tick(left, page.state.own_ms, page.time(page.state.deadline));
    if (left > 0 && left * 1000 <= LAST_SEND_MS) page.sender.flush();
    if (left === 0) page.zero.come();
  }

  /** @param {number} leftMs until the deadline */
  plan(leftMs) {
    clearTimeout(this.timer);
    this.aimed = null;
    if (document.hidden) {
      const next = [leftMs - LAST_SEND_MS, leftMs].find((ms) => ms > 0);
      if (next) this.timer = setTimeout(() => this.now(), next);
      return;
    }
    const untilSecond = ((leftMs % 1000) + 1000) % 1000 || 1000;
    this.aimed = performance.now() + untilSecond;
    this.timer = setTimeout(() => this.now(), untilSecond);
  }
}
