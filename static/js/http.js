/** One request to the portal: never throws, gives up after a while, and knows when it was sent and answered. */

/** @import { Value } from "./answer_fields.js" */

import { maybe } from "./elements.js";

const GIVE_UP_MS = 15000;
const KEEPALIVE_BYTES = 60000;

/**
 * Where a clock stands, in milliseconds of the portal's own time.
 * @typedef {object} ClockState
 * @property {number} deadline
 * @property {number} hard_stop
 * @property {number} rev counts the changes that its page must say
 * @property {number} own_ms
 * @property {number} low_ms
 * @property {number} crit_ms
 * @property {number} poll_ms
 * @property {number | null} saved_at
 *
 * @typedef {{ id: number, kind: string, text: string }} Notice
 * @typedef {Partial<ClockState> & { now?: number, state?: string, notices?: Notice[], go?: string, window?: string }} Clock
 *
 * The newer answer that the portal has; of a file, how much of it.
 * @typedef {{ value: Value, version: number, flagged: boolean, saved_at: number | null, received_bytes: number }} Current
 * @typedef {{ is_number: boolean, says: string }} NumberRead how the portal read a number
 * @typedef {{ is_answered?: boolean, version?: number, value?: Value, number?: NumberRead }} SavedAnswer
 * @typedef {{ url?: string, received_bytes?: number, is_complete?: boolean, is_late?: boolean, message?: string }} FilePart
 *
 * A question loaded ahead: its title, and its main part as HTML.
 * @typedef {{ address: string, title: string, page_title: string, main: string }} Ahead
 * @typedef {{ questions?: Ahead[], next?: number | null, page?: string }} SomeAhead
 * @typedef {{ error?: { code: string, message: string }, current?: Current, kept_there?: number[] }} Refusal
 * What became of the answers that were sent at zero, by their questions.
 * @typedef {{ done?: number[], apart?: number[], refused?: number[] }} Settled
 *
 * What the portal may say; each address says some of it.
 * @typedef {Clock & SavedAnswer & FilePart & SomeAhead & Refusal & Settled} Body
 * @typedef {{ status: number, body: Body, retryMs: number, sent: number, received: number }} Reply
 * @typedef {Document & { address: string }} Page of the portal, which was fetched or is a copy
 * @typedef {Page & { sent: number, received: number }} FetchedPage
 */

/** How long a Retry-After asks to wait, in ms; by the server's own date, for the device's clock may be wrong. @param {Headers} headers */
export function retryAfter(headers) {
  const asked = headers.get("Retry-After");
  if (!asked) return 0;
  const seconds = Number(asked);
  if (!Number.isNaN(seconds)) return seconds * 1000;
  return Math.max(0, Date.parse(asked) - Date.parse(headers.get("Date") ?? "")) || 0;
}

export class Http {
  /** @param {string} csrf */
  constructor(csrf) {
    this.csrf = csrf;
    this.window = ""; // What this window calls itself.
    /** @type {(reply: Reply) => void} */
    this.onReply = () => {};
  }

  /** @param {string} url */
  get(url) {
    return this.send(url, { headers: { Accept: "application/json" } });
  }

  /** @param {string} url @param {object} body */
  post(url, body) {
    return this.change(url, "POST", JSON.stringify(body), "application/json");
  }

  /** @param {string} url @param {ArrayBuffer} bytes */
  put(url, bytes) {
    return this.change(url, "PUT", bytes, "application/octet-stream");
  }

  /**
   * A request that changes something; asked once more when only the page's token was too old.
   * @param {string} url
   * @param {string} method
   * @param {string | ArrayBuffer} body
   * @param {string} type
   * @returns {Promise<Reply>}
   */
  async change(url, method, body, type, isSecond = false) {
    const headers = { Accept: "application/json", "Content-Type": type, "X-CSRFToken": this.csrf };
    const keepalive = typeof body === "string" && new Blob([body]).size < KEEPALIVE_BYTES; // In bytes: browsers refuse more than 64 kB.
    const reply = await this.send(url, { method, headers, body, keepalive });
    const isOld = reply.status === 400 && reply.body.error?.code === "form_expired";
    if (!isOld || isSecond || !(await this.renew())) return reply;
    return this.change(url, method, body, type, true);
  }

  /** Take a new token out of the page as it would be now, which may be another than this one: the exam may be over. */
  async renew() {
    const page = await this.page(location.href);
    this.csrf = (page && maybe(page, "[name=csrf_token]", HTMLInputElement)?.value) ?? this.csrf;
    return Boolean(page);
  }

  /** Another page of the portal as a document; null when it cannot be had. @param {string} url */
  async page(url) {
    const sent = performance.now();
    try {
      const response = await fetch(url, { headers: { Accept: "text/html" }, signal: this.limit() });
      if (!response.ok) return null;
      const received = performance.now();
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      return Object.assign(page, { address: response.url, sent, received });
    } catch {
      return null;
    }
  }

  /**
   * Status 0: no answer, or an answer that is not the portal's (a hotel's sign-in page, say).
   * @param {string} url
   * @param {RequestInit & { headers: Record<string, string> }} options
   */
  async send(url, options) {
    const sent = performance.now();
    const headers = { ...options.headers, ...(this.window && { "X-Window": this.window }) };
    const answer = await this.fetched(url, { ...options, headers });
    const reply = { ...answer, sent, received: performance.now() };
    this.onReply(reply);
    return reply;
  }

  /** @param {string} url @param {RequestInit} options @returns {Promise<{ status: number, body: Body, retryMs: number }>} */
  async fetched(url, options) {
    try {
      const response = await fetch(url, { ...options, signal: this.limit() });
      const body = await response.json().catch(() => null);
      if (body === null && response.ok) return { status: 0, body: {}, retryMs: 0 };
      return { status: response.status, body: body ?? {}, retryMs: retryAfter(response.headers) };
    } catch {
      return { status: 0, body: {}, retryMs: 0 };
    }
  }

  limit() {
    const limit = new AbortController();
    setTimeout(() => limit.abort(), GIVE_UP_MS);
    return limit.signal;
  }
}
