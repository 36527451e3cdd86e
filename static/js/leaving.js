/** Before an exam page is left, all is saved and the portal answers; until then we stay, say so, and try again. */

/** @import { ExamPage } from "./exam_page.js" */

import { banner } from "./banners.js";
import { around, maybeField, pressed } from "./elements.js";
import { say } from "./messages.js";

const RETRY_MS = 3000;

export class Leaving {
  /** @param {ExamPage} page */
  constructor(page) {
    this.page = page;
    /** @type {HTMLFormElement | null} the form that may go */
    this.passed = null;
    /** @type {(() => void) | null} what was pressed last */
    this.wanted = null;
    /** @type {HTMLElement | undefined} */
    this.box = undefined;
    document.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("click", (event) => this.clicked(event));
  }

  /** @param {SubmitEvent} event */
  submitted(event) {
    const { target: form, submitter } = event;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form === this.passed || form.method === "dialog") return;
    event.preventDefault();
    const isCheck = form.action.endsWith("/check-answers") || (form.id === "answer-form" && pressed(event) === "next");
    const number = form.action.endsWith("/continue") && (pressed(event) || maybeField(form, "to")?.value);
    this.when(() => this.pass(form, submitter), { isCheck, number });
  }

  /** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
  pass(form, submitter) {
    this.passed = form;
    form.requestSubmit(submitter);
    this.passed = null;
  }

  /** To the page with all answers, by its address. */
  toCheck() {
    const { statusUrl } = this.page.data;
    this.when(() => location.assign(statusUrl.replace(/status$/, "check-answers")), { isCheck: true });
  }

  /** Nothing that was asked for before is done any more. */
  stay() {
    this.wanted = null;
    clearTimeout(this.timer);
    this.box?.remove();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const link = around(event, "a[href]", HTMLAnchorElement);
    if (!link || link.target || link.origin !== location.origin) return;
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    this.when(() => location.assign(link.href));
  }

  /**
   * Do it as soon as it costs nothing; what is pressed later takes the place of what was pressed before.
   * @param {() => void} act
   * @param {{ isCheck?: boolean, isListed?: boolean, number?: string | false }} instead what this device can show meanwhile: the check of the
   *   answers, or the question of a number
   */
  async when(act, instead = {}) {
    this.wanted = act;
    clearTimeout(this.timer);
    const why = await this.whyNot();
    if (this.wanted !== act) return;
    this.box?.remove();
    if (!why) return act();
    if (instead.number && this.page.keeping.isReady) return location.assign(this.page.data.statusUrl.replace(/status$/, `exam/${instead.number}`));
    const isListed = instead.isListed || (instead.isCheck && why !== "wait_file" && Boolean(this.page.turning));
    if (isListed && !instead.isListed) this.page.turning?.showCheck();
    if (!isListed || why !== "not_loaded") this.box = banner("warn", say(why)); // The list itself says that there is no line.
    this.timer = setTimeout(() => this.when(act, { isListed }), RETRY_MS);
  }

  /** An answer that waits for the person's decision holds nobody up: the browser itself asks before it is lost. */
  async whyNot() {
    const { sender, files, http, data } = this.page;
    await sender.flush();
    if (sender.unsent().some((one) => !one.isHeld)) return "wait_unsaved";
    if (files.isSending()) return "wait_file";
    const { status } = await http.get(data.clockUrl);
    return status === 0 || (status >= 502 && status <= 504) ? "not_loaded" : null;
  }
}
