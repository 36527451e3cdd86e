/** Keeps what is typed: sends it soon after the last key, keeps it here until it is acknowledged, says so truthfully. */

const QUIET_MS = 1500;
const LONGEST_MS = 10000;
const RETRIES_MS = [1000, 2000, 4000, 8000, 16000, 30000];

export class Autosave {
  /** @param {HTMLFormElement} form @param {object} portal what the pages share: post, clockTime, onReply, onGone */
  constructor(form, portal) {
    this.form = form;
    this.portal = portal;
    this.version = Number(form.dataset.version);
    this.journal = `invigil-unsent-${portal.settings.attempt}-${form.dataset.question}`;
    this.sequence = 0;
    this.failures = 0;
    this.sending = false;
    this.sent = JSON.stringify(this.content());
    this.offerUnsent();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed(true));
    form.addEventListener("focusout", () => this.flush());
    form.addEventListener("submit", () => this.forget());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
  }

  content() {
    const fields = new FormData(this.form);
    const several = this.form.dataset.kind === "several_choices";
    const value = several ? fields.getAll("value") : fields.get("value");
    return { value: value === "" || (several && !value.length) ? null : value, flagged: fields.has("flagged") };
  }

  isUnsent() {
    return JSON.stringify(this.content()) !== this.sent;
  }

  changed(soon = false) {
    if (!this.isUnsent()) return;
    this.remember();
    this.since ??= performance.now();
    clearTimeout(this.timer);
    const rest = Math.max(0, LONGEST_MS - (performance.now() - this.since));
    this.timer = setTimeout(() => this.flush(), soon ? 0 : Math.min(QUIET_MS, rest));
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.sending || this.form.dataset.kind === "file" || !this.isUnsent()) return;
    const content = this.content();
    this.sending = true;
    this.portal.say("saving", "Saving");
    const reply = await this.portal.post(this.form.dataset.saveUrl, {
      ...content,
      version: this.version,
      sequence: ++this.sequence,
      client_at: Date.now(),
    });
    this.sending = false;
    this.received(reply, JSON.stringify(content));
  }

  received(reply, sent) {
    if (reply.status === 200) return this.saved(reply, sent);
    if (reply.status === 409 && reply.body.current) return this.conflict(reply.body.current);
    if (reply.status === 409) return this.portal.onGone(reply.body);
    if (reply.status === 422 || reply.status === 413) return this.portal.say("unsaved", reply.body.error.message);
    this.portal.say("unsaved", `Not saved since ${this.portal.savedAt() ?? "the start"}: trying`);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), RETRIES_MS[Math.min(this.failures++, RETRIES_MS.length - 1)]);
  }

  saved(reply, sent) {
    this.version = reply.body.version;
    this.form.elements.version.value = this.version;
    this.sent = sent;
    this.failures = 0;
    this.since = undefined;
    if (!this.isUnsent()) this.forget();
    this.portal.onReply(reply);
    this.portal.say("saved", `Saved ${this.portal.clockTime(reply.body.saved_at)}`);
    this.changed();
  }

  /** A newer answer stands on the server: keep that one, or this one. */
  conflict(current) {
    const banner = this.portal.banner("warn", "A newer answer was saved in another window.");
    const keepMine = () => {
      this.version = current.version;
      this.flush();
    };
    this.portal.choice(banner, "Keep this one", keepMine);
    this.portal.choice(banner, "Keep newer", () => location.reload());
    this.portal.say("unsaved", "Not saved: choose which answer to keep");
  }

  remember() {
    try {
      localStorage.setItem(this.journal, JSON.stringify({ ...this.content(), at: Date.now() }));
    } catch {
      /* No storage: the page itself still holds it. */
    }
  }

  forget() {
    localStorage.removeItem(this.journal);
  }

  /** Text that an earlier visit could not send is offered, never put back unasked. */
  offerUnsent() {
    const kept = JSON.parse(localStorage.getItem(this.journal) ?? "null");
    const field = this.form.querySelector("textarea[name=value], input[name=value]:not([type])");
    if (!kept || !field || kept.value === field.value) return this.forget();
    const banner = this.portal.banner("info", "An answer typed on this device was not sent.");
    this.portal.choice(banner, "Use it", () => {
      field.value = kept.value ?? "";
      this.changed(true);
    });
  }

  /** What would be lost, in the shape of the last request of an exam. */
  unsent() {
    if (!this.isUnsent()) return [];
    return [{ question: Number(this.form.dataset.question), ...this.content(), version: this.version, client_at: Date.now() }];
  }
}
