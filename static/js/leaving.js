/** Before an exam page is left, all is saved and the portal answers; until then we stay, say so, and try again. */

import { banner } from "./banners.js";
import { say } from "./words.js";

const RETRY_MS = 3000;

export class Leaving {
  /** @param {object} page sender, files, wire, data */
  constructor(page) {
    this.page = page;
    document.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("click", (event) => this.clicked(event));
  }

  submitted(event) {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form === this.passed || form.method === "dialog") return;
    event.preventDefault();
    const isCheck = form.action.endsWith("/check-answers") || (form.id === "answer-form" && submitter?.value === "next");
    const number = form.action.endsWith("/continue") && (submitter?.value || form.elements.to?.value);
    this.when(() => this.pass(form, submitter), { isCheck, number });
  }

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

  clicked(event) {
    const link = event.target.closest?.("a[href]");
    const isElsewhere = !link || link.target || link.origin !== location.origin;
    if (event.defaultPrevented || isElsewhere || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    this.when(() => location.assign(link.href));
  }

  /**
   * Do it as soon as it costs nothing; what is pressed later takes the place of what was pressed before.
   * @param {object} instead what this device can show meanwhile: the check of the answers, or the question of a number
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
    if (isListed && !instead.isListed) this.page.turning.showCheck();
    if (!isListed || why !== "not_loaded") this.box = banner("warn", say(why)); // The list itself says that there is no line.
    this.timer = setTimeout(() => this.when(act, { isListed }), RETRY_MS);
  }

  /** An answer that waits for the person's decision holds nobody up: the browser itself asks before it is lost. */
  async whyNot() {
    const { sender, files, wire, data } = this.page;
    await sender.flush();
    if (sender.unsent().some((one) => !one.isHeld)) return "wait_unsaved";
    if (files.isSending()) return "wait_file";
    const { status } = await wire.get(data.clockUrl);
    return status === 0 || (status >= 502 && status <= 504) ? "not_loaded" : null;
  }
}
