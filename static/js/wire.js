/** One request to the portal: never throws, gives up after a while, and knows when it was sent and answered. */

const GIVE_UP_MS = 15000;
const KEEPALIVE_BYTES = 60000;

/** How long a Retry-After asks to wait, in ms; by the server's own date, for the device's clock may be wrong. */
export function retryAfter(headers) {
  const asked = headers.get("Retry-After");
  if (!asked) return 0;
  const seconds = Number(asked);
  if (!Number.isNaN(seconds)) return seconds * 1000;
  return Math.max(0, Date.parse(asked) - Date.parse(headers.get("Date"))) || 0;
}

export class Wire {
  constructor(csrf) {
    this.csrf = csrf;
    this.window = ""; // What this window calls itself.
    this.onReply = () => {};
  }

  get(url) {
    return this.send(url, { headers: { Accept: "application/json" } });
  }

  post(url, body) {
    return this.change(url, "POST", JSON.stringify(body), "application/json");
  }

  put(url, bytes) {
    return this.change(url, "PUT", bytes, "application/octet-stream");
  }

  /** A request that changes something; asked once more when only the page's token was too old. */
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
    this.csrf = page?.querySelector("[name=csrf_token]")?.value ?? this.csrf;
    return Boolean(page);
  }

  /** Another page of the portal as a document; null when it cannot be had. */
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

  /** Status 0: no answer, or an answer that is not the portal's (a hotel's sign-in page, say). */
  async send(url, options) {
    const sent = performance.now();
    const headers = { ...options.headers, ...(this.window && { "X-Window": this.window }) };
    const reply = await this.fetched(url, { ...options, headers });
    Object.assign(reply, { sent, received: performance.now() });
    this.onReply(reply);
    return reply;
  }

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
