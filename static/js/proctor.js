// The practice proctor's open page is its sign of life, until it is told to drop or to be silent.

import { all, byId } from "./elements.js";

const proctor = byId("proctor");
const { aliveUrl = "", csrf = "" } = proctor.dataset;
const BEAT_MS = 5000;
const QUIET = "invigil.proctor.quiet";
const place = location.pathname;

let isQuiet = sessionStorage.getItem(QUIET) === place;

for (const button of all(proctor, "button[name=action]", HTMLButtonElement)) {
  button.addEventListener("click", () => {
    if (button.value === "drop" || button.value === "silent") sessionStorage.setItem(QUIET, place);
    if (button.value === "return" || button.value === "ready") sessionStorage.removeItem(QUIET);
  });
}

async function beat() {
  if (isQuiet) return;
  try {
    await fetch(aliveUrl, { method: "POST", headers: { "X-CSRFToken": csrf, Accept: "application/json" } });
  } catch {
    // No line: that is silence, too.
  }
}

isQuiet = sessionStorage.getItem(QUIET) === place;
beat();
setInterval(beat, BEAT_MS);
