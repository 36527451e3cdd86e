/** What the bar shows: time left, the end, the ruler, the look with its sign and word, and one phrase for readers. */

/** @import { Certainty } from "./estimate.js" */
/** @import { ClockState } from "./http.js" */

import { byId, one } from "./elements.js";
import { say } from "./messages.js";

const FIVE_MINUTES = 300;
const REVEAL_MS = 5000;
/** @type {Record<string, number | undefined>} above how many seconds the time is hidden, by the person's setting */
const HIDDEN_FROM = { hidden: FIVE_MINUTES, never: 0 };
/** @typedef {"normal" | "low" | "critical"} Look */
/** @type {Record<Look, string>} */
const SIGNS = { normal: "clock", low: "low", critical: "critical" };

/** Whole seconds left, rounded up, so that 0:00 stands at the deadline and not before. @param {number} deadline @param {number} now */
export function secondsLeft(deadline, now) {
  return Math.max(0, Math.ceil((deadline - now) / 1000));
}

/** @param {number} seconds */
export function digits(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A whole phrase; it changes once a minute, and every ten seconds in the last one. @param {number} seconds @param {string} end */
export function phrase(seconds, end) {
  const [minutes, tens] = [Math.floor(seconds / 60), Math.ceil(seconds / 10) * 10];
  return say("ends", { left: minutes ? say("minutes", { n: minutes }) : say("seconds", { n: tens }), end });
}

/** @param {number} leftMs @param {ClockState} state @returns {Look} */
export function lookOf(leftMs, state) {
  if (leftMs <= state.crit_ms) return "critical";
  return leftMs <= state.low_ms ? "low" : "normal";
}

/**
 * 16:15 in the person's own zone, in the digits of the pages; with seconds where they matter.
 * @param {number} ms
 * @param {string} zone
 * @param {string} locale
 */
export function clockTime(ms, zone, locale, isExact = false) {
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn", timeZone: zone };
  return new Intl.DateTimeFormat(locale, isExact ? { ...parts, second: "2-digit" } : parts).format(ms);
}

/** Put `sign` of the portal's icons into an icon that stands on the page. @param {Element} icon @param {string} sign */
export function setSign(icon, sign) {
  const use = one(icon, "use", SVGUseElement);
  const address = (use.getAttribute("href") ?? "").replace(/#.*/, `#${sign}`);
  if (use.getAttribute("href") !== address) use.setAttribute("href", address);
}

export class Display {
  /**
   * @param {{ display: string, zone: string, locale: string, attempt: string }} settings
   * @param {() => void} repaint paint the present moment again
   */
  constructor(settings, repaint) {
    this.settings = settings;
    this.usual = settings.display;
    this.repaint = repaint;
    this.phrase = "";
    this.text = byId("timer-text");
    this.note = byId("timer-note");
    this.word = byId("timer-word");
    this.rule = byId("timer-rule", SVGElement);
    this.end = byId("timer-end");
    this.bar = byId("timer-bar");
    this.timer = byId("timer");
    this.hide = byId("hide-time");
    this.title = document.title;
    this.text.setAttribute("aria-hidden", "true");
    this.revealedUntil = 0;
    this.wireHiding();
  }

  /**
   * Paint one moment, as far as the estimate can be trusted.
   * @param {ClockState} state
   * @param {number} now
   * @param {Certainty} certainty
   * @param {number} checkedAt
   */
  paint(state, now, certainty, checkedAt) {
    const left = secondsLeft(state.deadline, now);
    const end = this.time(state.deadline);
    this.showText(left, certainty, checkedAt);
    this.set(this.end, end);
    this.set(this.note, certainty === "about" ? say("checked", { at: this.time(checkedAt) }) : "");
    this.phrase = phrase(left, end);
    const named = this.isHidden(left) ? say("hidden_ends", { end }) : this.phrase;
    if (this.timer.getAttribute("aria-label") !== named) this.timer.setAttribute("aria-label", named);
    this.showRule(state.own_ms ? Math.min(100, (left * 100000) / state.own_ms) : 0, this.isHidden(left));
    this.showLook(this.isNever && this.isHidden(left) ? "normal" : lookOf(left * 1000, state));
    const minute = !this.isNever && [5, 2, 1].find((one) => left <= one * 60 && left > one * 60 - 60);
    document.title = minute ? say("title", { n: minute, title: this.title }) : this.title;
  }

  /** @param {number} ms */
  time(ms) {
    return clockTime(ms, this.settings.zone, this.settings.locale);
  }

  /** @param {Element} place @param {string} text */
  set(place, text) {
    if (place.textContent !== text) place.textContent = text;
  }

  /** @param {number} left */
  isHidden(left) {
    const from = HIDDEN_FROM[this.settings.display] ?? Infinity;
    return left > from && !this.isRevealed();
  }

  get isNever() {
    return this.settings.display === "never";
  }

  isRevealed() {
    return performance.now() < this.revealedUntil;
  }

  /**
   * The number stands out; on a narrow bar the word after it goes.
   * @param {number} left
   * @param {Certainty} certainty
   * @param {number} checkedAt
   */
  showText(left, certainty, checkedAt) {
    if (certainty === "checking") return this.set(this.text, say("checking"));
    if (certainty === "unchecked") return this.set(this.text, say("unchecked", { at: this.time(checkedAt) }));
    if (this.isHidden(left)) return this.set(this.text, say("hidden"));
    const isExact = this.settings.display === "seconds" || left <= FIVE_MINUTES;
    const number = isExact ? digits(left) : String(Math.floor(left / 60));
    const time = isExact ? number : say("min", { n: number });
    const [before, after] = say(certainty === "about" ? "about" : "left", { time: "\n" }).split("\n");
    if (this.text.textContent === before + time + after && this.text.firstElementChild) return;
    const bold = Object.assign(document.createElement("b"), { textContent: number, dir: "ltr" });
    const [ahead, behind] = time.split(number);
    const rest = Object.assign(document.createElement("span"), { className: "wide", textContent: after });
    this.text.replaceChildren(before, ahead, bold, behind, rest);
  }

  /** @param {number} share @param {boolean} isHidden */
  showRule(share, isHidden) {
    this.rule.setAttribute("width", `${isHidden ? 0 : share}%`);
    this.rule.setAttribute("x", `${100 - share}%`);
  }

  /** Sign, word and colour change together. @param {Look} look */
  showLook(look) {
    this.bar.classList.toggle("is-low", look === "low");
    this.bar.classList.toggle("is-critical", look === "critical");
    setSign(one(this.timer, ".icon", Element), SIGNS[look]);
    this.set(this.word, look === "normal" ? "" : say(look));
  }

  /** One button: hides; while hidden shows for five seconds; while shown for five seconds, keeps showing, or hides for who wants it never. */
  wireHiding() {
    const key = `invigil-hide-${this.settings.attempt}`;
    if (sessionStorage.getItem(key) && !this.isNever) this.settings.display = "hidden";
    this.hide.hidden = false;
    this.nameButton();
    this.hide.addEventListener("click", () => {
      if (!this.isHiding()) this.settings.display = "hidden";
      else if (!this.isRevealed()) return this.reveal();
      else if (!this.isNever) this.settings.display = this.usual === "hidden" ? "minutes" : this.usual;
      this.revealedUntil = 0;
      if (this.settings.display === "hidden") sessionStorage.setItem(key, "1");
      else sessionStorage.removeItem(key);
      this.nameButton();
      this.repaint();
    });
  }

  isHiding() {
    return this.isNever || this.settings.display === "hidden";
  }

  reveal() {
    this.revealedUntil = performance.now() + REVEAL_MS;
    setTimeout(() => (this.nameButton(), this.repaint()), REVEAL_MS);
    this.nameButton();
    this.repaint();
  }

  nameButton() {
    const shown = this.isNever ? "hide" : "keep";
    one(this.hide, ":scope > :last-child").textContent = say(!this.isHiding() ? "hide" : this.isRevealed() ? shown : "show");
  }
}
