// Signs of life of a proctored exam: this page's own, and the provider's where it has a script here.

import { banner } from "./banners.js";
import { withPlace } from "./place.js";
import { providerOf } from "./provider.js";

const pulse = document.getElementById("heartbeat");
const BEAT_MS = 20000;

// One banner at a time: the provider is silent, or it is not.
let told = null;
function tell(words) {
  if (words === (told?.words ?? "")) return;
  told?.box.remove();
  told = words ? { words, box: banner("warn", words) } : null;
  document.getElementById("provider-says").textContent = words;
}

async function beat(source, ok, detail = "") {
  try {
    const reply = await fetch(pulse.dataset.url, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRFToken": pulse.dataset.csrf, Accept: "application/json" },
      body: JSON.stringify({ source, ok, detail }),
    });
    if (!reply.ok) return;
    const said = await reply.json();
    // Interrupted, let go on, or over: the server knows the right page.
    if (said.go && said.state !== pulse.dataset.state) location.assign(withPlace(said.go));
    else tell(said.says ?? "");
  } catch {
    // Offline is silence; the server counts it, and the timer's banner tells the learner.
  }
}

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

// Start waits for the provider's word; a provider that fails says why, and the learner may try again.
function startWith(provider, form) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.provider === "started") return;
    event.preventDefault();
    const why = document.getElementById("provider-says");
    try {
      why.textContent = "";
      await provider.ask("startExamAttempt", 5000);
      form.dataset.provider = "started";
      form.requestSubmit();
    } catch (error) {
      why.textContent = `${pulse.dataset.providerTitle}: ${error.message}`;
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
  if (provider && moment === "ready") startWith(provider, document.querySelector("form[action$='/start']"));
  // Handing in never waits for the provider.
  if (provider && moment === "over") provider.ask("endExamAttempt", 5000).catch(() => {});
}
