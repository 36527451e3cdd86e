// Signs of life of a proctored exam: this page's own, and the vendor's where it has a script here.

/** @import { Vendor } from "./vendor.js" */

import { banner } from "./banners.js";
import { byId, one } from "./elements.js";
import { withPlace } from "./place.js";
import { vendorOf } from "./vendor.js";

const pulse = document.getElementById("heartbeat");
const { url = "", csrf = "" } = pulse?.dataset ?? {};
const BEAT_MS = 20000;

// One banner at a time: the vendor is silent, or it is not.
/** @type {{ words: string, box: HTMLElement } | null} */
let told = null;

/** @param {string} words */
function tell(words) {
  if (words === (told?.words ?? "")) return;
  told?.box.remove();
  told = words ? { words, box: banner("warn", words) } : null;
  byId("vendor-says").textContent = words;
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
    // Interrupted, let go on, or over: the server knows the right page.
    if (said.go && said.state !== pulse?.dataset.state) location.assign(withPlace(said.go));
    else tell(said.says ?? "");
  } catch {
    // Offline is silence; the server counts it, and the timer's banner tells the learner.
  }
}

/** @param {Vendor} vendor @param {number} intervalMs */
function watchVendor(vendor, intervalMs) {
  // Half an interval late, so that vendor and page do not speak at once; the vendor has ten seconds less than the page.
  const look = () =>
    vendor.ask("ping", Math.max(1000, intervalMs - 10000)).then(
      () => beat("worker", true),
      (error) => beat("worker", false, error.message),
    );
  setTimeout(() => {
    look();
    setInterval(look, intervalMs);
  }, intervalMs / 2);
}

/**
 * Start waits for the vendor's word; a vendor that fails says why, and the learner may try again.
 * @param {Vendor} vendor
 * @param {HTMLFormElement} form
 */
function startWith(vendor, form) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.vendor === "started") return;
    event.preventDefault();
    const why = byId("vendor-says");
    try {
      why.textContent = "";
      await vendor.ask("startExamAttempt", 5000);
      form.dataset.vendor = "started";
      form.requestSubmit();
    } catch (error) {
      why.textContent = `${pulse?.dataset.vendorTitle}: ${error instanceof Error ? error.message : error}`;
    }
  });
}

if (pulse) {
  const vendor = vendorOf(pulse);
  const { moment, interval } = pulse.dataset;
  if (moment === "running" || moment === "interrupted") {
    beat("page", true);
    setInterval(() => beat("page", true), moment === "running" ? BEAT_MS : BEAT_MS / 4);
    if (vendor) watchVendor(vendor, Number(interval) * 1000);
  }
  if (vendor && moment === "ready") startWith(vendor, one(document, "form[action$='/start']", HTMLFormElement));
  // Handing in never waits for the vendor.
  if (vendor && moment === "over") vendor.ask("endExamAttempt", 5000).catch(() => {});
}
