/** The words beside the clock: saving, saved when, or not saved since; spoken when it turns bad and when it is good again. */

import { icon } from "./banners.js";
import { showReading, showState } from "./numbers.js";
import { say } from "./words.js";

const SIGNS = { saving: "saving", saved: "saved", unsaved: "unsaved" };
const KINDS = { unsaved_yet: "unsaved", choose: "unsaved", refused: "unsaved", kept_here: "unsaved" };

export class SaveState {
  constructor(page) {
    this.page = page;
    this.place = document.getElementById("save-state");
    this.refused = new Map();
  }

  /** What the sender calls when something happens to an answer. */
  handlers() {
    const { page } = this;
    return {
      tell: (key, places) => this.show(key, say(key, places)),
      onSaving: () => this.kind === "unsaved" || this.show("saving", say("saving")),
      onSaved: (entry, reply) => this.saved(entry, reply),
      onRefused: (entry, message) => this.refuse(entry, message ?? say("unsaved_yet")),
      onTrouble: () =>
        page.state.saved_at ? this.show("unsaved", say("unsaved", { at: page.time(page.state.saved_at) })) : this.show("unsaved_yet", say("unsaved_yet")),
    };
  }

  saved(entry, reply) {
    const { page } = this;
    page.autosave?.question === entry.question && page.autosave.acknowledged(reply.body.version);
    const { number, version, is_answered: isAnswered } = reply.body;
    const state = { value: entry.value, flagged: entry.flagged, version, isAnswered, isUnread: number?.is_number === false };
    page.keeping.saved.set(entry.question, state);
    showState(entry.question, state);
    if (page.autosave?.question === entry.question) showReading(page.autosave.form, number);
    this.refused.delete(entry.question);
    const held = page.sender.unsent().find((one) => one.isHeld); // While one waits for the person, the bar says so.
    if (held) this.show("refused", this.refused.get(held.question) ?? say("choose"));
    else this.show("saved", say("saved", { at: page.time(reply.body.saved_at) }));
    page.keeping.note();
    page.onReply(reply);
  }

  /** The portal does not take an answer as it is; the bar says why until it was changed, also beside another question. */
  refuse(entry, why) {
    const { page } = this;
    this.refused.set(entry.question, entry.number ? say("refused_of", { n: entry.number, why }) : why);
    this.show("refused", page.autosave?.question === entry.question ? why : this.refused.get(entry.question));
  }

  show(key, text) {
    const kind = KINDS[key] ?? key;
    const was = this.kind;
    this.kind = kind === "saving" ? was : kind;
    this.place.replaceChildren(icon(SIGNS[kind]), text);
    this.place.classList.toggle("is-bad", kind === "unsaved");
    if ((kind === "unsaved") !== (was === "unsaved") && kind !== "saving") this.page.speech.say(text);
  }
}
