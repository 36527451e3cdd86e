/** What this device keeps of a running exam: its questions loaded ahead, and a page to begin with where a reload finds no line. */

/** @import { ExamPage } from "./exam_page.js" */
/** @import { Answer } from "./sender.js" */
/** @import { Ahead, ClockState } from "./http.js" */

import { all, maybe } from "./elements.js";
import { forgetOthers, nameOf } from "./forgetting.js";

const AHEAD_MS = 10000; // Everybody begins at once, so nobody loads ahead in a hurry.
const MOST_PICTURES = 200;
const NOTE_MS = 500;

/**
 * What was saved of a question last.
 * @typedef {Answer & { version: number, isAnswered?: boolean, isUnread?: boolean }} Saved
 * @typedef {{ state: ClockState, now: number, wall: number, at: string, saved: [number, Saved][] }} Known
 */

export class Keeping {
  /** @param {ExamPage} page */
  constructor(page) {
    this.page = page;
    /** @type {Map<string, Ahead>} by the address of the question */
    this.ahead = new Map();
    /** @type {Map<number, Saved>} by question */
    this.saved = new Map();
    this.isReady = false;
    this.at = location.pathname;
    const { attempt, person } = page.data;
    this.name = nameOf(attempt, person);
    this.root = `/attempts/${attempt}/kept`;
    this.begin();
  }

  /** Load ahead, soon; what this device knew before a reload without a connection is taken up by {@link recall}. */
  async begin() {
    await forgetOthers(this.page.data.person);
    if (this.isOld) return;
    this.isReady = await this.isKept();
    this.later(() => this.load(1));
  }

  /** Whether this page came from this device, because the portal could not be reached. */
  get isOld() {
    return this.page.data.keptWall !== undefined;
  }

  /** The portal is there again: what was kept is loaded anew. */
  renew() {
    if (!this.isOld) return;
    delete this.page.data.keptWall;
    this.begin();
  }

  /** Whether an earlier page of this exam has left here what a reload without a connection needs. */
  async isKept() {
    try {
      const found = await caches.open(this.name).then((cache) => cache.match(`${this.root}/page`));
      return Boolean(found && (await navigator.serviceWorker.getRegistration(`/attempts/${this.page.data.attempt}/`)));
    } catch {
      return false;
    }
  }

  /** @param {() => void} act */
  later(act) {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, AHEAD_MS * (1 + Math.random()));
  }

  /** @param {number} from */
  async load(from) {
    const { status, body } = await this.page.http.get(`${this.page.data.aheadUrl}?from=${from}`);
    if (status !== 200) return status === 0 || status >= 500 ? this.later(() => this.load(from)) : undefined;
    const { questions = [], next } = body;
    for (const one of questions) this.ahead.set(new URL(one.address, location.href).href, one);
    if (body.page) await this.keepPage(body.page);
    await this.keepPictures(questions);
    await this.put("questions", [...this.ahead.values()]);
    if (next) this.later(() => this.load(next));
  }

  /** A whole page for a reload without a connection. It says itself that it is kept, and since when. @param {string} html */
  async keepPage(html) {
    const { worker } = this.page.data;
    if (!navigator.serviceWorker || !window.caches) return;
    try {
      const marked = html.replace('id="exam-clock"', `id="exam-clock" data-kept-wall="${Date.now()}"`);
      const cache = await caches.open(this.name);
      await cache.put(`${this.root}/page`, new Response(marked, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
      const links = all(document, "link[rel=stylesheet][href], link[rel=icon][href]", HTMLLinkElement).map((one) => one.href);
      const scripts = all(document, "script[src]", HTMLScriptElement).map((one) => one.src);
      const icons = maybe(document, "svg use", SVGUseElement)?.href.baseVal.replace(/#.*/, "") ?? [];
      await cache.addAll([...new Set([...links, ...scripts].concat(icons))].filter(isOurs));
      await navigator.serviceWorker.register(worker, { scope: `/attempts/${this.page.data.attempt}/` });
      this.isReady = true;
      this.note();
    } catch {
      /* A browser that keeps nothing: the open page still continues without a connection. */
    }
  }

  /** @param {Ahead[]} questions */
  async keepPictures(questions) {
    const parsed = new DOMParser().parseFromString(questions.map((one) => one.main).join(""), "text/html");
    const wanted = all(parsed, "img[src]").map((one) => new URL(one.getAttribute("src") ?? "", location.href).href);
    for (const address of wanted.filter(isOurs).slice(0, MOST_PICTURES)) {
      const picture = await fetch(address).catch(() => null); // The browser itself keeps it for as long as the page is open.
      if (picture?.ok && this.isReady) await (await caches.open(this.name)).put(address, picture).catch(() => {});
    }
  }

  /** What was saved, and where the clock stands, kept beside the page. */
  note() {
    clearTimeout(this.noting);
    if (this.isReady) this.noting = setTimeout(() => this.write(), NOTE_MS);
  }

  async write() {
    const { state, estimate } = this.page;
    const known = await this.known();
    for (const [question, one] of known?.saved ?? []) if (!((this.saved.get(question)?.version ?? NaN) >= one.version)) this.saved.set(question, one);
    await this.put("known", { state, now: estimate.now(), wall: Date.now(), at: this.at, saved: [...this.saved] });
  }

  /** After a reload without a connection: what this device knows that is newer than the page it kept. */
  async recall() {
    const known = await this.known();
    const questions = /** @type {Ahead[] | undefined} */ (await this.get("questions"));
    for (const one of questions ?? []) this.ahead.set(new URL(one.address, location.href).href, one);
    this.saved = new Map(known?.saved ?? []);
    this.isReady = true;
    const { data, state, estimate } = this.page;
    const isNewer = known && known.wall >= Number(data.keptWall);
    if (isNewer) Object.assign(state, known.state);
    estimate.bridge(isNewer ? known.now : Number(data.now), isNewer ? known.wall : Number(data.keptWall));
    return known?.at;
  }

  /** What an earlier page of this exam noted. @returns {Promise<Known | undefined>} */
  known() {
    return this.get("known");
  }

  /** @param {string} name */
  async get(name) {
    try {
      const found = await (await caches.open(this.name)).match(`${this.root}/${name}`);
      return await found?.json();
    } catch {
      return undefined;
    }
  }

  /** @param {string} name @param {object} content */
  async put(name, content) {
    try {
      if (this.isReady) await (await caches.open(this.name)).put(`${this.root}/${name}`, Response.json(content));
    } catch {
      /* No room on this device. */
    }
  }
}

/** @param {string} address */
function isOurs(address) {
  return new URL(address, location.href).origin === location.origin;
}
