/** Server time on the monotonic clock; the device's own clock is only used to notice sleep. */

const KEPT = 8;
const OLDEST_MS = 10 * 60 * 1000;
const MARGIN_MS = 250;
const SLEPT_MS = 1500;

export class Estimate {
  /** @param {{monotonic: () => number, wall: () => number}} clocks */
  constructor(clocks = { monotonic: () => performance.now(), wall: () => Date.now() }) {
    this.clocks = clocks;
    this.samples = [];
    this.lastTick = null;
  }

  /** A reply that says it was `now` (ms) on the server, asked at `sent` and received at `received` (monotonic). */
  add(now, sent, received) {
    const sample = { offset: now - (sent + received) / 2, doubt: (received - sent) / 2, at: received };
    const best = this.best();
    const contradicts = best && Math.abs(sample.offset - best.offset) > sample.doubt + MARGIN_MS;
    this.samples = contradicts ? [sample] : [...this.samples, sample].slice(-KEPT);
  }

  best() {
    const newest = this.samples.at(-1);
    if (!newest) return null;
    const fresh = this.samples.filter((one) => newest.at - one.at < OLDEST_MS);
    return fresh.reduce((best, one) => (one.doubt < best.doubt ? one : best));
  }

  /** Server time in ms; null before the first sample. */
  now() {
    const best = this.best();
    return best ? best.offset + this.clocks.monotonic() : null;
  }

  /** How long ago the newest sample arrived, in ms. */
  age() {
    const newest = this.samples.at(-1);
    return newest ? this.clocks.monotonic() - newest.at : Infinity;
  }

  /** True when the two clocks moved differently since the last call: the machine slept, or its clock was set. */
  slept() {
    const tick = { monotonic: this.clocks.monotonic(), wall: this.clocks.wall() };
    const last = this.lastTick;
    this.lastTick = tick;
    return Boolean(last) && Math.abs(tick.wall - last.wall - (tick.monotonic - last.monotonic)) > SLEPT_MS;
  }
}
