"""The answer to a case, for the course team: who may give it, and how a learner who wrote hears it."""

from datetime import datetime

from portal.domain import access
from portal.domain.errors import BadInput, NotAllowed, NotNow
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import case_recipients, cases, messages
from portal.domain.text.clean_text import trimmed
from portal.domain.timekeeping import notices
from portal.models import Attempt, CaseKind, EmailKind, Event, Right, SupportCase, Topic, User

LONGEST_NOTE = 1000


def answer(case: SupportCase, by: User, note: str, *, now: datetime) -> None:
    """Close it and say what was done; a learner who wrote gets it by email. A second time keeps the first.

    :raises NotAllowed: not of this course's team, or it is about the person's own attempt. :raises BadInput: no note.
    :raises NotNow: an appeal, which the answer to the learner closes.
    """
    is_theirs = by.is_administrator if case.course_id is None else access.may(by, Right.HANDLE_CASES, case.course_id)
    if not is_theirs:
        raise NotAllowed("You are not on the team of this course, so you cannot answer this case.")
    if case.attempt is not None and case.attempt.learner_id == by.id:
        raise NotAllowed("This case is about your own attempt, so another team member must answer it.")
    if case.kind == CaseKind.APPEAL and case.closed_at is None:
        raise NotNow("Answer the appeal on its review page, so that the learner gets the answer.")
    if case.kind in case_recipients.FOR_REVIEWERS and not access.may(by, Right.REVIEW, case.course_id or 0):
        raise NotAllowed("Only a reviewer of this course can answer this case.")
    note = trimmed(note)
    if not 1 <= len(note) <= LONGEST_NOTE:
        raise BadInput("note", f"Enter a note of at most {LONGEST_NOTE} characters.")
    if case.closed_at is None and case.kind == CaseKind.LEARNER_MESSAGE and case.attempt is not None:
        _tell_learner(case, case.attempt, Cause(actor=Actor.STAFF, user=by), note, now=now)
    cases.close(case, by, note=note, now=now)


def _tell_learner(case: SupportCase, attempt: Attempt, cause: Cause, note: str, *, now: datetime) -> None:
    """By email, on their pages, and at once where their exam is open."""
    history.record(attempt, cause, from_status=attempt.status, now=now, event=Event.LEARNER_ANSWERED)
    said = {"template": EmailKind.MESSAGE_ANSWERED, "case": case.id}
    messages.enqueue_new(Topic.EMAIL, now=now, key=f"case.{case.key}.answer", attempt=attempt, payload=said)
    if attempt.is_running:
        notices.say(attempt, note, cause, now=now)
