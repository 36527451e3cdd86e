/** Sends what waits, oldest first and one at a time, until each answer is acknowledged. */

/** @import { ExamPage } from "./exam_page.js" */
/** @import { Value } from "./answer_fields.js" */
/** @import { Reply } from "./http.js" */

const RETRIES_MS = [1000, 2000, 4000, 8000, 16000, 30000];
const MOST_UNHEARD = 20;

/**
 * An answer as somebody gave it.
 * @typedef {{ value: Value, flagged: boolean }} Answer
 * One to be sent: where, over which version, and the number that its question has on the page.
 * @typedef {Answer & { question: number, url: string, version: number, number?: number }} Unsent
 * One that waits. Sent: when it went out and nothing came back. Held: not before the person has decided. Kept: it stays on this device, because another window writes.
 * @typedef {Unsent & { at: number, first: number, visit: string, isHeld?: boolean, isKept?: boolean, sent?: number[] }} Entry
 */

export class Sender {
  /** @param {ExamPage} page */
  constructor(page) {
    this.page = page;
    /** @type {Map<number, Entry>} by question */
    this.waiting = new Map();
    /** @type {Promise<boolean> | null} */
    this.sending = null;
    this.sequence = 0;
    this.failures = 0;
    this.notBefore = 0;
  }

  /** Keep an answer for sending, here and in the journal. @param {Unsent & { isHeld?: boolean, isKept?: boolean, sent?: number[] }} entry */
  put(entry) {
    const known = this.waiting.get(entry.question);
    const kept = { ...entry, at: Date.now(), first: known?.first ?? performance.now(), visit: this.page.visit, sent: known?.sent ?? entry.sent };
    this.waiting.set(entry.question, kept);
    return this.page.journal.put(kept);
  }

  /** @param {number} question */
  isWaiting(question) {
    return this.waiting.has(question);
  }

  /** Forget an answer that waits: it was taken back, or replaced. @param {number} question */
  drop(question) {
    this.waiting.delete(question);
    return this.page.journal.remove(question, Infinity);
  }

  unsent() {
    return [...this.waiting.values()];
  }

  /** The portal answers again, so what it asked to wait for is over. True when everything was acknowledged. */
  async flushNow() {
    this.notBefore = 0;
    return this.flush();
  }

  /** Send everything that waits. True when all of it was acknowledged. */
  flush() {
    this.sending ??= this.sendAll().finally(() => (this.sending = null));
    return this.sending;
  }

  async sendAll() {
    clearTimeout(this.timer);
    const wait = this.notBefore - performance.now();
    if (wait > 0) return this.again(wait);
    for (let next = this.oldest(); next; next = this.oldest()) {
      this.page.onSaving();
      const reply = await this.page.http.post(next.url, this.body(next));
      if (!this.received(next, reply)) return false;
    }
    return this.waiting.size === 0;
  }

  oldest() {
    const ready = this.unsent().filter((one) => !one.isHeld);
    return ready.sort((one, other) => one.first - other.first)[0];
  }

  /** @param {Entry} entry */
  body({ value, flagged, version, at, sent = [] }) {
    return { value, flagged, version, sequence: ++this.sequence, client_at: at, sent_before: sent };
  }

  /** False when there is no sense in sending the next one now. @param {Entry} entry @param {Reply} reply */
  received(entry, reply) {
    const { status, body } = reply;
    if (status === 200) return this.saved(entry, reply);
    const { current } = body;
    if (status === 409 && current) return this.hold(entry, () => this.page.onConflict(entry, current));
    if (status === 422 || status === 413) return this.hold(entry, () => this.page.onRefused(entry, body.error?.message));
    if (status === 409 && body.error?.code === "another_window") return this.hold(entry, () => this.page.onElsewhere(entry));
    if (status === 409 && body.error?.code === "late") this.late(entry);
    if (status === 409 || status === 404) return this.page.onGone(body), false;
    if (status === 401) return this.page.onSignedOut(), false;
    this.unheard(entry);
    this.page.onTrouble();
    return this.again(Math.max(reply.retryMs, RETRIES_MS[Math.min(this.failures++, RETRIES_MS.length - 1)]), reply.retryMs);
  }

  /** It may have arrived all the same: whatever is typed next is no answer of another window to it. @param {Entry} entry */
  unheard(entry) {
    const newest = this.waiting.get(entry.question);
    if (!newest) return;
    newest.sent = [...(newest.sent ?? []), entry.at].slice(-MOST_UNHEARD);
    this.page.journal.put({ ...newest });
  }

  /** It is with the portal, kept apart. @param {Entry} entry */
  late(entry) {
    this.page.wasLate = true;
    this.drop(entry.question);
  }

  /** @param {Entry} entry @param {Reply} reply */
  saved(entry, reply) {
    this.failures = 0;
    const newest = this.waiting.get(entry.question);
    if (newest === entry) this.waiting.delete(entry.question);
    else if (newest) newest.version = reply.body.version ?? newest.version;
    this.page.journal.remove(entry.question, entry.at);
    this.page.onSaved(entry, reply);
    return true;
  }

  /** Not sent again before the person has decided or changed it; the others continue. @param {Entry} entry @param {() => void} tell */
  hold(entry, tell) {
    entry.isHeld = true;
    if (this.waiting.get(entry.question) === entry) tell();
    return true;
  }

  /** @param {number} ms */
  again(ms, asked = 0) {
    if (asked) this.notBefore = performance.now() + asked;
    this.timer = setTimeout(() => this.flush(), ms + 1);
    return false;
  }
}
