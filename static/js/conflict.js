/** Questions to the person: two answers to one question, or one that an earlier visit could not send. */

/** @import { Autosave } from "./autosave.js" */
/** @import { ExamPage } from "./exam_page.js" */
/** @import { Entry } from "./sender.js" */
/** @import { Current } from "./http.js" */

import { banner } from "./banners.js";
import { isOpen } from "./journal.js";
import { showState } from "./numbers.js";
import { say } from "./messages.js";

/**
 * A newer answer stands on the server: keep that one, or this one.
 * @param {Entry} entry
 * @param {Current} current
 * @param {{ page: ExamPage, autosave: Autosave | null }} here
 */
export function choose(entry, current, { page, autosave }) {
  const text = say("conflict", {
    at: current.saved_at ? page.time(current.saved_at) : "",
    text: (autosave ? autosave.shown(current.value) : String(current.value ?? "")) || say("no_answer"),
  });
  const newer = () => {
    page.sender.drop(entry.question);
    autosave?.take(current.value, current.version, current.flagged);
    showState(entry.question, { value: current.value, flagged: current.flagged });
    page.tell("saved", { at: current.saved_at ? page.time(current.saved_at) : "" });
  };
  const mine = () => {
    if (autosave) return autosave.keepMine(current.version);
    page.sender.put({ ...entry, isHeld: false, version: current.version });
    page.sender.flush();
  };
  page.conflicts.get(entry.question)?.remove();
  const box = banner("warn", text, { [say("keep_newer")]: newer, [say("keep_mine")]: mine });
  page.conflicts.set(entry.question, box);
  page.speech.say(text);
  page.tell("choose");
}

/**
 * Take up what this tab had not sent yet; offer what a closed one left behind, and never put it back unasked.
 * @param {ExamPage} page
 * @param {Autosave | null} autosave
 */
export async function takeUp(page, autosave) {
  for (const entry of await page.journal.list()) {
    const here = entry.question === autosave?.question ? autosave : null;
    if (here && JSON.stringify(here.content().value) === JSON.stringify(entry.value)) {
      await page.journal.remove(entry.question, entry.at);
    } else if (entry.visit === page.visit && !entry.isKept) {
      here?.show(entry.value);
      page.sender.put({ ...entry, isHeld: false });
    } else if (entry.visit === page.visit || !(await isOpen(entry.visit))) {
      offer(entry, here, page);
    }
  }
  page.sender.flush();
}

/** @param {Entry} entry @param {Autosave | null} autosave @param {ExamPage} page */
function offer(entry, autosave, page) {
  const places = { n: entry.number, at: page.time(entry.at), text: autosave ? autosave.shown(entry.value) : String(entry.value ?? "") };
  const use = () => {
    if (autosave) autosave.show(entry.value);
    page.sender.put({ ...entry, isHeld: false, isKept: false, version: autosave ? autosave.version : entry.version });
    page.sender.flush();
  };
  banner("info", say(autosave ? "kept" : "kept_of", places), {
    [say("use")]: use,
    [say("drop")]: () => page.journal.remove(entry.question, entry.at),
  });
}
