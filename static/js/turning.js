/** From question to question without leaving the page. The others are kept ahead: a lost line holds nobody up. */

/** @import { ExamPage } from "./exam_page.js" */
/** @import { Ahead, Page } from "./http.js" */

import { Autosave } from "./autosave.js";
import { banner } from "./banners.js";
import { checkHere } from "./check_here.js";
import { all, around, byId, field, maybe, one, pressed } from "./elements.js";
import { count, linksOf, showCurrent, showState, takeStates } from "./numbers.js";
import { keepPlace } from "./place.js";
import { say } from "./messages.js";
import { countWords } from "./writing.js";

/** @type {Record<string, number | undefined>} by the value of a button */
const STEPS = { next: 1, previous: -1 };
const RETRY_MS = 3000;
const SLOW_MS = 3000;
const CHECK = /\/check-answers$/;
const OWN = /\/(exam\/\d+|check-answers)$/;

export class Turning {
  /** @param {ExamPage} page */
  constructor(page) {
    this.page = page;
    this.links = linksOf(document);
    /** @type {string | null} the address that was asked for last */
    this.wanted = null;
    /** @type {HTMLElement | undefined} */
    this.box = undefined;
    document.addEventListener("click", (event) => this.clicked(event), true);
    document.addEventListener("submit", (event) => this.submitted(event), true);
    this.address = location.pathname;
    addEventListener("popstate", () => this.returned());
    document.addEventListener("visibilitychange", () => document.hidden || keepPlace()); // Of several windows, the one looked at last.
    addEventListener("pageshow", keepPlace);
    if (!page.keeping.isOld) this.remember(document, location.href.replace(/#.*/, ""));
  }

  /** A question that was shown is there again without a connection, too. @param {Document} shown @param {string} url */
  remember(shown, url) {
    const main = shown.getElementById("main")?.outerHTML ?? "";
    const title = shown.getElementById("question-title")?.textContent.trim();
    if (title) this.page.keeping.ahead.set(url, { main, title, page_title: shown.title, address: url });
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const link = around(event, "a[data-question]", HTMLAnchorElement);
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.turn(link.href);
  }

  /** @param {SubmitEvent} event */
  submitted(event) {
    const { target: form } = event;
    if (!(form instanceof HTMLFormElement)) return;
    if (pressed(event) === "clear") return this.clear(event, form);
    const step = STEPS[pressed(event) ?? ""] ?? NaN;
    const there = this.links[this.here() + step];
    if (form.id !== "answer-form" || !there) return;
    event.preventDefault();
    this.turn(there.href);
  }

  /**
   * Nothing chosen any more; the button that did it goes, so the focus goes to the choices.
   * @param {SubmitEvent} event
   * @param {HTMLFormElement} form
   */
  clear(event, form) {
    event.preventDefault();
    const choices = all(form, "[name=value]", HTMLInputElement);
    for (const one of choices) one.checked = false;
    this.page.autosave?.changed(true);
    choices[0].focus();
  }

  here() {
    return this.links.findIndex((link) => link.hasAttribute("aria-current"));
  }

  /** Back or forward. A step inside the question, as the link that skips to it is one, leaves it as it stands. */
  returned() {
    if (location.pathname !== this.address) this.turn(location.href, true);
    else this.stay();
  }

  /** Nothing that was asked for before comes any more. */
  stay() {
    this.wanted = null;
    clearTimeout(this.timer);
    this.box?.remove();
  }

  /** Show the question of this address, now or as soon as it is here; what is pressed later wins. @param {string} url */
  async turn(url, isBack = false) {
    const { page } = this;
    this.wanted = url;
    clearTimeout(this.timer);
    page.leaving.stay();
    page.autosave?.flush();
    if (CHECK.test(new URL(url).pathname)) return page.leaving.toCheck();
    const found = await this.find(url);
    if (this.wanted !== url) return;
    this.box?.remove();
    if (!found) {
      this.box = banner("warn", say("not_loaded"));
      this.timer = setTimeout(() => this.turn(url, isBack), RETRY_MS);
    } else if (new URL(found.address).pathname !== new URL(url).pathname) page.leave(found.address);
    else this.show(found, url, isBack);
  }

  /**
   * As it is now on the portal; without a connection, or on one that is very slow, as it was when it was loaded ahead.
   * @param {string} url
   * @returns {Promise<Page | null>}
   */
  async find(url) {
    const copy = this.page.keeping.ahead.get(url);
    if (copy && this.page.connection.box) return this.parsed(copy, url);
    const fresh = this.page.http.page(url);
    /** @type {Promise<null>} */
    const slow = new Promise((resolve) => setTimeout(resolve, SLOW_MS, null));
    const found = await (copy ? Promise.race([fresh, slow]) : fresh);
    if (found) this.remember(found, url);
    return found ?? (copy ? this.parsed(copy, url) : null);
  }

  /** The copy as a page with its title, as a request would bring it. @param {Ahead} copy @param {string} url */
  parsed({ main, page_title }, url) {
    const found = new DOMParser().parseFromString(main, "text/html");
    found.title = page_title;
    return Object.assign(found, { address: url });
  }

  /** @param {Page} found @param {string} url @param {boolean} isBack */
  show(found, url, isBack) {
    const { sender, keeping } = this.page;
    const { question, version } = one(found, "#answer-form").dataset;
    if ((keeping.saved.get(Number(question))?.version ?? NaN) < Number(version)) keeping.saved.delete(Number(question));
    takeStates(found, (question) => sender.isWaiting(question) || keeping.saved.has(question));
    this.put(one(found, "#main"), url, isBack);
    this.page.display.title = found.title;
    this.begin(byId("answer-form", HTMLFormElement));
  }

  /**
   * Another main part in the place of this one; what the banners say goes along.
   * @param {HTMLElement} main
   * @param {string} url
   * @param {boolean} isBack
   */
  put(main, url, isBack) {
    const old = byId("main");
    const fresh = document.adoptNode(main);
    one(fresh, "#banners").prepend(...old.querySelectorAll("#banners > .banner"));
    old.replaceWith(fresh);
    if (!isBack && location.href !== url) history.pushState(null, "", url);
    this.address = this.page.keeping.at = new URL(url).pathname;
    this.page.keeping.note();
    keepPlace();
    fresh.focus();
    scrollTo(0, 0);
  }

  /** *Check your answers* from what this device knows; its address is that of the page, so that Back leads back. */
  showCheck() {
    const { page } = this;
    page.autosave = null;
    for (const one of page.sender.unsent()) showState(one.question, one);
    this.put(checkHere(this.links, page), new URL(page.data.statusUrl.replace(/status$/, "check-answers"), location.href).href, false);
    page.display.title = say("check_title");
    page.repaint();
  }

  /** The form as it came, with what this page knows better: what was saved since, and what still waits to be. @param {HTMLFormElement} form */
  begin(form) {
    const { page } = this;
    page.autosave = new Autosave(form, page.sender);
    countWords(form);
    const { question, version } = page.autosave;
    const saved = page.keeping.saved.get(question);
    const newer = page.sender.unsent().find((one) => one.question === question) ?? (saved && saved.version > version ? saved : null);
    if (newer) page.autosave.take(newer.value, newer.version, newer.flagged);
    page.freeze(page.zero.isOver);
    page.files.show();
    const backTo = maybe(document, ".timer-bar form [name=to]", HTMLInputElement);
    if (backTo) backTo.value = field(form, "number").value;
    showCurrent(question);
    count();
    page.repaint();
  }

  /** A page that this device kept, after a reload without a connection: to where they were, with what was saved since. @param {string | undefined} at */
  resume(at) {
    const { keeping } = this.page;
    const isOwn = OWN.test(location.pathname);
    for (const [question, one] of keeping.saved) showState(question, one);
    const url = isOwn || !at ? location.href : new URL(at, location.href).href;
    if (CHECK.test(url)) return this.showCheck();
    const copy = keeping.ahead.get(url);
    if (copy) this.show(this.parsed(copy, url), url, false);
    else if (isOwn && new URL(url).pathname !== new URL(this.links[0].href).pathname) this.turn(url, true);
    else this.begin(byId("answer-form", HTMLFormElement));
  }
}
