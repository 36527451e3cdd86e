// Signs of life of a proctored exam: this page's own, and the provider's where it has a script here.

/** @import { ProviderScript } from "./provider.js" */

import { banner } from "./banners.js";
import { byId, one } from "./elements.js";
import { withPlace } from "./place.js";
import { providerOf } from "./provider.js";

const pulse = document.getElementById("heartbeat");
const { url = "", csrf = "" } = pulse?.dataset ?? {};
const BEAT_MS = 20000;

// One banner at a time: the provider is silent, or it is not.
/** @type {{ words: string, box: HTMLElement } | null} */
let told = null;

/** @param {string} words */
function tell(words) {
  if (words === (told?.words ?? "")) return;
  told?.box.remove();
  told = words ? { words, box: banner("warn", words) } : null;
  byId("provider-says").textContent = words;
}

/** @param {"page" | "worker"} source @param {boolean} ok */
async function beat(source, ok, detail = "") {
  try {
    const reply = await fetch(url, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, Accept: "application/json" },
      body: JSON.stringify({ source, ok, detail }),
    });
    if (!reply.ok) return;
    /** @type {{ go?: string, state?: string, says?: string }} */
    const said = await reply.json();
    // Interrupted, allowed to continue, or over: the server knows the right page.
    if (said.go && said.state !== pulse?.dataset.state) location.assign(withPlace(said.go));
    else tell(said.says ?? "");
  } catch {
    // Offline is silence; the server counts it, and the timer's banner tells the learner.
  }
}

/** @param {ProviderScript} provider @param {number} intervalMs */
function watchProvider(provider, intervalMs) {
  // Half an interval late, so that provider and page do not speak at once; it has ten seconds less than the page.
  const look = () =>
    provider.ask("ping", Math.max(1000, intervalMs - 10000)).then(
      () => beat("worker", true),
      (error) => beat("worker", false, error.message),
    );
  setTimeout(() => {
    look();
    setInterval(look, intervalMs);
  }, intervalMs / 2);
}

/**
 * Start waits for the provider's word; a provider that fails says why, and the learner may try again.
 * @param {ProviderScript} provider
 * @param {HTMLFormElement} form
 */
function startWith(provider, form) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.provider === "started") return;
    event.preventDefault();
    const why = byId("provider-says");
    try {
      why.textContent = "";
      await provider.ask("startExamAttempt", 5000);
      form.dataset.provider = "started";
      form.requestSubmit();
    } catch (error) {
      why.textContent = `${pulse?.dataset.providerTitle}: ${error instanceof Error ? error.message : error}`;
    }
  });
}

if (pulse) {
  const provider = providerOf(pulse);
  const { moment, interval } = pulse.dataset;
  if (moment === "running" || moment === "interrupted") {
    beat("page", true);
    setInterval(() => beat("page", true), moment === "running" ? BEAT_MS : BEAT_MS / 4);
    if (provider) watchProvider(provider, Number(interval) * 1000);
  }
  if (provider && moment === "ready") startWith(provider, one(document, "form[action$='/start']", HTMLFormElement));
  // Submitting never waits for the provider.
  if (provider && moment === "over") provider.ask("endExamAttempt", 5000).catch(() => {});
}
