/** Arriving at the receipt because the time was up: the heading gets the focus, and what happened is said. */

import { say } from "./words.js";

const KEY = "invigil-time-up";
const region = document.getElementById("alert");
const { at, wasLate } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");

if (at === location.pathname) {
  sessionStorage.removeItem(KEY);
  const heading = document.querySelector("h1");
  heading.tabIndex = -1;
  heading.focus();
  const text = [say("handed_in"), ...(wasLate ? [say("late_sent")] : [])].join(" ");
  setTimeout(() => (region.textContent = text), 100); // A region that is filled at once is not read.
}
