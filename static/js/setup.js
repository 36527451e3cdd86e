// The set-up page looks again by itself: every few seconds while it is seen, and at once when it is looked at again.

import { all, byId } from "./elements.js";

const tasks = byId("tasks");
const lastWord = document.getElementById("last-word");

/** @type {{ at: number, ok: boolean } | null} */
let device = null;
try {
  device = JSON.parse(localStorage.getItem("invigil.device") ?? "null");
} catch {
  // A browser that keeps nothing has nothing to tell.
}
const SEVEN_DAYS_MS = 7 * 24 * 3600 * 1000;
if (device && Date.now() - device.at < SEVEN_DAYS_MS) {
  const state = byId("device-state");
  if (state.lastChild) state.lastChild.textContent = (device.ok ? tasks.dataset.passed : tasks.dataset.warned) ?? "";
  state.className = `state ${device.ok ? "state-accepted" : "state-setup"}`;
}

/**
 * How the attempt stands.
 * @typedef {{ state: string, is_done: boolean, words: string, go?: string, last_word_seconds: number | null }} Said
 */

/** Whether the page would say something else now: another state, or a word of the provider's or the team's. @param {Said} said */
function isNew(said) {
  const { state, done, words } = tasks.dataset;
  return said.state !== state || (said.is_done ? "yes" : "no") !== done || said.words !== words;
}

async function look() {
  if (document.hidden) return;
  try {
    const reply = await fetch(tasks.dataset.stateUrl ?? "", { headers: { Accept: "application/json" } });
    if (!reply.ok) return;
    /** @type {Said} */
    const said = await reply.json();
    if (said.go) location.replace(said.go);
    else if (isNew(said)) location.reload();
    else if (lastWord && said.last_word_seconds !== null) lastWord.textContent = (tasks.dataset.ago ?? "").replace("{n}", String(said.last_word_seconds));
  } catch {
    // Offline: the next look tells.
  }
}

const copy = document.getElementById("copy");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(byId("code").textContent);
    if (copy.lastElementChild) copy.lastElementChild.textContent = copy.dataset.done ?? "";
  });
}

// A page that is being written in is not reloaded under the writer's hands.
const isWriting = () => document.activeElement?.matches("textarea, input[type=text]");

// Often in the first minute, when most of it happens; then more seldom. Never everybody in the same instant.
function lookAgain() {
  const sinceMs = performance.now();
  const wantedMs = sinceMs < 60000 ? 3000 : sinceMs < 180000 ? 6000 : 10000;
  setTimeout(() => (isWriting() || look(), lookAgain()), wantedMs * (0.8 + 0.4 * Math.random()));
}

for (const one of all(document, ".by-itself")) one.hidden = false; // Without a script it would not be true.
lookAgain();
document.addEventListener("visibilitychange", look);
