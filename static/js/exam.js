/** A page of a running exam: asks the server for the time, ticks, saves, speaks, and hands over at zero. */

import { Autosave } from "./autosave.js";
import { clockTime, Display, secondsLeft } from "./display.js";
import { Estimate } from "./estimate.js";
import { Speech } from "./speech.js";

const FAILED_MS = [1000, 2000, 4000, 8000, 16000, 30000];
const data = document.getElementById("exam-clock").dataset;
const settings = { attempt: data.attempt, display: data.display, announce: data.announce, zone: data.zone, locale: data.locale };
const estimate = new Estimate();
const display = new Display(settings);
const speech = new Speech(settings);
const state = {
  deadline: Number(data.deadline), hard_stop: Number(data.hardStop), rev: Number(data.rev), own_ms: Number(data.ownMs),
  low_ms: Number(data.lowMs), crit_ms: Number(data.critMs), poll_ms: Number(data.pollMs), saved_at: Number(data.savedAt) || null,
};
let failures = 0;
let pollTimer;
let isFinishing = false;
let offlineBanner = null;

async function ask(url, options = {}) {
  const sent = performance.now();
  try {
    const response = await fetch(url, { headers: { Accept: "application/json", ...options.headers }, ...options });
    const body = await response.json().catch(() => ({}));
    return { status: response.status, body, sent, received: performance.now(), retry: response.headers.get("Retry-After") };
  } catch {
    return { status: 0, body: {}, sent, received: performance.now() };
  }
}

function post(url, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": data.csrf };
  return ask(url, { method: "POST", headers, body: JSON.stringify(body), keepalive: true });
}

function banner(tone, text) {
  const box = document.createElement("div");
  box.className = `banner is-${tone}`;
  const words = document.createElement("p");
  words.textContent = text;
  box.append(words);
  document.getElementById("banners")?.prepend(box);
  return box;
}

function choice(box, text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = text;
  button.addEventListener("click", () => (box.remove(), act()));
  box.append(button);
}

function say(kind, text) {
  const place = document.getElementById("save-state");
  const was = place.dataset.kind;
  place.dataset.kind = kind;
  place.textContent = text;
  if (kind === "unsaved" && was !== "unsaved") speech.say(text);
  if (kind === "saved" && was === "unsaved") speech.say(text);
}

/** Take in what any reply says of the clock. */
function onReply({ body, sent, received }) {
  estimate.add(body.now, sent, received);
  const isNewer = body.rev > state.rev;
  for (const name of ["deadline", "hard_stop", "own_ms", "low_ms", "crit_ms", "poll_ms", "saved_at"])
    if (body[name] !== undefined) state[name] = body[name];
  if (isNewer && body.notices === undefined) return poll();
  state.rev = body.rev ?? state.rev;
  if (isNewer) changed(body.notices);
}

/** Time was given or taken: show it, say it once, and tell the server that it was seen. */
function changed(notices) {
  isFinishing = false;
  document.querySelectorAll("#answer-form :is(input, textarea)").forEach((field) => (field.readOnly = false));
  for (const notice of notices ?? []) {
    const text = `${notice.text} Your exam ends ${time(state.deadline)}.`;
    choice(banner(notice.kind === "time_cut" ? "warn" : "info", text), "Close", () => {});
    if (!speech.once(`notice-${notice.id}`)) speech.say(text, notice.kind === "time_cut");
  }
  post(data.seenUrl, { rev: state.rev });
}

function time(ms) {
  return clockTime(ms, settings.zone, settings.locale);
}

function online() {
  if (!offlineBanner) return;
  offlineBanner.remove();
  offlineBanner = null;
  const box = banner("ok", "Back online.");
  speech.say("Back online.", true);
  setTimeout(() => box.remove(), 10000);
  autosave?.flush();
}

function offline() {
  if (offlineBanner) return;
  const saved = state.saved_at ? `Saved with us until ${time(state.saved_at)}. ` : "";
  const text = `You are offline. Keep working. ${saved}Later answers are kept on this device; the clock goes on and ends ${time(state.deadline)}.`;
  offlineBanner = banner("warn", text);
  speech.say(text, true);
}

