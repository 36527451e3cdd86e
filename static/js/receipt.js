/** The receipt: a button that prints it; and to whom the time was up, its heading gets the focus and what happened is said. */

import { around, byId, maybe, one } from "./elements.js";
import { forgetAttempt } from "./forgetting.js";
import { forgetAll } from "./kept_files.js";
import { say } from "./messages.js";

const KEY = "invigil-time-up";
const region = byId("alert");
/** @type {{ at?: string, wasLate?: boolean }} */
const { at, wasLate } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");

if (at === location.pathname) {
  sessionStorage.removeItem(KEY);
  const heading = one(document, "h1");
  heading.tabIndex = -1;
  heading.focus();
  const wasReset = document.getElementById("was-reset"); // Nothing was submitted: the heading says what happened.
  const text = [...(wasReset ? [] : [say("submitted")]), ...(wasLate ? [say("late_sent")] : [])].join(" ");
  setTimeout(() => (region.textContent = text), 100); // A region that is filled at once is not read.
}

/** There is no receipt where nothing was submitted; and a page that looks again by itself gets a new one. */
function offerToPrint() {
  const print = document.getElementById("print");
  if (print) print.hidden = false;
}

offerToPrint();
new MutationObserver(offerToPrint).observe(byId("main"), { childList: true });
document.addEventListener("click", (event) => {
  if (!around(event, "#print")) return;
  document.documentElement.classList.add("receipt-only"); // The browser's own Print takes the whole page.
  window.print();
});
const over = maybe(document, ".receipt")?.dataset.attempt;
if (over) forgetAll(over); // A file that did not arrive in time has no business on this device any more,
if (over) forgetAttempt(over); // nor have the questions.
addEventListener("afterprint", () => document.documentElement.classList.remove("receipt-only"));
