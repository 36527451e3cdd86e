/** Server time on the monotonic clock; the device's own clock is only used to notice sleep, and to bridge it. */

const KEPT = 8;
const OLDEST_MS = 10 * 60 * 1000;
const MARGIN_MS = 250;
const SLEPT_MS = 1500;
const LATE_TICK_MS = 5000;
const CHECKING_MS = 5000;
const LONGEST_SLEEP_MS = 24 * 3600 * 1000;
const SURE_MS = 90 * 1000;
const ABOUT_MS = 5 * 60 * 1000;

/**
 * When the server's time was heard: how far it is ahead of the monotonic clock, and by how much that may be wrong.
 * @typedef {{ offset: number, doubt: number, at: number, sent: number }} Sample
 * How far the estimate can be trusted.
 * @typedef {"sure" | "about" | "unchecked" | "checking"} Certainty
 */

export class Estimate {
  /** @param {{monotonic: () => number, wall: () => number}} clocks */
  constructor(clocks = { monotonic: () => performance.now(), wall: () => Date.now() }) {
    this.clocks = clocks;
    /** @type {Sample[]} */
    this.samples = [];
    /** @type {{ monotonic: number, wall: number } | null} */
    this.last = null;
    /** @type {{ at: number, server: number, wall: number } | null} after a sleep, until the server is heard */
    this.woken = null;
  }

  /**
   * A reply that says it was `now` (ms) on the server, asked at `sent` and received at `received` (monotonic).
   * @param {number} now
   * @param {number} sent
   * @param {number} received
   */
  add(now, sent, received) {
    this.keep({ offset: now - (sent + received) / 2, doubt: (received - sent) / 2, at: received, sent });
  }

  /** First paint needs no request: the page says when it was written, the browser when it arrived. @param {number} now */
  addPage(now) {
    const arrived = /** @type {PerformanceNavigationTiming | undefined} */ (performance.getEntriesByType("navigation")[0]);
    const answered = Math.min(arrived?.responseStart || Infinity, performance.now());
    this.add(now, Math.min(arrived?.requestStart || 0, answered), answered);
  }

  /**
   * A page that this device kept: it was `now` on the server when the device's clock said `wall`. Until the server is heard, about.
   * @param {number} now
   * @param {number} wall
   */
  bridge(now, wall) {
    const at = this.clocks.monotonic();
    this.samples = [{ offset: now - at, doubt: 0, at, sent: at }];
    this.woken = { at: at - CHECKING_MS, server: now, wall };
  }

  /** The server time another window of this attempt has just told. @param {number} now @param {number} doubt */
  hear(now, doubt) {
    const at = this.clocks.monotonic();
    this.keep({ offset: now - at, doubt: doubt + MARGIN_MS, at, sent: at });
  }

  /** @param {Sample} sample */
  keep(sample) {
    if (this.woken && sample.sent < this.woken.at) return; // Asked before the sleep: says nothing of now.
    const best = this.samples.length ? this.best() : null;
    const contradicts = best !== null && Math.abs(sample.offset - best.offset) > sample.doubt + MARGIN_MS;
    const isFirst = this.woken !== null || contradicts;
    this.samples = isFirst ? [sample] : [...this.samples, sample].slice(-KEPT);
    this.woken = null;
  }

  /** The newest; from its first moment the page itself has given one. */
  newest() {
    const newest = this.samples.at(-1);
    if (!newest) throw new Error("Nothing was heard of the time yet");
    return newest;
  }

  best() {
    const newest = this.newest();
    const fresh = this.samples.filter((one) => newest.at - one.at < OLDEST_MS);
    return fresh.reduce((best, one) => (one.doubt < best.doubt ? one : best));
  }

  /** Server time in ms; after a sleep without network, as far as the device's clock says. */
  now() {
    const running = this.best().offset + this.clocks.monotonic();
    if (!this.woken) return running;
    const slept = this.clocks.wall() - this.woken.wall;
    return slept >= 0 && slept <= LONGEST_SLEEP_MS ? this.woken.server + slept : running;
  }

  /** How far the estimate can be trusted: sure, about, unchecked, or (just woken) checking. @returns {Certainty} */
  certainty() {
    const monotonic = this.clocks.monotonic();
    if (this.woken) return monotonic - this.woken.at < CHECKING_MS ? "checking" : "about";
    const age = monotonic - this.newest().at;
    if (age <= SURE_MS) return "sure";
    return age <= ABOUT_MS ? "about" : "unchecked";
  }

  /** When the server was last heard, in server time. */
  checkedAt() {
    return this.best().offset + this.newest().at;
  }

  /** How much the present estimate may be off, in ms. */
  doubt() {
    return this.best().doubt;
  }

  /**
   * Compare both clocks with the last call. True when the machine has just been seen to sleep, or its clock to be set.
   * @param {number | null} aimed when this call was planned for (monotonic), if it was planned
   */
  tick(aimed = null) {
    const pair = { monotonic: this.clocks.monotonic(), wall: this.clocks.wall() };
    const last = this.last;
    this.last = pair;
    if (!last) return false;
    const differ = Math.abs(pair.wall - last.wall - (pair.monotonic - last.monotonic)) > SLEPT_MS;
    const isLate = aimed !== null && pair.monotonic - aimed > LATE_TICK_MS;
    if (!differ && !isLate) return false;
    const server = this.woken ? this.woken.server : this.best().offset + last.monotonic;
    this.woken = { at: pair.monotonic, server, wall: this.woken ? this.woken.wall : last.wall };
    return true;
  }
}
