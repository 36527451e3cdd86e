/** When to ask the server for the clock: by its own wish, at once when something changed, more slowly when it fails. */

const FAILED_MS = [1000, 2000, 4000, 8000, 16000, 30000];
const [SHORTEST_MS, LONGEST_MS, HIDDEN_MS] = [5000, 120000, 60000];
const BEFORE_FOCUS_MS = 60000;
const SPREAD = 0.2;

export class Asking {
  /**
   * @param {() => Promise<{status: number, retryMs: number}>} request
   * @param {() => number} wantedMs what the server wants between two questions
   */
  constructor(request, wantedMs) {
    this.request = request;
    this.wantedMs = wantedMs;
    this.failures = 0;
    this.factor = 1;
    this.isStopped = true;
    this.isAsking = false;
    this.notBefore = 0;
    this.askedAt = performance.now();
  }

  start(firstMs = 0) {
    this.isStopped = false;
    this.plan(firstMs);
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  /** @param {number} ms */
  plan(ms) {
    clearTimeout(this.timer);
    if (!this.isStopped) this.timer = setTimeout(() => this.now(), ms);
  }

  /** Ask now; while a question is under way, or the server asked for patience, there is no second one. */
  async now() {
    if (this.isStopped || this.isAsking || performance.now() < this.notBefore) return;
    clearTimeout(this.timer);
    this.isAsking = true;
    this.askedAt = performance.now();
    const reply = await this.request();
    this.isAsking = false;
    const isFailed = reply.status === 0 || reply.status === 429 || reply.status >= 500;
    this.failures = isFailed ? this.failures + 1 : 0;
    this.notBefore = reply.retryMs ? performance.now() + reply.retryMs : 0;
    this.plan(Math.max(reply.retryMs + (reply.retryMs ? 1 : 0), isFailed ? this.afterFailure() : this.interval()));
  }

  afterFailure() {
    return FAILED_MS[Math.min(this.failures, FAILED_MS.length) - 1] * Math.random();
  }

  interval() {
    const wanted = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, this.wantedMs()));
    const base = document.hidden ? Math.max(HIDDEN_MS, wanted) : wanted;
    return base * this.factor * (1 - SPREAD + 2 * SPREAD * Math.random());
  }

  /** The window has the focus again. */
  focused() {
    if (performance.now() - this.askedAt > BEFORE_FOCUS_MS) this.now();
  }
}