async function poll() {
  clearTimeout(pollTimer);
  const reply = await ask(`${data.clockUrl}?rev=${state.rev}&v=${document.hidden ? 0 : 1}`);
  if (reply.status === 200) {
    failures = 0;
    online();
    onReply(reply);
    if (reply.body.go && !isFinishing) return leave(reply.body.go);
  } else if (reply.status === 401) {
    document.getElementById("sign-in-again").showModal();
  } else {
    if (++failures > 3) offline();
  }
  const wait = failures ? FAILED_MS[Math.min(failures, FAILED_MS.length) - 1] * Math.random() : state.poll_ms * (0.8 + Math.random() * 0.4);
  pollTimer = setTimeout(poll, Math.max(Number(reply.retry ?? 0) * 1000, document.hidden && !failures ? 60000 : wait, 500));
}

/** Send what is unsent, then go where the server says. */
async function leave(go) {
  clearTimeout(pollTimer);
  await post(data.finishUrl, { answers: autosave?.unsent() ?? [] });
  location.assign(go);
}

/** Zero: no question, no button. What is unsent goes out until the server says the exam has ended. */
async function finish() {
  if (isFinishing) return;
  isFinishing = true;
  document.querySelectorAll("#answer-form :is(input, textarea)").forEach((field) => (field.readOnly = true));
  banner("warn", "Time is up. Sending your answers.");
  speech.say("Time is up. Your answers are being handed in.", true);
  while (isFinishing) {
    const reply = await post(data.finishUrl, { answers: autosave?.unsent() ?? [] });
    if (reply.status === 200 && reply.body.state === "ended") return location.assign(reply.body.go);
    if (reply.status === 0 && estimate.now() > state.hard_stop) {
      banner("warn", `The exam ended ${time(state.deadline)}. What you typed since is kept on this device and sent when you are online.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await poll();
  }
}

function tick() {
  const now = estimate.now();
  if (estimate.slept()) poll();
  const left = secondsLeft(state.deadline, now);
  display.paint(state, now, estimate.age());
  speech.tick(left, state.own_ms, time(state.deadline));
  if (left === 5) autosave?.flush();
  if (left === 0) finish();
  if (!document.hidden) setTimeout(tick, 1000 - ((((now - state.deadline) % 1000) + 1000) % 1000) + 5);
}

function wireButtons() {
  const [hide, read] = [document.getElementById("hide-time"), document.getElementById("read-time")];
  const readOut = () => speech.say(document.getElementById("timer").getAttribute("aria-label"));
  hide.hidden = read.hidden = false;
  read.addEventListener("click", readOut);
  hide.addEventListener("click", () => {
    settings.display = settings.display === "hidden" ? "minutes" : "hidden";
    hide.lastElementChild.textContent = settings.display === "hidden" ? "Show time" : "Hide time";
    display.paint(state, estimate.now(), estimate.age());
  });
  document.addEventListener("keydown", (event) => event.altKey && event.shiftKey && event.code === "KeyT" && readOut());
  document.querySelector("[data-close]").addEventListener("click", () => {
    document.getElementById("sign-in-again").close();
    poll();
  });
}

const navigation = performance.getEntriesByType("navigation")[0];
const answered = navigation?.responseStart || performance.now();
estimate.add(Number(data.now), Math.min(navigation?.requestStart || answered, answered), answered);
const form = document.getElementById("answer-form");
const portal = { settings, post, banner, choice, say, onReply, onGone: (body) => leave(body.go), clockTime: time, savedAt: () => state.saved_at && time(state.saved_at) };
const autosave = form ? new Autosave(form, portal) : null;
wireButtons();
tick();
pollTimer = setTimeout(poll, 1500 * Math.random());
document.addEventListener("visibilitychange", () => document.hidden || (tick(), poll()));
addEventListener("pageshow", (event) => event.persisted && poll());
addEventListener("online", () => setTimeout(poll, Math.random() * 2000));
addEventListener("offline", offline);
