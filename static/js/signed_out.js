/** Signed out in the middle of an exam: a dialog over the untouched page, gone as soon as the sign-in is there again. */

/** @import { ExamPage } from "./exam_page.js" */

import { byId, field, maybe, one } from "./elements.js";
import { say } from "./messages.js";

export class SignedOut {
  /** @param {ExamPage} page */
  constructor(page) {
    this.page = page;
    this.dialog = byId("sign-in-again", HTMLDialogElement);
    one(this.dialog, "[data-close]").addEventListener("click", () => this.check());
    this.form = one(this.dialog, "form", HTMLFormElement);
    /** @type {HTMLElement | null} what had the focus */
    this.before = null;
    this.form.addEventListener("submit", (event) => this.signIn(event));
    addEventListener("focus", () => this.dialog.open && this.check());
    document.addEventListener("visibilitychange", () => !document.hidden && this.dialog.open && this.check());
  }

  show() {
    if (this.dialog.open) return;
    const { activeElement } = document;
    this.before = activeElement instanceof HTMLElement ? activeElement : null;
    this.dialog.showModal();
  }

  /** Sign in from here, as the page to sign in does it; what it refuses is said here, too. @param {SubmitEvent} event */
  async signIn(event) {
    event.preventDefault();
    const { form, page } = this;
    const { url = "" } = form.dataset;
    const says = byId("not-signed-in");
    says.textContent = "";
    const there = await page.http.page(url);
    if (!there) return (says.textContent = say("not_loaded"));
    const sent = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    sent.set("csrf_token", maybe(there, "main [name=csrf_token]", HTMLInputElement)?.value ?? "");
    sent.set("next", page.data.clockUrl); // Small, and only for whoever this exam is.
    const answer = await fetch(url, { method: "POST", headers: { Accept: "text/html" }, body: sent }).catch(() => null);
    const refused = answer && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    if (await this.check()) return;
    says.textContent = refused?.querySelector("main .error-text")?.textContent.trim() || say("not_loaded");
    field(form, "password").select();
  }

  /** Whether the same person is signed in again; their page's token is renewed, and what waited is sent. */
  async check() {
    const { page } = this;
    const reply = await page.http.get(page.data.clockUrl);
    if (reply.status !== 200) return false;
    await page.http.renew();
    this.form.reset();
    this.dialog.close();
    this.before?.focus();
    page.speech.say(say("signed_in"));
    page.keeping.begin(); // The page to sign in has removed what was kept.
    page.sender.flush();
    page.askNow();
    return true;
  }
}
