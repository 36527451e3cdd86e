/** One question's form: notices what is typed and hands it to the sender, soon after the last key and never too late. */

/** @import { Value } from "./answer_fields.js" */
/** @import { Sender } from "./sender.js" */

import { inWords, put, read } from "./answer_fields.js";
import { field } from "./elements.js";

const QUIET_MS = 1500;
const LONGEST_MS = 10000;

export class Autosave {
  /** @param {HTMLFormElement} form @param {Sender} sender */
  constructor(form, sender) {
    this.form = form;
    this.sender = sender;
    this.question = Number(form.dataset.question);
    this.version = Number(form.dataset.version);
    /** @type {number | undefined} when the first key was pressed that is not sent yet */
    this.since = undefined;
    this.last = JSON.stringify(this.content());
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed(true));
    form.addEventListener("focusout", () => this.flush());
  }

  /** What the form says now. */
  content() {
    return { value: read(this.form), flagged: field(this.form, "flagged").checked };
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
    const url = /** @type {string} */ (this.form.dataset.saveUrl);
    this.sender.put({ question, url, version, number: Number(field(this.form, "number").value), ...content });
  }

  flush() {
    clearTimeout(this.timer);
    this.since = undefined;
    return this.sender.isWaiting(this.question) ? this.sender.flush() : Promise.resolve(true);
  }

  /** The server has this version now. @param {number} version */
  acknowledged(version) {
    this.version = version;
    field(this.form, "version").value = String(version);
  }

  /** Send what stands here over the newer answer, because the person said so. @param {number} version */
  keepMine(version) {
    this.acknowledged(version);
    this.keep();
    this.flush();
  }

  /** Show another value in the fields. @param {Value} value */
  show(value) {
    put(this.form, value);
    this.form.dispatchEvent(new Event("shown"));
  }

  /** Take the newer answer instead of what stands here. @param {Value} value @param {number} version */
  take(value, version, flagged = field(this.form, "flagged").checked) {
    this.acknowledged(version);
    this.show(value);
    field(this.form, "flagged").checked = flagged;
    this.last = JSON.stringify(this.content());
  }

  /** An answer as a short text. @param {Value} value */
  shown(value) {
    const text = inWords(this.form, value);
    return text.length > 200 ? `${text.slice(0, 200)}…` : text;
  }

  /** At the end nothing more can be typed, but all of it can be read and copied. @param {boolean} isFrozen */
  freeze(isFrozen) {
    for (const one of this.form.elements) {
      const field = /** @type {HTMLInputElement} */ (one); // Or what has the same properties.
      if (field.matches("textarea, input:not([type]), [type=text]")) field.readOnly = isFrozen;
      else if (field.type !== "hidden") field.disabled = isFrozen;
    }
  }
}
