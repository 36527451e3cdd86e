/** What the pages' scripts say: English here; a page in another language carries its own in #words. */

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
  last_moment: "{left} left. Your exam ends {end}. Saved answers will be handed in for you.",
  hide: "Hide time",
  show: "Show time",
  keep: "Keep showing",
  close: "Close",
  changed: "{text} Your exam ends {end}.",
  saving: "Saving",
  saved: "Saved {at}",
  unsaved: "Not saved since {at}: trying",
  unsaved_yet: "Not saved yet: trying",
  choose: "Not saved: choose which answer to keep",
  conflict: "A newer answer was saved in another window at {at}: {text}",
  no_answer: "no answer",
  keep_newer: "Keep newer",
  keep_mine: "Keep this one",
  kept: "An answer typed on this device at {at} was not sent: {text}",
  kept_of: "Question {n}: an answer typed on this device at {at} was not sent: {text}",
  use: "Use it",
  drop: "Leave it out",
  offline: "You are offline since {at}.",
  unreachable: "We cannot be reached since {at}.",
  offline_rest: "Keep working. {saved}What you type now is kept on this device. The clock goes on; your exam ends {end}.",
  saved_until: "Saved with us until {at}. ",
  back: "Back online.",
  back_saved: "Back online. All answers saved {at}.",
  up: "Time is up. Sending your answers.",
  up_all_saved: "Time is up. All your answers are with us and are being handed in.",
  up_spoken: "Time is up. Your answers are being handed in.",
  up_offline: "The exam ended {end}. {saved}What you typed since is kept on this device and will be sent when you are online. The course team decides whether it counts.",
  late_sent: "What you typed while you were offline has been sent. It is kept apart, and the course team decides whether it counts.",
  handed_in: "Your exam has been handed in.",
  not_loaded: "Not loaded yet; we try again every few seconds.",
  wait_unsaved: "Your answer is not saved yet; we go on as soon as it is.",
  elsewhere: "Your exam goes on in another window. This one can only be read.",
  elsewhere_kept: "What you typed here and was not saved is kept on this device.",
  use_window: "Use this window instead",
  kept_here: "Not saved: kept on this device",
  signed_in: "You are signed in again. Your answer is still here.",
  words: { one: "{n} word", other: "{n} words" },
  room: "{used} of 64 kB used",
  too_long: "Too long by {n} characters: shorten it, or it cannot be saved",
  part: "Sending {name}: {sent} of {size}",
  part_again: "{name}: {sent} of {size} are with us. No connection; we go on by ourselves.",
  file_saved: "Your file {name} is saved.",
  file_there: "With us: {name}, {size} kB.",
  file_stopped: "{name} is not sent. Choose it again, and it goes on from where it stopped.",
  file_unreadable: "{name} cannot be read on this device any more. Choose it again.",
  choose_file: "Choose a file first, then press the button.",
  megabytes: "{n} MB",
  wait_file: "Your file is still being sent; we go on as soon as it is with us.",
  question_state: { answered: "answered", open: "no answer", unread: "not a number", flagged: "flagged", here: "you are here" },
  progress: "{answered} of {total} answered, {flagged} flagged",
  opens_in: "Opens in {time}",
  opens_now: "Opening now",
  opened: "The exam is open.",
  goes_on_in: "Your break ends in {time}",
  goes_on_now: "Your break is over",
  break_over: "Your break is over, and your clock runs again. Your exam ends {end}.",
  pause_over: "Your exam goes on. It ends {end}.",
  changed_page: "This page has changed: {title}",
};

const own = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const plural = new Intl.PluralRules(document.documentElement.lang || "en");

/** The sentence named `key`, its {places} filled in; the form that fits `n` when there are several. */
export function say(key, places = {}) {
  const found = own[key] ?? ENGLISH[key];
  const text = typeof found === "string" ? found : (found[plural.select(places.n)] ?? found.other);
  return text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}

/** One of the short words under `key`. */
export function word(key, name) {
  return (own[key] ?? ENGLISH[key])[name];
}
