/** What the server says of changes to the time, and messages of the team: shown, said once, and told as seen. */

/** @import { ExamPage } from "./exam_page.js" */
/** @import { Notice } from "./http.js" */

import { banner } from "./banners.js";
import { say } from "./messages.js";

export class Notices {
  /** @param {ExamPage} page */
  constructor(page) {
    this.page = page;
    this.isUnseen = false;
    /** @type {HTMLElement | undefined} with the newest end of the exam */
    this.box = undefined;
  }

  /** Time was given or taken: show it, say it once, and tell the server that it was seen. @param {Notice[]} notices */
  changed(notices) {
    const { page } = this;
    for (const notice of notices) {
      const isCut = notice.kind === "time_cut";
      const isMessage = notice.kind === "message"; // It changes nothing about the time.
      const text = isMessage ? notice.text : say("changed", { text: notice.text, end: page.time(page.state.deadline) });
      if (!isMessage) this.box?.remove(); // The newest end of the exam is the one that counts.
      const box = banner(isCut ? "warn" : "info", text, { [say("close")]: () => {} });
      if (!isMessage) this.box = box;
      page.speech.event(`notice-${notice.id}`, text, isCut);
    }
    this.isUnseen = true;
    this.tellSeen();
  }

  tellSeen() {
    const { data, state, http } = this.page;
    if (!this.isUnseen || document.hidden) return;
    this.isUnseen = false;
    http.post(data.seenUrl, { rev: state.rev });
  }
}
