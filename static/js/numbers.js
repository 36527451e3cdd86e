/** The list of question numbers: which are answered, which are flagged, kept true while answers are saved. */

/** @import { Value } from "./answer_fields.js" */
/** @import { NumberRead } from "./http.js" */

import { setSign } from "./display.js";
import { all, byId, field, maybe, one } from "./elements.js";
import { say, word } from "./messages.js";

const SIGNS = { flag: "flag", unread: "alert", done: "tick", open: "dash" };

/** Beside the field: how the portal read the number, or that it is none. @param {HTMLFormElement} form @param {NumberRead | undefined} number */
export function showReading(form, number) {
  const says = document.getElementById("number-read");
  if (!says) return;
  const [input, isUnread] = [field(form, "value"), number?.is_number === false];
  says.textContent = isUnread ? "" : (number?.says ?? "");
  says.hidden = !says.textContent;
  input.setCustomValidity(isUnread ? (number?.says ?? "") : "");
  byId("not-a-number").classList.toggle("if-invalid", !isUnread); // Also before the field is left.
  input.setAttribute("aria-invalid", String(isUnread));
}

/** Whether an answer is none; what the portal says of one that it has saved goes before this. @param {Value} value */
function isBlank(value) {
  return value === null || value === undefined || String(value).trim() === "";
}

/**
 * The sign of a question, and the count with it. Every change of either comes through here.
 * @param {number} question its id
 * @param {{value?: Value, flagged?: boolean, isAnswered?: boolean, isUnread?: boolean}} answer isUnread: a number is asked for, and this is none
 */
export function showState(question, { value, flagged, isAnswered = !isBlank(value), isUnread = false }) {
  const link = linkOf(question);
  if (!link) return;
  link.toggleAttribute("data-answered", isAnswered);
  link.toggleAttribute("data-flagged", Boolean(flagged));
  link.toggleAttribute("data-unread", isUnread);
  draw(link);
  count();
}

/**
 * What another page of the portal says of the questions that this one has not changed: another window may have.
 * @param {Document} page
 * @param {(question: number) => boolean} isOurs
 */
export function takeStates(page, isOurs) {
  for (const there of linksOf(page)) {
    const has = (/** @type {string} */ name) => there.hasAttribute(`data-${name}`);
    const question = Number(there.dataset.question);
    if (!isOurs(question)) showState(question, { flagged: has("flagged"), isAnswered: has("answered"), isUnread: has("unread") });
  }
}

/** The links to the questions, in their order. @param {Document} page */
export function linksOf(page) {
  return all(page, "#questions a[data-question]", HTMLAnchorElement);
}

/** @param {number} question */
function linkOf(question) {
  return maybe(document, `#questions a[data-question="${question}"]`);
}

/** Mark the question that is looked at. @param {number} question */
export function showCurrent(question) {
  for (const link of linksOf(document)) {
    if (link.dataset.question === String(question)) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
    draw(link);
  }
}

/** @param {HTMLElement} link */
function draw(link) {
  const [isAnswered, isFlagged] = [link.hasAttribute("data-answered"), link.hasAttribute("data-flagged")];
  const [isHere, isUnread] = [link.hasAttribute("aria-current"), link.hasAttribute("data-unread")];
  const look = isFlagged ? "flag" : isUnread ? "unread" : isAnswered ? "done" : "open";
  const words = [isUnread ? "unread" : isAnswered ? "answered" : "open", isFlagged && "flagged", isHere && "here"].filter((name) => name !== false);
  link.className = isHere ? "current" : look;
  setSign(one(link, ".icon", Element), SIGNS[look]);
  one(link, ":scope > :last-child").textContent = words.map((name) => `, ${word("question_state", name)}`).join("");
}

/** How many are answered and flagged, wherever the page says it. */
export function count() {
  const links = linksOf(document);
  const of = (/** @type {string} */ name) => links.filter((link) => link.hasAttribute(name)).length;
  const text = say("progress", { total: links.length, answered: of("data-answered"), flagged: of("data-flagged") });
  for (const place of document.querySelectorAll("[data-progress]")) place.textContent = text;
}
