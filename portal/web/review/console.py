"""The console for one attempt: what the provider saw, on the line of the recording, and what people made of it."""

from collections.abc import Mapping

from flask import render_template
from flask.typing import ResponseReturnValue

from portal import clock
from portal.domain import access
from portal.domain.answers import answers
from portal.domain.attempts import display_status
from portal.domain.lifecycle import history, other_attempts
from portal.domain.providers import deliveries
from portal.domain.reviews import (
    appeal_answers,
    appeals,
    claims,
    decisions,
    outcome,
    rejections,
    review_versions,
)
from portal.domain.timekeeping import allowances, time_account
from portal.models import Appeal, Attempt, Decision, Event, ResumeState, Right
from portal.web.gate.guards import me
from portal.web.review import labels, timeline
from portal.web.review.blueprint import bp, days_to_review, shown, the_reviewed_attempt
from portal.web.review.forms import AppealAnswerForm, DecisionForm

#: Events that note that a person asked to see what is hidden.
ASKED: dict[Event, str] = {Event.NAME_SHOWN: "name", Event.RECORDING_SHOWN: "recording"}


@bp.get("/<ref>")
def console(ref: str) -> ResponseReturnValue:
    attempt = the_reviewed_attempt(ref)
    return page(attempt, _begun(attempt))


def _begun(attempt: Attempt) -> DecisionForm:
    """With what the person said before; where they took it back, the verdict itself is to be chosen anew."""
    earlier = decisions.find_unsent(attempt, me())
    if earlier is None:
        return DecisionForm()
    words = {"reason_code": earlier.reason_code, "sentence": earlier.sentence, "note": earlier.note}
    return DecisionForm(data=words if earlier.undone_at else {**words, "verdict": earlier.verdict.value})


def page(attempt: Attempt, form: DecisionForm, **more: object) -> str:
    """The console with this form in it. ``more`` is what a refused form adds: its marks, and what changed."""
    versions, now = review_versions.list_for(attempt), clock.now()
    report = next((one for one in reversed(versions) if not one.is_human), None)
    incidents = [one for one in report.comments if one.is_incident] if report else []
    rows, made = time_account.rows(attempt), decisions.list_for(attempt)
    form.seen.data = token(attempt, versions[-1].number if versions else 0, _newest(made))
    known = {
        "attempt": attempt,
        "form": form,
        "versions": versions[::-1],
        "report": report,
        "incidents": incidents,
        "clean": [one for one in report.comments if not one.is_incident] if report else [],
        "marks": {one.id: one.verdict for one in incidents},
        "recording": timeline.recording(attempt, incidents, rows, answers.saved_moments(attempt)),
        "allowances": allowances.in_force(attempt.exam, attempt.learner_id, now=now),
        "deliveries": deliveries.list_for(attempt),
        "made": made[::-1],
        "open": next((one for one in made if one.sent_at is None and one.undone_at is None), None),
        "before": decisions.newest_open(me()),
        "claim": claims.holder(attempt, now=now),
        "asked": asked_for(attempt),
        "windows": history.list_of(attempt, Event.WINDOW_CHANGED),
        **_beside(attempt, form),
    }
    return render_template("review/console.html", **{**known, **more}, words=labels, show=shown(), now=now)


def _beside(attempt: Attempt, form: DecisionForm) -> dict[str, object]:
    chain = outcome.chain_of(attempt)
    appeal = appeals.find(attempt, chain)
    return {
        "possible": {verdict.value for verdict in decisions.possible(attempt)},
        "first": rejections.first(attempt, me()) if attempt.exam.course.needs_two_reviewers else None,
        "appeal": appeal,
        "answer_form": _answering(appeal) if appeal and not (appeal.answered_at or appeal.answer_due_at) else None,
        "why_no_answer": appeal_answers.why_not(attempt, me()) if appeal else "",
        "chain": chain if len(chain) > 1 else (),
        "may_help": _may_help(attempt),
        "earlier": _earlier(attempt),
        "days": days_to_review(),
        "conflict": None,
    }


def _may_help(attempt: Attempt) -> bool:
    """Whether the person may let the learner continue, where one waits for that."""
    if attempt.is_paused:
        return access.may(me(), Right.GIVE_TIME, attempt.exam.course_id)
    return attempt.resume_state is ResumeState.RESUMABLE and access.may(me(), Right.RESUME, attempt.exam.course_id)


def _answering(appeal: Appeal) -> AppealAnswerForm:
    """With the words of an answer that was taken back; its outcome is to be chosen anew."""
    mine = appeal.answered_by_id == me().id
    return AppealAnswerForm(formdata=None, data={"answer": appeal.answer if mine else ""})


def token(attempt: Attempt, review_number: int, decision_id: int) -> str:
    """Another one means that something about the attempt has changed."""
    return f"{attempt.version}.{review_number}.{decision_id}"


def token_now(attempt: Attempt) -> str:
    return token(attempt, review_versions.newest_number(attempt), decisions.newest_id(attempt))


def asked_for(attempt: Attempt) -> set[str]:
    """What of the hidden things the person has asked to see: ``name``, ``recording``."""
    return {ASKED[event] for event in history.events_by(attempt, me(), ASKED)}


def _newest(made: list[Decision]) -> int:
    return max((one.id for one in made if one.undone_at is None), default=0)


def _earlier(attempt: Attempt) -> Mapping[str, int]:
    """How the learner's other attempts in this course stand, in words."""
    counts: dict[str, int] = {}
    for one in other_attempts.in_course(attempt):
        said = display_status.of(one).words.lower()
        counts[said] = counts.get(said, 0) + 1
    return counts
