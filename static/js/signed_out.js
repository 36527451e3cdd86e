/** Signed out in the middle of an exam: a dialog over the untouched page, gone as soon as the sign-in is there again. */

import { say } from "./words.js";

export class SignedOut {
  /** @param {object} page wire, data, sender, speech, askNow */
  constructor(page) {
    this.page = page;
    this.dialog = document.getElementById("sign-in-again");
    this.dialog.querySelector("[data-close]").addEventListener("click", () => this.check());
    addEventListener("focus", () => this.dialog.open && this.check());
    document.addEventListener("visibilitychange", () => !document.hidden && this.dialog.open && this.check());
  }

  show() {
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** Whether the same person is signed in again; their page's token is renewed, and what waited is sent. */
  async check() {
    const { page } = this;
    const reply = await page.wire.get(page.data.clockUrl);
    if (reply.status !== 200) return;
    await page.wire.renew();
    this.dialog.close();
    page.speech.say(say("signed_in"));
    page.keeping.begin(); // The page to sign in has removed what was kept.
    page.sender.flush();
    page.askNow();
  }
}
