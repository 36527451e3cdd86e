/** Says truthfully when the portal cannot be reached, what is safe meanwhile, and when it is there again. */

import { banner } from "./banners.js";
import { say } from "./words.js";

const PATIENCE_MS = 8000;
const BACK_MS = 10000;

export class Connection {
  /** @param {object} page time, estimate, state, speech, sender, zero */
  constructor(page) {
    this.page = page;
    this.box = null;
    addEventListener("offline", () => this.lost("offline"));
  }

  /** Every reply passes here: no answer, or a gateway's, starts the patience; any other ends it. */
  note({ status, sent }) {
    if (status === 0 || (status >= 502 && status <= 504)) this.failed();
    else if (!this.box || sent > this.lostAt) this.works(); // What was asked before the line was lost proves nothing.
  }

  failed() {
    this.since ??= this.page.estimate.now();
    this.waiting ??= setTimeout(() => this.lost(navigator.onLine ? "unreachable" : "offline"), PATIENCE_MS);
  }

  lost(how) {
    if (this.box) return;
    this.lostAt = performance.now();
    const { page } = this;
    this.since ??= page.estimate.now();
    this.how = how;
    const text = this.text();
    this.box = banner("warn", text);
    if (page.speech.isLeading()) page.speech.say(text, true);
  }

  /** Once the time is up, nobody is asked to keep working: what becomes of the answers is said beside it. */
  text() {
    const { page } = this;
    const first = say(this.how, { at: page.time(this.since) });
    if (page.zero.isOver) return first;
    const saved = page.state.saved_at ? say("saved_until", { at: page.time(page.state.saved_at) }) : "";
    return `${first} ${say("offline_rest", { saved, end: page.time(page.state.deadline) })}`;
  }

  /** The time is up, or is not any more. */
  reword() {
    if (this.box) this.box.querySelector("p").textContent = this.text();
  }

  works() {
    clearTimeout(this.waiting);
    this.waiting = this.since = undefined;
    if (this.box) this.back();
  }

  /** This page was kept on the device, because the portal could not be reached. */
  begin(since) {
    this.since = since;
    this.lost(navigator.onLine ? "unreachable" : "offline");
  }

  /** First everything that waited is sent; then it is said. */
  async back() {
    this.page.keeping.renew();
    this.box.remove();
    this.box = null;
    const { page } = this;
    const isSaved = await page.sender.flush();
    const text = isSaved && page.state.saved_at ? say("back_saved", { at: page.time(page.state.saved_at) }) : say("back");
    const box = banner("ok", text);
    if (page.speech.isLeading()) page.speech.say(text, true);
    setTimeout(() => box.remove(), BACK_MS);
  }
}
