/** What an exam page says of itself in #exam-clock: addresses, whose exam it is, the clock, and how it is to be shown. */

/** @import { ClockState } from "./http.js" */

import { byId } from "./elements.js";
import { Estimate } from "./estimate.js";

/**
 * @typedef {object} ExamData
 * @property {string} attempt
 * @property {string} person
 * @property {string} csrf
 * @property {string} clockUrl
 * @property {string} finishUrl
 * @property {string} seenUrl
 * @property {string} statusUrl
 * @property {string} windowUrl
 * @property {string} hereUrl
 * @property {string} aheadUrl
 * @property {string} worker
 * @property {string} now
 * @property {string} deadline
 * @property {string} hardStop
 * @property {string} rev
 * @property {string} ownMs
 * @property {string} lowMs
 * @property {string} critMs
 * @property {string} pollMs
 * @property {string} savedAt
 * @property {string} display
 * @property {string} announce
 * @property {string} zone
 * @property {string} locale
 * @property {string} readLetter
 * @property {string} [oneWindow] where the exam is for one window at a time
 * @property {string} [window] the name of the one that may write
 * @property {string} [keptWall] on a page that the device kept: when, by its own clock
 */

/** @returns {ExamData} */
export function examData() {
  return /** @type {ExamData} */ (byId("exam-clock").dataset);
}

/** Where the clock stood when the page was written. @param {ExamData} data @returns {ClockState} */
export function stateOf(data) {
  return {
    deadline: Number(data.deadline), hard_stop: Number(data.hardStop), rev: Number(data.rev), own_ms: Number(data.ownMs),
    low_ms: Number(data.lowMs), crit_ms: Number(data.critMs), poll_ms: Number(data.pollMs), saved_at: Number(data.savedAt) || null,
  };
}

/** The server's time, as far as the page itself tells it. @param {ExamData} data */
export function estimateOf(data) {
  const estimate = new Estimate();
  if (data.keptWall === undefined) estimate.addPage(Number(data.now));
  else estimate.bridge(Number(data.now), Number(data.keptWall));
  return estimate;
}
