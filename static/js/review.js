/** Single keys of the review console: off while typing, off with Ctrl, Alt or Meta, and off where somebody says so. */

import { all, byId, maybe, one } from "./elements.js";

const form = byId("decision", HTMLFormElement);
const incidents = all(document, ".incidents > li");
const choice = byId("keys-on", HTMLInputElement);
const KEPT = "review-keys";
let current = -1;

/** @param {Element} target */
function isTyping(target) {
  return target.closest("textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]") !== null;
}

/** @param {number} index */
function show(index) {
  if (!incidents.length) return;
  current = Math.min(Math.max(index, 0), incidents.length - 1);
  incidents.forEach((one, number) => {
    one.classList.toggle("now", number === current);
    if (number === current) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  });
  const radios = [...incidents[current].querySelectorAll("input")];
  (radios.find((radio) => radio.checked) ?? radios[0]).focus();
}

/** @param {number} number of the verdict on an incident, from 1 */
function mark(number) {
  if (current < 0) show(0);
  const radio = incidents[current]?.querySelectorAll("input")[number - 1];
  if (!radio) return;
  radio.checked = true;
  radio.focus();
}

/** @param {string} verdict */
function decide(verdict) {
  const radio = maybe(form, `[name=verdict][value=${verdict}]`, HTMLInputElement);
  if (!radio) return;
  radio.checked = true;
  radio.focus();
  if (verdict === "reject") one(form, "#reason_code").focus();
}

/** @type {Record<string, () => void>} */
const KEYS = {
  n: () => show(current + 1),
  p: () => show(current < 0 ? incidents.length - 1 : current - 1),
  1: () => mark(1),
  2: () => mark(2),
  3: () => mark(3),
  c: () => maybe(form, "#note")?.focus(),
  a: () => decide("accept"),
  s: () => decide("second_look"),
  r: () => decide("reject"),
  u: () => maybe(document, "button.undo")?.click(),
};

/** @param {KeyboardEvent} event */
function onKey(event) {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return;
  if (!choice.checked || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (isTyping(target)) {
    if (event.key === "Escape") target.blur();
    return;
  }
  if (event.key === "Enter") {
    if (target.closest("a, button, summary, label") || !form.querySelector("[name=verdict]")) return;
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
}

function remember() {
  try {
    localStorage.setItem(KEPT, choice.checked ? "on" : "off");
  } catch {
    // A browser that keeps nothing asks again on the next page.
  }
}

try {
  choice.checked = localStorage.getItem(KEPT) !== "off";
} catch {
  choice.checked = true;
}
byId("keys-switch").hidden = false;
choice.addEventListener("change", remember);
incidents.forEach((one, index) => one.addEventListener("focusin", () => current !== index && show(index)));
document.addEventListener("keydown", onKey);
maybe(document, ".errors")?.focus();
