/** One file on its way: in parts, from where the portal stands, until every byte is there or somebody stops it. */

/** @import { FileEntry } from "./kept_files.js" */
/** @import { Body, Reply, Http } from "./http.js" */

const [LARGEST_PART, SMALLEST_PART] = [256 * 1024, 32 * 1024];
const RETRIES_MS = [1000, 2000, 4000, 8000, 15000];
const MOST_BEGINNINGS = 5;

/**
 * @typedef {object} Told
 * @property {(sent: number) => void} onProgress
 * @property {(message?: string) => void} onTrouble
 * @property {(reply: Reply) => void} onDone
 * @property {(message?: string) => void} onRefused
 * @property {(body: Body, message: string) => void} onGone
 * @property {() => void} onSignedOut
 */

export class Upload {
  /**
   * @param {Http} http
   * @param {FileEntry} entry
   * @param {Told} told
   */
  constructor(http, entry, told) {
    this.http = http;
    this.entry = entry;
    this.told = told;
    this.isOver = this.isTroubled = this.isHalfSaid = false;
    /** @type {string | null | undefined} where the parts go */
    this.url = undefined;
    this.sent = this.failures = this.beginnings = 0;
    this.part = LARGEST_PART; // Smaller after each failure: on a slow line a large one never arrives in time.
  }

  get size() {
    return this.entry.file.size;
  }

  async run() {
    this.sha256 = await digest(this.entry.file);
    if (this.sha256 === null) return this.refuse();
    while (!this.isOver) {
      const reply = await (this.url ? this.sendPart() : this.begin());
      if (!this.isOver) await this.heard(reply);
    }
  }

  stop() {
    this.isOver = true;
    this.wake?.();
  }

  /** Try again at once: the connection is back. */
  hurry() {
    this.wake?.();
  }

  begin() {
    const { name, type, size } = this.entry.file;
    this.beginnings += 1;
    return this.http.post(this.entry.beginUrl, { name, media_type: type, size_bytes: size, sha256: this.sha256 });
  }

  /** @returns {Promise<Reply>} */
  async sendPart() {
    const bytes = await this.entry.file.slice(this.sent, this.sent + this.part).arrayBuffer().catch(() => null);
    if (!bytes) return { status: 422, body: {}, retryMs: 0, sent: 0, received: 0 }; // Moved or changed meanwhile.
    return this.http.put(`${this.url}?from=${this.sent}`, bytes);
  }

  /** @param {Reply} reply */
  async heard(reply) {
    const { status, body, retryMs } = reply;
    if (status === 200) return this.took(reply);
    if (status === 409 && body.current) return this.goOnFrom(body.current.received_bytes);
    if (status === 404 && this.url && this.beginnings < MOST_BEGINNINGS) return (this.url = null); // Given up for another; begin again.
    const { error } = body;
    if (status === 409 && error?.code === "late") return this.over(() => this.told.onGone(body, error.message));
    if (status === 401) this.told.onSignedOut();
    else if (status === 409 && error?.code === "paused") this.told.onTrouble(error.message);
    else if (status >= 400 && status < 500 && status !== 429) return this.refuse(error?.message);
    else this.told.onTrouble();
    this.part = Math.max(SMALLEST_PART, this.part / 2);
    return this.wait(Math.max(retryMs, RETRIES_MS[Math.min(this.failures++, RETRIES_MS.length - 1)]));
  }

  /** @param {Reply} reply */
  took(reply) {
    const { body } = reply;
    this.failures = 0;
    this.url = body.url;
    if (body.is_complete && body.is_late) return this.over(() => this.told.onGone(body, body.message ?? ""));
    if (body.is_complete) return this.over(() => this.told.onDone(reply));
    this.goOnFrom(body.received_bytes ?? 0);
  }

  /** Back at the beginning when the bytes that arrived were not those of the file: once more, but not for ever. @param {number} received */
  goOnFrom(received) {
    if (received === 0 && this.sent > 0 && ++this.beginnings >= MOST_BEGINNINGS) return this.refuse();
    this.sent = received;
    this.told.onProgress(this.sent);
  }

  /** @param {string} [message] */
  refuse(message) {
    this.over(() => this.told.onRefused(message));
  }

  /** @param {() => void} tell */
  over(tell) {
    this.isOver = true;
    tell();
  }

  /** @param {number} ms @returns {Promise<void>} */
  wait(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => (clearTimeout(timer), resolve());
    });
  }
}

/** Undefined where the browser reckons none (pages without https); null when the file cannot be read any more. @param {File} file */
async function digest(file) {
  try {
    const bytes = await file.arrayBuffer();
    const digest = await crypto.subtle?.digest("SHA-256", bytes);
    return digest && [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return null;
  }
}
