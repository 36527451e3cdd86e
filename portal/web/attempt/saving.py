"""Keeping answers: from the page's script as JSON, and from the plain form when there is no script."""

from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain.answers import answers, kinds
from portal.domain.answers.answers import Said
from portal.domain.attempts import attempts
from portal.domain.attempts.active_window import OtherWindow
from portal.domain.errors import BadInput, Conflict, NotFound
from portal.domain.timekeeping import clock_message, exam_clock, time_account
from portal.languages import gettext
from portal.models import Answer, Attempt, AttemptStatus, LateAnswer, Question
from portal.web.attempt import bp, breaks, one_window
from portal.web.attempt.page.exam_page import ExamPage, elsewhere
from portal.web.attempt.page.question_state import state_of
from portal.web.gate.guards import me, my_attempt, only_mine
from portal.web.gate.places import place_of

Late = tuple[dict[str, object], int]
#: Of so many tries the page may not have heard.
MOST_UNHEARD = 20
#: No answer is ever saved so often.
MOST_SAVES = 10**9


def said_in(body: object) -> Said:
    """What a script sent for one question. :raises BadInput: naming the field that cannot be used."""
    if not isinstance(body, dict):
        raise BadInput("body", "Send a JSON object.")
    version, flagged, at = body.get("version"), body.get("flagged"), body.get("client_at")
    if not isinstance(version, int) or isinstance(version, bool) or not 0 <= version <= MOST_SAVES:
        raise BadInput("version", "Send the version of the answer that the page had seen, as a number.")
    if flagged is not None and not isinstance(flagged, bool):
        raise BadInput("flagged", "Send true or false.")
    before = body.get("sent_before")
    unheard = map(moment, before[-MOST_UNHEARD:]) if isinstance(before, list) else ()
    return Said(
        value=body.get("value"),
        seen_version=version,
        is_flagged=flagged,
        client_at=moment(at),
        sent_before=frozenset(filter(None, unheard)),
    )


def moment(milliseconds: Any) -> datetime | None:
    """The browser's own clock, kept for the record only; None when it makes no sense."""
    is_number = isinstance(milliseconds, (int, float)) and 0 < milliseconds < 4_102_444_800_000
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if is_number else None


def late_reply(attempt: Attempt) -> Late:
    message = gettext("Your exam has ended. This answer arrived too late and is stored separately for the course team.")
    state = {"state": "ended", "go": url_for("attempt.status", ref=attempt.ref)}
    return {"detail": message, "error": {"code": "late", "message": message}, **state}, 409


@bp.post("/answers/<int:question_id>")
@login_required
def answer(ref: str, question_id: int) -> ResponseReturnValue:
    """Autosave. 200 with the new version, or 409: a newer answer stands there, or the exam has ended."""
    body, now, my_id = request.get_json(silent=True), clock.now(), me().id
    with writing():
        attempt = only_mine(lambda: attempts.lock_by_ref(ref), my_id)
        one_window.require(attempt, now=now)
        answers.require_clock(attempt, now=now)
        kept = answers.save(attempt, question_id, said_in(body), now=now)
        if not attempts.submit_overdue(attempt, now=now) and attempt.status is AttemptStatus.READY_TO_SUBMIT:
            attempts.answers_again(attempt, attempt.learner, now=now)
        if isinstance(kept, LateAnswer):
            return late_reply(attempt)
        return saved_reply(attempt, kept, now=now)


def saved_reply(attempt: Attempt, kept: Answer, *, now: datetime) -> dict[str, Any]:
    """The new version, the clock, and how the question stands; how a number is read, too: the one reader is here."""
    message = clock_message.message(attempt, now=now)
    state = state_of(answers.question_of(attempt, kept.question_id), kept)
    shown = state.number
    return {
        "version": kept.version,
        "is_answered": state.is_answered,
        **({"number": {"is_number": shown.is_number, "says": shown.says}} if shown else {}),
        **{name: message[name] for name in ("now", "rev", "deadline", "hard_stop", "saved_at")},
    }


@bp.post("/exam/<int:number>")
@login_required
def save(ref: str, number: int) -> ResponseReturnValue:
    """The question's form without a script: save, then go where the button said."""
    attempt, now = my_attempt(ref), clock.now()
    page = ExamPage(attempt, now)
    if not 1 <= number <= len(page.questions):
        raise NotFound("There is no such question.")
    question = page.questions[number - 1]
    if "use_window" in request.form:
        one_window.use_here(attempt.id, now=now)
    try:
        kept = _save_form(attempt.id, question, page.answers.get(question.id), now=now)
    except OtherWindow:
        return one_window.page_of(attempt, number=number, question=question, said=form_said(question)), 409
    except Conflict as conflict:
        return render_template(
            "attempt/conflict.html", page=page, number=number, question=question, current=conflict.current,
            mine=form_said(question).value,
        ), 409  # fmt: skip
    if isinstance(kept, LateAnswer):
        return kept_apart(my_attempt(ref), now=now)
    if request.form.get("go") == "take_back":
        flash(gettext("You removed the file. This question has no answer now."))
    if request.form.get("go") == "break":
        return breaks.begin(my_attempt(ref), number=number, now=now)
    return elsewhere(my_attempt(ref), now=now) or redirect(after(ref, number, len(page.questions)), 303)


def kept_apart(attempt: Attempt, *, now: datetime) -> ResponseReturnValue:
    """A plain form cannot keep what it sent, so we do; and say why it does not count by itself."""
    if exam_clock.state_of(attempt, now=now) == "paused":
        said = gettext(
            "Enter this answer again when you continue, so that it counts. "
            "Your exam was paused when it arrived. The course team can see it."
        )
    else:
        said = gettext("Your time was up when this arrived, so it does not count automatically.")
    flash(said, "warn")
    return redirect(place_of(attempt, now=now), 303)


def _save_form(attempt_id: int, question: Question, stored: Answer | None, *, now: datetime) -> Answer | LateAnswer:
    with writing():
        attempt = attempts.lock(attempt_id)
        if "plain_page" in request.form:
            time_account.extend_grace(attempt)
        one_window.require(attempt, now=now)
        one_window.enter(attempt, now=now)
        kept = answers.save(attempt, question.id, form_said(question, stored), now=now)
        if not attempts.submit_overdue(attempt, now=now):
            attempts.answers_again(attempt, attempt.learner, now=now)
        return kept


def form_said(question: Question, stored: Answer | None = None) -> Said:
    """What the form says, as the kind of question reads it.

    A file is sent by a button of its own: the page may know an older version of it, and the form changes nothing.
    """
    form, kind = request.form, kinds.of(question)
    known = (stored.version if stored else 0) if kind.takes_files else form.get("version", 0, type=int)
    return Said(value=kind.from_form(form, stored), seen_version=known, is_flagged="flagged" in form)


def after(ref: str, number: int, count: int) -> str:
    """Where the pressed button goes."""
    go = request.form.get("go", "next")
    if 1 <= (number_asked := request.form.get("go", 0, type=int)) <= count:
        return url_for(".question", ref=ref, number=number_asked)
    if go == "check" or (go == "next" and number >= count):
        return url_for(".check", ref=ref, to=number)
    step = {"next": 1, "previous": -1}.get(go, 0)
    return url_for(".question", ref=ref, number=max(1, number + step))
