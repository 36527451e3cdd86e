/** The words beside the clock: saving, saved when, or not saved since; spoken when it turns bad and when it is good again. */

/** @import { ExamPage } from "./exam_page.js" */
/** @import { Places } from "./messages.js" */
/** @import { Answer, Entry } from "./sender.js" */
/** @import { Reply } from "./http.js" */

import { icon } from "./banners.js";
import { byId } from "./elements.js";
import { showReading, showState } from "./numbers.js";
import { say } from "./messages.js";

/** @type {Record<string, string>} */
const SIGNS = { saving: "saving", saved: "saved", unsaved: "unsaved" };
/** @type {Record<string, string>} */
const KINDS = { unsaved_yet: "unsaved", choose: "unsaved", refused: "unsaved", kept_here: "unsaved" };

export class SaveState {
  /** @param {ExamPage} page */
  constructor(page) {
    this.page = page;
    this.place = byId("save-state");
    /** @type {Map<number, string>} by question, why it was refused */
    this.refused = new Map();
    /** @type {string | undefined} */
    this.kind = undefined;
  }

  /** @param {string} key @param {Places} [places] */
  tell(key, places) {
    this.show(key, say(key, places));
  }

  saving() {
    if (this.kind !== "unsaved") this.tell("saving");
  }

  trouble() {
    const { page } = this;
    if (page.state.saved_at) this.tell("unsaved", { at: page.time(page.state.saved_at) });
    else this.tell("unsaved_yet");
  }

  /** @param {Answer & { question: number }} entry @param {Reply} reply */
  saved(entry, reply) {
    const { page } = this;
    const { number, version = 0, is_answered: isAnswered, saved_at: savedAt } = reply.body;
    if (page.autosave?.question === entry.question) page.autosave.acknowledged(version);
    const state = { value: entry.value, flagged: entry.flagged, version, isAnswered, isUnread: number?.is_number === false };
    page.keeping.saved.set(entry.question, state);
    showState(entry.question, state);
    if (page.autosave?.question === entry.question) showReading(page.autosave.form, number);
    this.refused.delete(entry.question);
    const held = page.sender.unsent().find((one) => one.isHeld); // While one waits for the person, the bar says so.
    if (held) this.show("refused", this.refused.get(held.question) ?? say("choose"));
    else this.show("saved", say("saved", { at: page.time(savedAt ?? page.estimate.now()) }));
    page.keeping.note();
    page.onReply(reply);
  }

  /** The portal does not take an answer as it is; the bar says why until it was changed, also beside another question. @param {Entry} entry */
  refuse(entry, why = say("unsaved_yet")) {
    const { page } = this;
    const elsewhere = entry.number ? say("refused_of", { n: entry.number, why }) : why;
    this.refused.set(entry.question, elsewhere);
    this.show("refused", page.autosave?.question === entry.question ? why : elsewhere);
  }

  /** @param {string} key @param {string} text */
  show(key, text) {
    const kind = KINDS[key] ?? key;
    const was = this.kind;
    this.kind = kind === "saving" ? was : kind;
    this.place.replaceChildren(icon(SIGNS[kind]), text);
    this.place.classList.toggle("is-bad", kind === "unsaved");
    if ((kind === "unsaved") !== (was === "unsaved") && kind !== "saving") this.page.speech.say(text);
  }
}
