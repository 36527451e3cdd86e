/** One question's form: notices what is typed and hands it to the sender, soon after the last key and never too late. */

import { inWords, put, read } from "./answer_fields.js";

const QUIET_MS = 1500;
const LONGEST_MS = 10000;

export class Autosave {
  /** @param {HTMLFormElement} form @param {import("./sender.js").Sender} sender */
  constructor(form, sender) {
    this.form = form;
    this.sender = sender;
    this.question = Number(form.dataset.question);
    this.version = Number(form.dataset.version);
    this.last = JSON.stringify(this.content());
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed(true));
    form.addEventListener("focusout", () => this.flush());
  }

  /** What the form says now. */
  content() {
    return { value: read(this.form), flagged: this.form.elements.flagged.checked };
  }

  changed(soon = false) {
    const content = this.content();
    if (JSON.stringify(content) === this.last) return;
    this.last = JSON.stringify(content);
    this.keep(content);
    this.since ??= performance.now();
    clearTimeout(this.timer);
    const rest = Math.max(0, LONGEST_MS - (performance.now() - this.since));
    this.timer = setTimeout(() => this.flush(), soon ? 0 : Math.min(QUIET_MS, rest));
  }

  keep(content = this.content()) {
    const { question, version } = this;
    this.sender.put({ question, url: this.form.dataset.saveUrl, version, number: Number(this.form.elements.number.value), ...content });
  }

  flush() {
    clearTimeout(this.timer);
    this.since = undefined;
    return this.sender.isWaiting(this.question) ? this.sender.flush() : Promise.resolve(true);
  }

  /** The server has this version now. */
  acknowledged(version) {
    this.version = version;
    this.form.elements.version.value = version;
  }

  /** Send what stands here over the newer answer, because the person said so. */
  keepMine(version) {
    this.acknowledged(version);
    this.keep();
    this.flush();
  }

  /** Show another value in the fields. */
  show(value) {
    put(this.form, value);
    this.form.dispatchEvent(new Event("shown"));
  }

  /** Take the newer answer instead of what stands here. */
  take(value, version, flagged = this.form.elements.flagged.checked) {
    this.acknowledged(version);
    this.show(value);
    this.form.elements.flagged.checked = flagged;
    this.last = JSON.stringify(this.content());
  }

  /** An answer as a short text. */
  shown(value) {
    const text = inWords(this.form, value);
    return text.length > 200 ? `${text.slice(0, 200)}…` : text;
  }

  /** At the end nothing more can be typed, but all of it can be read and copied. */
  freeze(isFrozen) {
    for (const field of this.form.elements) {
      if (field.matches("textarea, input:not([type]), [type=text]")) field.readOnly = isFrozen;
      else if (field.type !== "hidden") field.disabled = isFrozen;
    }
  }
}
