/** Which moments are spoken, once each: politely on the way, firmly at the end. */

const POLITE = [1800, 900, 600, 300, 120];
const FIRM = [60, 30];

export class Speech {
  constructor(settings) {
    this.announce = settings.announce;
    this.key = `invigil-spoken-${settings.attempt}`;
    this.polite = document.getElementById("polite");
    this.alert = document.getElementById("alert");
    this.last = null;
  }

  /** Speak the latest moment passed since the last call; skipped ones stay silent. */
  tick(seconds, ownMs, end) {
    const before = this.last;
    this.last = seconds;
    if (before === null || seconds >= before) return;
    const half = ownMs >= 40 * 60 * 1000 ? [Math.floor(ownMs / 2000)] : [];
    const passed = [...half, ...POLITE, ...FIRM].filter((moment) => seconds <= moment && before > moment);
    if (passed.length) this.moment(Math.min(...passed), end);
  }

  moment(seconds, end) {
    const isLast = seconds <= 60;
    if (this.announce === "end" && !isLast) return;
    if (this.announce === "last_ten" && seconds > 600) return;
    if (this.once(`${seconds}-${end}`)) return;
    const left = seconds >= 60 ? `${Math.round(seconds / 60)} minute${seconds >= 90 ? "s" : ""}` : `${seconds} seconds`;
    const extra = seconds === 30 ? " Saved answers will be handed in for you." : "";
    this.say(`${left} left. Your exam ends ${end}.${extra}`, isLast);
  }

  /** Equal text is read again, because the region is emptied first. */
  say(text, firmly = false) {
    const region = firmly ? this.alert : this.polite;
    region.textContent = "";
    requestAnimationFrame(() => (region.textContent = text));
  }

  /** True when this was said before, also by another page of the same attempt. */
  once(what) {
    try {
      const said = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      if (said.includes(what)) return true;
      localStorage.setItem(this.key, JSON.stringify([...said, what].slice(-50)));
    } catch {
      return false; // Private windows may have no storage; saying it twice beats silence.
    }
    return false;
  }
}
