/** A page of a running exam: puts the parts together, and takes in whatever the server says of the clock. */

import { arrived } from "./arriving.js";
import { Asking } from "./asking.js";
import { Autosave } from "./autosave.js";
import { banner } from "./banners.js";
import { choose, takeUp } from "./conflict.js";
import { Connection } from "./connection.js";
import { clockTime, Display } from "./display.js";
import { enlarging } from "./enlarging.js";
import { Estimate } from "./estimate.js";
import { Files } from "./files.js";
import { Journal, visit } from "./journal.js";
import { Keeping } from "./keeping.js";
import { Leader } from "./leader.js";
import { Leaving } from "./leaving.js";
import { OneWindow } from "./one_window.js";
import { withPlace } from "./place.js";
import { SaveState } from "./save_state.js";
import { Sender } from "./sender.js";
import { SignedOut } from "./signed_out.js";
import { Speech } from "./speech.js";
import { Ticking } from "./ticking.js";
import { Turning } from "./turning.js";
import { Wire } from "./wire.js";
import { say } from "./words.js";
import { countWords } from "./writing.js";
import { Zero } from "./zero.js";

const TOLD = ["deadline", "hard_stop", "own_ms", "low_ms", "crit_ms", "poll_ms", "saved_at"];
const FIRST_ASK_MS = 1500;
const ONLINE_MS = 2000;
const END_POLL_MS = 5000;

const data = document.getElementById("exam-clock").dataset;
const { attempt, display, announce, zone, locale } = data;
const state = {
  deadline: Number(data.deadline), hard_stop: Number(data.hardStop), rev: Number(data.rev), own_ms: Number(data.ownMs),
  low_ms: Number(data.lowMs), crit_ms: Number(data.critMs), poll_ms: Number(data.pollMs), saved_at: Number(data.savedAt) || null,
};
const page = { data, state, wire: new Wire(data.csrf), estimate: new Estimate(), visit: visit(), journal: new Journal(attempt) };
let unseen = false;

page.time = (ms, isExact = false) => clockTime(ms, zone, locale, isExact);
page.repaint = () => ticking.now();
page.askNow = () => (leader.isLeading ? asking.now() : leader.ask());

/** The server's word on the clock, from a question, a save or the finish. */
page.onReply = ({ body, sent, received }) => {
  if (body.now === undefined) return;
  page.estimate.add(body.now, sent, received);
  take(body);
};

/** Take in new facts; a newer revision without its notices is asked for. */
function take(body) {
  const isNewer = body.rev > state.rev;
  for (const name of TOLD) if (body[name] !== undefined) state[name] = body[name];
  page.zero.reconsider();
  ticking.now();
  if (isNewer && body.notices === undefined) return page.askNow();
  if (isNewer) changed(body);
  if (body.go && body.state !== "in_progress") page.leave(body.go);
}

/** Time was given or taken: show it, say it once, and tell the server that it was seen. */
function changed({ rev, notices }) {
  state.rev = rev;
  for (const notice of notices) {
    const isCut = notice.kind === "time_cut";
    const isMessage = notice.kind === "message"; // It changes nothing about the time.
    const text = isMessage ? notice.text : say("changed", { text: notice.text, end: page.time(state.deadline) });
    if (!isMessage) page.timeNotice?.remove(); // The newest end of the exam is the one that counts.
    const box = banner(isCut ? "warn" : "info", text, { [say("close")]: () => {} });
    if (!isMessage) page.timeNotice = box;
    page.speech.event(`notice-${notice.id}`, text, isCut);
  }
  unseen = true;
  tellSeen();
}

function tellSeen() {
  if (!unseen || document.hidden) return;
  unseen = false;
  page.wire.post(data.seenUrl, { rev: state.rev });
}

/** One question to the server, and what its answer means. */
async function request() {
  const reply = await page.wire.get(`${data.clockUrl}?rev=${state.rev}&v=${document.hidden ? 0 : 1}`);
  if (reply.status === 401) signedOut.show();
  if (reply.status === 404) page.leave(data.statusUrl);
  if (reply.status !== 200) return reply;
  page.onReply(reply);
  page.oneWindow.told(reply.body.window, reply.sent);
  leader.share({ kind: "clock", body: reply.body, now: page.estimate.now(), doubt: page.estimate.doubt() });
  return reply;
}

