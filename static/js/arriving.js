/** From a page that waits to the exam: what ended the waiting is shown and said there, once. */

/** @import { ExamPage } from "./exam_page.js" */

import { banner } from "./banners.js";
import { say } from "./messages.js";

const KEY = "invigil-arriving";
const EXAM_PAGE = /\/(exam\/\d+|check-answers)$/;

/**
 * @param {string} address
 * @param {string | undefined} attempt
 * @param {string} what the key of a sentence that names the end of the exam
 */
export function leaveWord(address, attempt, what) {
  if (EXAM_PAGE.test(new URL(address).pathname)) sessionStorage.setItem(KEY, JSON.stringify({ attempt, what }));
}

/** On the exam page. @param {ExamPage} page */
export function arrived(page) {
  /** @type {{ attempt?: string, what: string }} */
  const { attempt, what } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  sessionStorage.removeItem(KEY);
  if (attempt !== page.data.attempt) return;
  const text = say(what, { end: page.time(page.state.deadline) });
  banner("info", text, { [say("close")]: () => {} });
  page.speech.say(text);
}
