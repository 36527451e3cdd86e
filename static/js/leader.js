/** One window of an attempt leads: it asks the server and speaks. The others hear from it and show the same. */

/** @import { Clock } from "./http.js" */

const ANSWER_MS = 2000;
const OLD_NEWS_MS = 1000;
const SILENCES = 2.5;

/**
 * What the leader heard from the server, and the word between windows that asks for it.
 * @typedef {{ kind: "clock", body: Clock, now: number, doubt: number }} News
 * @typedef {{ kind: "ask", isVisible: boolean }} Ask
 * @typedef {object} Told
 * @property {(firstMs: number) => void} onLead
 * @property {() => void} onFollow
 * @property {() => void} onAsked
 * @property {(news: News) => void} onHear
 * @property {() => number} wantedMs between two words of a leader
 */

export class Leader {
  /** @param {string} attempt @param {Told} told */
  constructor(attempt, told) {
    this.name = `invigil-${attempt}`;
    this.told = told;
    this.hasLocks = Boolean(navigator.locks);
    this.isLeading = !this.hasLocks;
    this.firstMs = 0;
    this.waiting = new AbortController();
    /** @type {((value?: unknown) => void) | undefined} lets the lock go */
    this.release = undefined;
    this.channel = new BroadcastChannel(this.name);
    this.channel.onmessage = ({ data }) => this.heard(data);
  }

  /** Begin to lead or to follow; the first question is asked after `firstMs`. @param {number} firstMs */
  begin(firstMs) {
    this.firstMs = firstMs;
    if (!this.hasLocks) return this.told.onLead(firstMs);
    setTimeout(() => this.isLeading || this.ask(), firstMs);
    addEventListener("pagehide", () => this.putAway());
    addEventListener("pageshow", (event) => event.persisted && this.queue());
    this.queue();
  }

  /** Wait for the lock, or take it from a window that no longer answers. */
  queue(steal = false) {
    if (steal) this.waiting.abort();
    const waiting = new AbortController();
    if (!steal) this.waiting = waiting;
    const holding = navigator.locks.request(this.name, steal ? { steal } : { signal: waiting.signal }, () => this.lead());
    holding.catch(() => {}).then(() => waiting.signal.aborted || this.follow());
  }

  lead() {
    this.isLeading = true;
    clearTimeout(this.patience);
    clearTimeout(this.silence);
    this.told.onLead(this.firstMs);
    this.firstMs = 0;
    return new Promise((release) => (this.release = release));
  }

  follow() {
    this.isLeading = false;
    this.told.onFollow();
    this.queue();
  }

  /** Let the lock go while the page is put away, so that the browser can keep it whole and wake it again. */
  putAway() {
    this.waiting.abort();
    this.release?.();
    this.isLeading = false;
    this.told.onFollow();
  }

  /** Have the leader ask the server now; lead oneself when it keeps silent. */
  ask() {
    this.channel.postMessage({ kind: "ask", isVisible: !document.hidden });
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.isLeading || this.queue(true), ANSWER_MS);
  }

  /** @param {News} message */
  share(message) {
    this.channel.postMessage({ ...message, wall: Date.now() });
  }

  /** @param {Ask | (News & { wall: number })} message */
  heard(message) {
    if (message.kind === "ask") return this.asked(message);
    if (Math.abs(Date.now() - message.wall) > OLD_NEWS_MS) return; // It waited in a frozen window's queue.
    clearTimeout(this.patience);
    clearTimeout(this.silence);
    this.silence = setTimeout(() => document.hidden || this.isLeading || this.ask(), this.told.wantedMs() * SILENCES);
    this.told.onHear(message);
  }

  /** A window that nobody looks at hands over to one that somebody does. @param {Ask} message */
  asked(message) {
    if (!this.isLeading || !this.hasLocks) return;
    if (document.hidden && message.isVisible) this.release?.();
    else this.told.onAsked();
  }
}