/** Send what is unsent, then go where the server says. */
page.leave = async (go) => {
  if (page.isLeaving) return;
  page.isLeaving = true;
  asking.stop();
  if (page.sender.unsent().length || !page.zero.isDone) await page.zero.send();
  if (page.zero.isOver || page.wasLate) sessionStorage.setItem("invigil-time-up", JSON.stringify({ at: data.statusUrl, wasLate: page.wasLate }));
  location.assign(withPlace(go));
};

page.freeze = (isFrozen) => page.autosave?.freeze(isFrozen || page.oneWindow.isElsewhere);
page.reopen = () => (page.freeze(page.zero.isOver), takeUp(page, page.autosave));
page.onElsewhere = (entry) => (page.oneWindow.lose(), page.oneWindow.keep(entry));
page.onGone = (body) => page.leave(body.go ?? data.statusUrl.replace(/status$/, ""));
page.onConflict = (entry, current) => choose(entry, current, { page, autosave: page.autosave?.question === entry.question ? page.autosave : null });
page.onSignedOut = () => signedOut.show();

const asking = new Asking(request, () => (page.zero.isOver ? END_POLL_MS : state.poll_ms));
const leader = new Leader(attempt, {
  onLead: (firstMs) => asking.start(firstMs),
  onFollow: () => asking.stop(),
  onAsked: () => asking.now(),
  onHear: ({ body, now, doubt }) => {
    page.estimate.hear(now, doubt);
    page.connection.works();
    take(body);
    page.oneWindow.told(body.window);
  },
  wantedMs: () => state.poll_ms,
});

if (data.keptWall === undefined) page.estimate.addPage(Number(data.now));
else page.estimate.bridge(Number(data.now), Number(data.keptWall));
page.keeping = new Keeping(page);
page.speech = new Speech({ attempt, announce }, () => leader.isLeading);
page.sender = new Sender(page);
page.zero = new Zero(page);
page.oneWindow = new OneWindow(page);
page.display = new Display({ display, zone, locale, attempt }, () => ticking.now());
const ticking = new Ticking(page);
const signedOut = new SignedOut(page);
page.connection = new Connection(page);
page.wire.onReply = (reply) => page.connection.note(reply);
Object.assign(page, new SaveState(page).handlers());

const form = document.getElementById("answer-form");
page.autosave = form ? new Autosave(form, page.sender) : null;
page.oneWindow.begin();
if (!page.keeping.isOld) takeUp(page, page.autosave);
page.files = new Files(page);
page.leaving = new Leaving(page);
page.turning = form ? new Turning(page) : null;
if (form) countWords(form);
arrived(page);
enlarging(page);
if (!leader.hasLocks) asking.factor = 2; // Every window asks for itself, so each asks half as often.
if (page.keeping.isOld) beginWithoutLine();
else begin();

function begin() {
  ticking.now();
  leader.begin(FIRST_ASK_MS * Math.random());
}

/** A reload found no line: this page is one that the device kept, and is brought to where they were. */
async function beginWithoutLine() {
  const at = await page.keeping.recall();
  page.turning.resume(at);
  await takeUp(page, page.autosave);
  page.connection.begin(page.estimate.checkedAt());
  begin();
}

document.addEventListener("visibilitychange", () => {
  ticking.now();
  if (document.hidden) return page.sender.flush();
  tellSeen();
  page.askNow();
});
document.addEventListener("resume", () => page.askNow());
addEventListener("pageshow", (event) => event.persisted && page.askNow());
addEventListener("online", () => setTimeout(page.askNow, Math.random() * ONLINE_MS));
addEventListener("focus", () => leader.isLeading && asking.focused());
addEventListener("beforeunload", (event) => {
  page.sender.flush();
  if ((page.files.isSending() || page.sender.unsent().some((one) => !one.isKept)) && !page.isLeaving) event.preventDefault();
});
const readTime = document.getElementById("read-time");
readTime.hidden = false;
readTime.addEventListener("click", readOut);
if (data.readLetter) {
  readTime.setAttribute("aria-keyshortcuts", `Alt+Shift+${data.readLetter}`);
  document.addEventListener("keydown", (event) => event.altKey && event.shiftKey && letterOf(event) === data.readLetter && readOut());
  for (const words of document.querySelectorAll("#read-time-keys")) words.hidden = false;
}

/** The letter on the key; where Alt or another alphabet makes something else of it, the one at its place on the keyboard. */
function letterOf({ key, code }) {
  return /^[a-z]$/i.test(key) ? key.toUpperCase() : code.replace(/^Key/, "");
}

function readOut() {
  page.speech.say(page.display.phrase);
}
