/** A running exam: begins its page, and tells it what happens to the window and at the keyboard. */

import { arrived } from "./arriving.js";
import { takeUp } from "./conflict.js";
import { all, byId, maybe } from "./elements.js";
import { enlarging } from "./enlarging.js";
import { examData } from "./exam_data.js";
import { ExamPage } from "./exam_page.js";
import { countWords } from "./writing.js";

const FIRST_ASK_MS = 1500;
const ONLINE_MS = 2000;

const form = maybe(document, "#answer-form", HTMLFormElement);
const page = new ExamPage(examData(), form);
const { asking, data, leader } = page;
if (form) countWords(form);
arrived(page);
enlarging();
if (!leader.hasLocks) asking.factor = 2; // Every window asks for itself, so each asks half as often.
if (page.keeping.isOld) beginWithoutLine();
else begin();

function begin() {
  page.repaint();
  leader.begin(FIRST_ASK_MS * Math.random());
}

/** A reload found no line: this page is one that the device kept, and is brought to where they were. */
async function beginWithoutLine() {
  const at = await page.keeping.recall();
  page.turning?.resume(at);
  await takeUp(page, page.autosave);
  page.connection.begin(page.estimate.checkedAt());
  begin();
}

document.addEventListener("visibilitychange", () => {
  page.repaint();
  if (document.hidden) return page.sender.flush();
  page.notices.tellSeen();
  page.askNow();
});
document.addEventListener("resume", () => page.askNow());
addEventListener("pageshow", (event) => event.persisted && page.askNow());
addEventListener("online", () => setTimeout(() => page.askNow(), Math.random() * ONLINE_MS));
addEventListener("focus", () => leader.isLeading && asking.focused());
addEventListener("beforeunload", (event) => {
  page.sender.flush();
  if ((page.files.isSending() || page.sender.unsent().some((one) => !one.isKept)) && !page.isLeaving) event.preventDefault();
});
const readTime = byId("read-time");
readTime.hidden = false;
readTime.addEventListener("click", readOut);
if (data.readLetter) {
  readTime.setAttribute("aria-keyshortcuts", `Alt+Shift+${data.readLetter}`);
  document.addEventListener("keydown", (event) => event.altKey && event.shiftKey && letterOf(event) === data.readLetter && readOut());
  for (const words of all(document, "#read-time-keys")) words.hidden = false;
}

/**
 * The letter on the key; where Alt or another alphabet makes something else of it, the one at its place on the keyboard.
 * @param {KeyboardEvent} event
 */
function letterOf({ key, code }) {
  return /^[a-z]$/i.test(key) ? key.toUpperCase() : code.replace(/^Key/, "");
}

function readOut() {
  page.speech.say(page.display.phrase);
}
