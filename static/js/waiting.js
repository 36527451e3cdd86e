/** A page that waits, for the opening or for continuing: looks again by itself, shows what is new, and says so. */

/** @import { FetchedPage, Reply } from "./http.js" */

import { leaveWord } from "./arriving.js";
import { Asking } from "./asking.js";
import { all, byId, one } from "./elements.js";
import { Estimate } from "./estimate.js";
import { say } from "./messages.js";
import { Http } from "./http.js";

const EXACT_FROM_SECONDS = 120;
const LONGEST_MS = 3 * 3600 * 1000;
const SPREAD_MS = 2000;
const ALONE_MS = 300;

const http = new Http("");
const estimate = new Estimate();
const polite = byId("polite");
const asking = new Asking(look, () => Number(facts().everyMs));
/** @type {number | undefined} */
let timer;

/** What the page says of its waiting; its mark changes with everything that matters to whoever waits. */
function facts() {
  return byId("waiting").dataset;
}

/** Look at the page as it would be now: go where it sends us, or take over what is new. */
async function look() {
  const { clockUrl, mark } = facts();
  const reply = clockUrl ? await http.get(clockUrl) : null;
  if (reply && isNothingNew(reply, mark)) return reply;
  const page = await http.page(location.href);
  if (!page) return { status: 0, retryMs: 0 };
  const there = page.getElementById("waiting");
  if (!there || new URL(page.address).pathname !== location.pathname) go(page.address);
  else learn(page, there.dataset);
  return { status: 200, retryMs: 0 };
}

/** Of an attempt's page: its clock stands as the page says, or cannot be asked now. @param {Reply} reply @param {string | undefined} mark */
function isNothingNew({ status, body, sent, received }, mark) {
  if (status === 200 && body.now !== undefined) estimate.add(body.now, sent, received);
  return status === 200 ? `${body.state}/${body.rev}` === mark : status === 0 || status === 429 || status >= 500;
}

/** @param {string} address */
function go(address) {
  const { arrive, attempt } = facts();
  if (arrive) leaveWord(address, attempt, arrive);
  location.replace(address);
}

/** @param {FetchedPage} page @param {DOMStringMap} said there of its waiting */
function learn(page, { now, mark }) {
  estimate.add(Number(now), page.sent, page.received);
  const { dueAt, mark: known } = facts();
  if (mark !== known) take(page);
  countDown();
  if (mark !== known) polite.textContent = say(dueAt && !facts().dueAt ? "opened" : "changed_page", { title: document.title });
}

/** Put the new main part in the place of the old one; whoever was in it is set down at its beginning. @param {Document} page */
function take(page) {
  const main = byId("main");
  const wasInside = main.contains(document.activeElement);
  main.replaceChildren(...one(page, "#main").childNodes);
  document.title = page.title;
  sayItself();
  if (wasInside) main.focus();
}

/** That it changes by itself is true now. */
function sayItself() {
  for (const one of all(document, ".by-itself")) one.hidden = false;
}

/** How long until the opening, or the end of a break, in the words of the moment; at that moment itself we look. */
function countDown() {
  clearTimeout(timer);
  const place = document.getElementById("opens-in") ?? document.getElementById("resumes-in");
  if (!place) return;
  const leftMs = Number(facts().dueAt) - estimate.now();
  if (leftMs > LONGEST_MS) return (place.textContent = ""); // The date beside it says enough.
  const seconds = Math.ceil(leftMs / 1000);
  const time = seconds > EXACT_FROM_SECONDS ? say("minutes", { n: Math.ceil(seconds / 60) }) : say("seconds", { n: seconds });
  const isOpening = place.id === "opens-in";
  if (seconds > 0) place.textContent = say(isOpening ? "opens_in" : "resumes_in", { time });
  else place.textContent = say(isOpening ? "opens_now" : "resumes_now");
  if (seconds > 0) timer = setTimeout(countDown, leftMs % 1000 || 1000);
  else setTimeout(() => asking.now(), isOpening ? Math.random() * SPREAD_MS : ALONE_MS); // Not everybody in one instant.
}

estimate.addPage(Number(facts().now));
sayItself();
countDown();
asking.start(asking.interval());
document.addEventListener("visibilitychange", () => document.hidden || asking.now());
addEventListener("pageshow", (event) => event.persisted && asking.now());
addEventListener("online", () => asking.now());
