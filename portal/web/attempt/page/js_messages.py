"""What the scripts of a running exam say in other languages: the same keys and places as in static/js/messages.js."""

from portal import languages
from portal.languages import lazy_gettext as _
from portal.languages import ngettext
from portal.web.attempt import bp


def pair(one: str, many: str) -> tuple[str, str]:
    """Marks a sentence about one and about many, for the catalogues."""
    return one, many


SENTENCES = {
    "min": _("{n} min"),
    "left": _("{time} left"),
    "about": _("about {time}"),
    "checked": _("checked {at}"),
    "checking": _("Checking the time"),
    "unchecked": _("Time not checked since {at}"),
    "hidden": _("Time hidden"),
    "hidden_ends": _("Time hidden, ends {end}"),
    "low": _("Little time left"),
    "critical": _("Ending soon"),
    "ends": _("{left} left, ends {end}"),
    "title": _("{n} min left, {title}"),
    "moment": _("{left} left. Your exam ends {end}."),
    "last_moment": _("{left} left. Your exam ends {end}. We will submit your saved answers for you."),
    "hide": _("Hide time"),
    "show": _("Show time"),
    "keep": _("Keep showing"),
    "close": _("Close"),
    "changed": _("{text} Your exam ends {end}."),
    "saving": _("Saving"),
    "saved": _("Saved {at}"),
    "unsaved": _("Not saved since {at}: trying"),
    "unsaved_yet": _("Not saved yet: trying"),
    "refused_of": _("Question {n}: {why}"),
    "choose": _("Not saved: choose which answer to keep"),
    "conflict": _("A newer answer was saved in another window at {at}: {text}"),
    "no_answer": _("no answer"),
    "keep_newer": _("Keep newer"),
    "keep_mine": _("Keep this one"),
    "kept": _("An answer typed on this device at {at} was not sent: {text}"),
    "kept_of": _("Question {n}: an answer typed on this device at {at} was not sent: {text}"),
    "use": _("Use it"),
    "drop": _("Discard it"),
    "offline": _("You have been offline since {at}."),
    "unreachable": _("The portal has been unreachable since {at}."),
    "offline_rest": _(
        "Keep working. {saved}New answers are stored on this device. The clock keeps running; your exam ends {end}."
    ),
    "saved_until": _("Answers up to {at} are saved. "),
    "back": _("Back online."),
    "back_saved": _("Back online. All answers saved {at}."),
    "up": _("Time is up. Sending your answers."),
    "up_all_saved": _("Time is up. All your answers are saved and are being submitted."),
    "up_spoken": _("Time is up. Your answers are being submitted."),
    "up_offline": _(
        "The exam ended {end}. {saved}Later answers are stored on this device and sent when you are online. "
        "The course team decides whether they count."
    ),
    "late_sent": _(
        "Your offline answers have been sent. "
        "They are stored separately, and the course team decides whether they count."
    ),
    "submitted": _("Your exam was submitted."),
    "not_loaded": _("Not loaded yet; we try again every few seconds."),
    "check_title": _("Check your answers"),
    "check_here": _(
        "There is no connection. This list shows only what is on this device. "
        "Your answers are stored here and sent automatically."
    ),
    "check_submit": _(
        "You can submit as soon as the connection is back. When your time is up, we submit what is saved."
    ),
    "not_sent": _("not sent yet"),
    "question_of": _("Question {n}"),
    "submit": _("Submit exam"),
    "wait_unsaved": _("Your answer is not saved yet. The next page opens as soon as it is."),
    "elsewhere": _("Your exam continues in another window. This one is read-only."),
    "elsewhere_kept": _("Unsaved answers from this window are stored on this device."),
    "use_window": _("Use this window instead"),
    "kept_here": _("Not saved: stored on this device"),
    "signed_in": _("You are signed in again. Your answer is still here."),
    "room": _("{used} of 64 kB used"),
    "too_long": _("Too long by {n} characters: shorten it, or it cannot be saved"),
    "part": _("Sending {name}: {sent} of {size}"),
    "part_again": _("{name}: {sent} of {size} uploaded. No connection; the upload continues automatically."),
    "file_saved": _("Your file {name} is saved."),
    "file_there": _("Uploaded: {name}, {size} kB."),
    "file_stopped": _("{name} is not uploaded. Choose it again, and the upload continues where it stopped."),
    "file_unreadable": _("{name} cannot be read on this device any more. Choose it again."),
    "choose_file": _("Choose a file first, then press the button."),
    "megabytes": _("{n} MB"),
    "wait_file": _("Your file is still uploading. The next page opens when the upload is complete."),
    "picture": _("Picture"),
    "progress": _("{answered} of {total} answered, {flagged} flagged"),
    "opens_in": _("Opens in {time}"),
    "opens_now": _("Opening now"),
    "opened": _("The exam is open."),
    "resumes_in": _("Your break ends in {time}"),
    "resumes_now": _("Your break is over"),
    "break_over": _("Your break is over, and your clock is running again. Your exam ends {end}."),
    "pause_over": _("Your exam continues. It ends {end}."),
    "changed_page": _("This page has changed: {title}"),
}
#: Words for one and for many.
COUNTED = {
    "minutes": pair("{n} minute", "{n} minutes"),
    "seconds": pair("{n} second", "{n} seconds"),
    "words": pair("{n} word", "{n} words"),
}
SHORT = {
    "check_heads": {"number": _("No"), "question": _("Question"), "state": _("Status")},
    "question_state": {
        "answered": _("answered"),
        "open": _("no answer"),
        "unread": _("not a number"),
        "flagged": _("flagged"),
        "here": _("you are here"),
    },
}
#: A number that each language's rules count as the one named, as browsers name them.
COUNTS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}


@bp.app_template_global()
def script_words() -> dict[str, object]:
    """Everything by its key; nothing in English, which the scripts know themselves."""
    if languages.current() == "en":
        return {}
    words: dict[str, object] = {key: str(sentence) for key, sentence in SENTENCES.items()}
    for key, (one, many) in COUNTED.items():
        words[key] = {name: ngettext(one, many, count) for name, count in COUNTS.items()}
    for key, short in SHORT.items():
        words[key] = {name: str(word) for name, word in short.items()}
    return words
