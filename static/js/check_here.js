/** *Check your answers* where the portal cannot be reached: what this device knows of them, in place of the question. */

/** @import { ExamPage } from "./exam_page.js" */

import { icon } from "./banners.js";
import { say, word } from "./messages.js";

const LOOKS = { flagged: "state-silent", open: "state-interrupted", answered: "state-accepted" };
const SIGNS = { flagged: "flag", open: "dash", answered: "tick" };

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {(Node | string)[]} content
 */
function made(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

/** @param {HTMLAnchorElement[]} links of the questions, in their order @param {ExamPage} page @returns {HTMLElement} a main part */
export function checkHere(links, page) {
  const main = made("main", "", Object.assign(made("div", "messages"), { id: "banners" }));
  Object.assign(main, { id: "main", tabIndex: -1 });
  const unsent = new Set(page.sender.unsent().map((one) => one.question));
  const rows = links.map((link, index) => row(link, index + 1, { page, isUnsent: unsent.has(Number(link.dataset.question)) }));
  const heads = ["number", "question", "state"].map((name) => Object.assign(made("th", "", word("check_heads", name)), { scope: "col" }));
  const table = made("table", "table cards", made("thead", "", made("tr", "", ...heads)), made("tbody", "", ...rows));
  const submit = Object.assign(made("a", "button primary large", say("submit")), { href: `${page.data.statusUrl.replace(/status$/, "end")}` });
  const sheet = made("div", "sheet flow", made("h1", "", say("check_title")), made("p", "", say("check_here")), table, made("p", "", say("check_submit")));
  sheet.append(made("p", "actions", submit));
  main.append(sheet);
  return main;
}

/** @param {HTMLAnchorElement} link @param {number} number @param {{ page: ExamPage, isUnsent: boolean }} known */
function row(link, number, { page, isUnsent }) {
  const isAnswered = link.hasAttribute("data-answered");
  const state = link.hasAttribute("data-flagged") ? "flagged" : isAnswered ? "answered" : "open";
  const words = [word("question_state", isAnswered ? "answered" : "open"), state === "flagged" && word("question_state", "flagged"), isUnsent && say("not_sent")];
  const there = Object.assign(made("a", "", page.keeping.ahead.get(link.href)?.title ?? say("question_of", { n: number })), { href: link.href });
  there.dataset.question = link.dataset.question;
  there.dir = "auto";
  const said = made("span", `state ${LOOKS[state]}`, icon(SIGNS[state]), words.filter(Boolean).join(", "));
  const head = Object.assign(made("th", "", there), { scope: "row" });
  return made("tr", "", made("td", "muted", String(number)), head, made("td", "", said));
}
