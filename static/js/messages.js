/** What the pages' scripts say: English here; a page in another language carries its own in #words. */

/**
 * One sentence, or several by the plural of their number; short words by their names.
 * @typedef {string | Record<string, string>} Words
 * @typedef {Record<string, string | number | undefined>} Places
 */

/** @type {Record<string, Words>} */
const ENGLISH = {
  minutes: { one: "{n} minute", other: "{n} minutes" },
  seconds: { one: "{n} second", other: "{n} seconds" },
  min: "{n} min",
  left: "{time} left",
  about: "about {time}",
  checked: "checked {at}",
  checking: "Checking the time",
  unchecked: "Time not checked since {at}",
  hidden: "Time hidden",
  hidden_ends: "Time hidden, ends {end}",
  low: "Little time left",
  critical: "Ending soon",
  ends: "{left} left, ends {end}",
  title: "{n} min left, {title}",
  moment: "{left} left. Your exam ends {end}.",
  last_moment: "{left} left. Your exam ends {end}. We will submit your saved answers for you.",
  hide: "Hide time",
  show: "Show time",
  keep: "Keep showing",
  close: "Close",
  changed: "{text} Your exam ends {end}.",
  saving: "Saving",
  saved: "Saved {at}",
  unsaved: "Not saved since {at}: trying",
  unsaved_yet: "Not saved yet: trying",
  refused_of: "Question {n}: {why}",
  choose: "Not saved: choose which answer to keep",
  conflict: "A newer answer was saved in another window at {at}: {text}",
  no_answer: "no answer",
  keep_newer: "Keep newer",
  keep_mine: "Keep this one",
  kept: "An answer typed on this device at {at} was not sent: {text}",
  kept_of: "Question {n}: an answer typed on this device at {at} was not sent: {text}",
  use: "Use it",
  drop: "Discard it",
  offline: "You have been offline since {at}.",
  unreachable: "The portal has been unreachable since {at}.",
  offline_rest: "Keep working. {saved}New answers are stored on this device. The clock keeps running; your exam ends {end}.",
  saved_until: "Answers up to {at} are saved. ",
  back: "Back online.",
  back_saved: "Back online. All answers saved {at}.",
  up: "Time is up. Sending your answers.",
  up_all_saved: "Time is up. All your answers are saved and are being submitted.",
  up_spoken: "Time is up. Your answers are being submitted.",
  up_offline: "The exam ended {end}. {saved}Later answers are stored on this device and sent when you are online. The course team decides whether they count.",
  late_sent: "Your offline answers have been sent. They are stored separately, and the course team decides whether they count.",
  submitted: "Your exam was submitted.",
  not_loaded: "Not loaded yet; we try again every few seconds.",
  check_title: "Check your answers",
  check_here: "There is no connection. This list shows only what is on this device. Your answers are stored here and sent automatically.",
  check_submit: "You can submit as soon as the connection is back. When your time is up, we submit what is saved.",
  check_heads: { number: "No", question: "Question", state: "Status" },
  not_sent: "not sent yet",
  question_of: "Question {n}",
  submit: "Submit exam",
  wait_unsaved: "Your answer is not saved yet. The next page opens as soon as it is.",
  elsewhere: "Your exam continues in another window. This one is read-only.",
  elsewhere_kept: "Unsaved answers from this window are stored on this device.",
  use_window: "Use this window instead",
  kept_here: "Not saved: stored on this device",
  signed_in: "You are signed in again. Your answer is still here.",
  words: { one: "{n} word", other: "{n} words" },
  room: "{used} of 64 kB used",
  too_long: "Too long by {n} characters: shorten it, or it cannot be saved",
  part: "Sending {name}: {sent} of {size}",
  part_again: "{name}: {sent} of {size} uploaded. No connection; the upload continues automatically.",
  file_saved: "Your file {name} is saved.",
  file_there: "Uploaded: {name}, {size} kB.",
  file_stopped: "{name} is not uploaded. Choose it again, and the upload continues where it stopped.",
  file_unreadable: "{name} cannot be read on this device any more. Choose it again.",
  choose_file: "Choose a file first, then press the button.",
  megabytes: "{n} MB",
  wait_file: "Your file is still uploading. The next page opens when the upload is complete.",
  question_state: { answered: "answered", open: "no answer", unread: "not a number", flagged: "flagged", here: "you are here" },
  picture: "Picture",
  progress: "{answered} of {total} answered, {flagged} flagged",
  opens_in: "Opens in {time}",
  opens_now: "Opening now",
  opened: "The exam is open.",
  resumes_in: "Your break ends in {time}",
  resumes_now: "Your break is over",
  break_over: "Your break is over, and your clock is running again. Your exam ends {end}.",
  pause_over: "Your exam continues. It ends {end}.",
  changed_page: "This page has changed: {title}",
};

/** @type {Record<string, Words>} */
const own = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const plural = new Intl.PluralRules(document.documentElement.lang || "en");

/** The sentence named `key`, its {places} filled in; the form that fits `n` when there are several. @param {string} key @param {Places} places */
export function say(key, places = {}) {
  const found = own[key] ?? ENGLISH[key];
  const text = typeof found === "string" ? found : (found[plural.select(Number(places.n))] ?? found.other);
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(places[name] ?? whole));
}

/** One of the short words under `key`. @param {string} key @param {string} name */
export function word(key, name) {
  return /** @type {Record<string, string>} */ (own[key] ?? ENGLISH[key])[name];
}
