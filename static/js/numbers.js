/** The list of question numbers: which are answered, which are flagged, kept true while answers are saved. */

import { setSign } from "./display.js";
import { say, word } from "./words.js";

const SIGNS = { flag: "flag", done: "tick", open: "dash" };

/** @param {number} question its id @param {boolean} isAnswered @param {boolean} isFlagged */
export function showState(question, isAnswered, isFlagged) {
  const link = document.querySelector(`#questions a[data-question="${question}"]`);
  if (!link) return;
  link.toggleAttribute("data-answered", isAnswered);
  link.toggleAttribute("data-flagged", isFlagged);
  draw(link);
  count();
}

/** Mark the question that is looked at. */
export function showCurrent(question) {
  for (const link of document.querySelectorAll("#questions a[data-question]")) {
    if (link.dataset.question === String(question)) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
    draw(link);
  }
}

function draw(link) {
  const [isAnswered, isFlagged] = [link.hasAttribute("data-answered"), link.hasAttribute("data-flagged")];
  const isHere = link.hasAttribute("aria-current");
  const look = isFlagged ? "flag" : isAnswered ? "done" : "open";
  const words = [isAnswered ? "answered" : "open", isFlagged && "flagged", isHere && "here"].filter(Boolean);
  link.className = isHere ? "current" : look;
  setSign(link.querySelector(".icon"), SIGNS[look]);
  link.lastElementChild.textContent = words.map((name) => `, ${word("question_state", name)}`).join("");
}

/** How many are answered and flagged, wherever the page says it. */
export function count() {
  const links = [...document.querySelectorAll("#questions a[data-question]")];
  const of = (name) => links.filter((link) => link.hasAttribute(name)).length;
  const text = say("progress", { total: links.length, answered: of("data-answered"), flagged: of("data-flagged") });
  for (const place of document.querySelectorAll("[data-progress]")) place.textContent = text;
}
