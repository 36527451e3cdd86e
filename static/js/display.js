/** What the bar shows: time left, the end, the ruler, and the look; and one phrase a minute for screen readers. */

const FIVE_MINUTES = 300;
const NOT_CHECKED_MS = 5 * 60 * 1000;
const ABOUT_MS = 90 * 1000;

/** Whole seconds left, rounded up, so that 0:00 stands at the deadline and not before. */
export function secondsLeft(deadline, now) {
  return Math.max(0, Math.ceil((deadline - now) / 1000));
}

export function digits(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** @param {number} seconds @param {string} display minutes, seconds or hidden */
export function shown(seconds, display) {
  if (display === "seconds" || seconds <= FIVE_MINUTES) return digits(seconds);
  return display === "hidden" ? "" : `${Math.floor(seconds / 60)} min`;
}

export function phrase(seconds, end) {
  const minutes = Math.floor(seconds / 60);
  const left = minutes ? `${minutes} minute${minutes === 1 ? "" : "s"}` : `${Math.ceil(seconds / 10) * 10} seconds`;
  return `${left} left, ends ${end}`;
}

export function lookOf(leftMs, state) {
  if (leftMs <= state.crit_ms) return "critical";
  return leftMs <= state.low_ms ? "low" : "normal";
}

export function clockTime(ms, zone, locale) {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone }).format(ms);
}

export class Display {
  constructor(settings) {
    this.settings = settings;
    this.bar = document.getElementById("timer-bar");
    this.text = document.getElementById("timer-text");
    this.timer = document.getElementById("timer");
    this.rule = document.getElementById("timer-rule");
    this.end = document.getElementById("timer-end");
    this.title = document.title;
    this.text.setAttribute("aria-hidden", "true");
  }

  /** Paint one moment. `age` is how old the server's last word is, in ms. */
  paint(state, now, age) {
    const left = secondsLeft(state.deadline, now);
    const end = clockTime(state.deadline, this.settings.zone, this.settings.locale);
    this.text.textContent = this.words(left, age);
    this.end.textContent = end;
    this.timer.setAttribute("aria-label", phrase(left > 60 ? left - (left % 60) : left, end));
    const share = state.own_ms ? Math.min(100, (left * 100000) / state.own_ms) : 0;
    this.rule.setAttribute("width", `${share}%`);
    this.rule.setAttribute("x", `${100 - share}%`);
    const look = lookOf(left * 1000, state);
    this.bar.classList.toggle("is-low", look === "low");
    this.bar.classList.toggle("is-critical", look === "critical");
    const minute = [5, 2, 1].find((one) => left <= one * 60 && left > one * 60 - 60);
    document.title = minute ? `${minute} min left, ${this.title}` : this.title;
  }

  words(left, age) {
    if (age > NOT_CHECKED_MS) return "Time not checked";
    const words = shown(left, this.settings.display);
    return age > ABOUT_MS && words ? `about ${words}` : words;
  }
}
