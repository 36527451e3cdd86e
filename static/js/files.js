/** Files as answers: what is being sent, shown with the question it belongs to, and taken up again after a reload. */

/** @import { ExamPage } from "./exam_page.js" */
/** @import { FileEntry } from "./kept_files.js" */
/** @import { Reply } from "./http.js" */

import { wayOf } from "./answer_fields.js";
import { around, field, maybe, one } from "./elements.js";
import { isOpen } from "./journal.js";
import { forget, keep, listKept } from "./kept_files.js";
import { Upload } from "./upload.js";
import { say } from "./messages.js";

const MEGABYTE = 1024 * 1024;
const SPOKEN_AT = 0.5;

export class Files {
  /** @param {ExamPage} page */
  constructor(page) {
    this.page = page;
    /** @type {Map<number, Upload>} */
    this.sending = new Map();
    /** @type {Map<number, string>} */
    this.said = new Map();
    document.addEventListener("submit", (event) => this.submitted(event), true);
    document.addEventListener("click", (event) => around(event, "#upload-cancel") && this.cancel());
    addEventListener("online", () => this.sending.forEach((upload) => upload.hurry()));
    this.takeUp();
  }

  isSending() {
    return this.sending.size > 0;
  }

  /** The form's own button; without this script it sends the file by itself. @param {SubmitEvent} event */
  submitted(event) {
    const { target: form, submitter } = event;
    if (submitter?.id !== "send-file" || !(form instanceof HTMLFormElement)) return;
    event.preventDefault();
    event.stopPropagation();
    const { question, beginUrl = "" } = form.dataset;
    const file = field(form, "file").files?.[0];
    if (!file) return this.tell(Number(question), say("choose_file"));
    this.start({ question: Number(question), beginUrl, file, number: Number(field(form, "number").value) });
  }

  /** @param {FileEntry} entry */
  start(entry) {
    const { page } = this;
    this.sending.get(entry.question)?.stop();
    const upload = new Upload(page.http, entry, {
      onProgress: (sent) => this.progress(entry, sent),
      onTrouble: (message) => this.trouble(entry, message),
      onDone: (reply) => this.done(entry, reply),
      onRefused: (message) => this.end(entry, message ?? say("file_unreadable", { name: entry.file.name })),
      onGone: (body, message) => (this.end(entry, message), page.onGone(body)),
      onSignedOut: () => (this.trouble(entry), page.onSignedOut()),
    });
    this.sending.set(entry.question, upload);
    keep({ ...entry, attempt: page.data.attempt, visit: page.visit, at: Date.now() });
    this.tell(entry.question, this.sentence("part", entry, 0));
    upload.run();
  }

  /** @param {string} key @param {FileEntry} entry @param {number} sent */
  sentence(key, { file }, sent) {
    const size = (/** @type {number} */ bytes) => say("megabytes", { n: (bytes / MEGABYTE).toFixed(1) });
    return say(key, { name: file.name, sent: size(sent), size: size(file.size) });
  }

  /** Shown at each part, said half way only. @param {FileEntry} entry @param {number} sent */
  progress(entry, sent) {
    const text = this.sentence("part", entry, sent);
    const upload = this.of(entry);
    const isSaid = upload.isTroubled || (!upload.isHalfSaid && sent >= SPOKEN_AT * entry.file.size);
    upload.isHalfSaid ||= sent >= SPOKEN_AT * entry.file.size;
    upload.isTroubled = false;
    this.tell(entry.question, text, isSaid);
  }

  /** The one that is under way. @param {FileEntry} entry */
  of({ question }) {
    return /** @type {Upload} */ (this.sending.get(question));
  }

  /** @param {FileEntry} entry @param {string} [message] */
  trouble(entry, message) {
    const upload = this.of(entry);
    const isNew = !upload.isTroubled;
    upload.isTroubled = true;
    this.tell(entry.question, message ?? this.sentence("part_again", entry, upload.sent), isNew);
  }

  /** @param {FileEntry} entry @param {Reply} reply */
  done(entry, reply) {
    const { page } = this;
    const form = this.formOf(entry.question);
    if (form) {
      form.dataset.file = JSON.stringify(reply.body.value);
      field(form, "file").value = "";
      one(form, "#take-back").hidden = false;
      const size = Math.ceil(entry.file.size / 1024);
      one(form, "#file-there").textContent = say("file_there", { name: entry.file.name, size });
    }
    this.end(entry, say("file_saved", { name: entry.file.name }));
    page.onSaved({ question: entry.question, value: reply.body.value, flagged: this.isFlagged(entry.question) }, reply);
  }

  /** @param {number} question */
  isFlagged(question) {
    const form = this.formOf(question);
    if (form) return field(form, "flagged").checked;
    return Boolean(document.querySelector(`#questions [data-question="${question}"]`)?.matches("[data-flagged], .flag"));
  }

  cancel() {
    const question = this.page.autosave?.question;
    const upload = question === undefined ? undefined : this.sending.get(question);
    if (question === undefined || !upload) return;
    upload.stop();
    this.end(upload.entry, say("file_stopped", { name: upload.entry.file.name }));
    const form = this.formOf(question);
    if (form) field(form, "file").focus();
  }

  /** @param {FileEntry} entry @param {string} text */
  end(entry, text) {
    this.sending.delete(entry.question);
    forget(this.page.data.attempt, entry.question);
    this.tell(entry.question, text);
  }

  /** Keep the sentence for its question, and show it if that is the one on the page. @param {number} question @param {string} text */
  tell(question, text, isSaid = true) {
    this.said.set(question, text);
    this.show();
    if (isSaid) this.page.speech.say(text);
  }

  /** @param {number} question */
  formOf(question) {
    const form = maybe(document, "#answer-form", HTMLFormElement);
    return form && wayOf(form) === "file" && Number(form.dataset.question) === question ? form : null;
  }

  /** Also when a question has just come onto the page. */
  show() {
    const form = maybe(document, "#answer-form", HTMLFormElement);
    const place = form && maybe(form, "#upload");
    const text = this.said.get(Number(form?.dataset.question));
    if (!place || text === undefined) return;
    const upload = this.sending.get(Number(form.dataset.question));
    const bar = one(place, "#upload-bar", HTMLProgressElement);
    place.hidden = false;
    one(place, "#upload-says").textContent = text;
    bar.hidden = one(place, "#upload-cancel").hidden = !upload;
    if (upload) bar.value = Math.round((100 * upload.sent) / upload.size) || 0;
  }

  /** What this tab, or one that is closed, had not sent to the end. */
  async takeUp() {
    const { page } = this;
    for (const entry of await listKept(page.data.attempt)) {
      if (entry.visit === page.visit || !(await isOpen(entry.visit))) this.start(entry);
    }
  }
}
