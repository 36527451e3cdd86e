/** Which moments are spoken, once each and by one window: politely on the way, firmly at the end. */

import { byId } from "./elements.js";
import { say } from "./messages.js";

const POLITE = [1800, 900, 600, 300, 120];
const FIRM = [60, 30];
const LONG_EXAM_MS = 40 * 60 * 1000;

export class Speech {
  /** @param {{ attempt: string, announce: string }} settings @param {() => boolean} isLeading */
  constructor(settings, isLeading) {
    this.announce = settings.announce;
    this.isLeading = isLeading;
    this.key = `invigil-spoken-${settings.attempt}`;
    this.polite = byId("polite");
    this.alert = byId("alert");
    /** @type {number | null} */
    this.last = null;
  }

  /** Speak the latest moment passed since the last call; skipped ones stay silent. @param {number} seconds @param {number} ownMs @param {string} end */
  tick(seconds, ownMs, end) {
    const before = this.last;
    this.last = seconds;
    if (before === null || seconds >= before || seconds === 0) return;
    const half = ownMs >= LONG_EXAM_MS ? [Math.floor(ownMs / 2000)] : [];
    const passed = [...half, ...POLITE, ...FIRM].filter((moment) => seconds <= moment && before > moment);
    if (passed.length) this.moment(Math.min(...passed), seconds, end);
  }

  /** @param {number} moment @param {number} seconds @param {string} end */
  moment(moment, seconds, end) {
    const isLast = moment <= 60;
    if (this.announce === "end" && !isLast) return;
    if (this.announce === "last_ten" && moment > 600) return;
    if (!this.isLeading() || this.once(`${moment}-${end}`)) return;
    const left = seconds >= 60 ? say("minutes", { n: Math.round(seconds / 60) }) : say("seconds", { n: seconds });
    this.say(say(moment === 30 ? "last_moment" : "moment", { left, end }), isLast);
  }

  /** What happens to the whole attempt is said by the leading window only, and once. @param {string} what @param {string} text */
  event(what, text, firmly = false) {
    if (this.isLeading() && !this.once(what)) this.say(text, firmly);
  }

  /** Equal text is read again, because the region is emptied first. @param {string} text */
  say(text, firmly = false) {
    const region = firmly ? this.alert : this.polite;
    region.textContent = "";
    setTimeout(() => (region.textContent = text), 50);
  }

  /** True when this was said before, also by another page of the same attempt. @param {string} what */
  once(what) {
    try {
      /** @type {string[]} */
      const said = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      if (said.includes(what)) return true;
      localStorage.setItem(this.key, JSON.stringify([...said, what].slice(-50)));
    } catch {
      return false; // Private windows may have no storage; saying it twice beats silence.
    }
    return false;
  }
}
