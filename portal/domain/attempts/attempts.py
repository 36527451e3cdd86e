"""What can happen to an attempt: create, start, check answers, submit, expire, archive."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import LoaderOption

from portal.db import db
from portal.db.fast import prepared
from portal.db.loading import Loading
from portal.domain.answers import marking
from portal.domain.attempts.creation import check_begin as check_begin
from portal.domain.attempts.creation import create as create
from portal.domain.attempts.creation import create_registered as create_registered
from portal.domain.attempts.creation import new_ref as new_ref
from portal.domain.attempts.eligibility import clock_elsewhere as clock_elsewhere
from portal.domain.attempts.eligibility import find_latest as find_latest
from portal.domain.attempts.resetting import archive as archive
from portal.domain.errors import IllegalTransition, NotFound, NotNow
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import exam_clock, running_clock, time_account
from portal.domain.timekeeping.budget import EntryFacts
from portal.models import Attempt, Course, EndedBy, Exam, ResumeState, User
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import PRE_START, RUNNING


def get_by_ref(ref: str) -> Attempt:
    """With exam, course and learner loaded. :raises NotFound: no such attempt."""
    attempt = _whole_by_ref().one(db.session(), {"ref": ref.upper()})
    if attempt is None:
        raise NotFound("There is no attempt with this reference.")
    return attempt


def find(attempt_id: int | None) -> Attempt | None:
    return db.session.get(Attempt, attempt_id) if attempt_id else None


def get(attempt_id: int | None) -> Attempt:
    """:raises NotFound: no such attempt."""
    if (attempt := find(attempt_id)) is None:
        raise NotFound("There is no such attempt.")
    return attempt


def find_whole(attempt_id: int | None) -> Attempt | None:
    """With exam, course and learner loaded."""
    return _whole_by_id().one(db.session(), {"attempt_id": attempt_id})


def get_whole(attempt_id: int | None) -> Attempt:
    """As :func:`find_whole` does. :raises NotFound: no such attempt."""
    if (attempt := find_whole(attempt_id)) is None:
        raise NotFound("There is no such attempt.")
    return attempt


def find_named(number: int | None, ref: str) -> Attempt | None:
    """By its reference, or by its number if there is one; with exam, course and learner."""
    is_it = Attempt.ref == ref.upper()
    if number is not None:
        is_it = or_(is_it, Attempt.id == number)
    return db.session.scalar(select(Attempt).where(is_it).options(_with_course(), joinedload(Attempt.learner)))


def find_under_way(learner: User, *, now: datetime) -> Attempt | None:
    """The newest of the learner's exams whose clock runs or is paused; with exam and course."""
    query = select(Attempt).where(
        Attempt.learner_id == learner.id,
        Attempt.status.in_(RUNNING),
        Attempt.archived_at.is_(None),
        or_(Attempt.is_paused, Attempt.hard_stop_at > now),
    )
    whole = query.options(_with_course())
    return db.session.scalar(whole.order_by(Attempt.id.desc()).limit(1))


def _with_course() -> LoaderOption:
    return joinedload(Attempt.exam).joinedload(Exam.course)


def lock(attempt_id: int) -> Attempt:
    """The attempt as it stands now, held until the transaction ends, with exam, course and learner.

    Only inside ``writing()``.
    """
    attempt = _held_whole().one(db.session(), {"attempt_id": attempt_id})
    if attempt is None:
        raise NotFound("There is no such attempt.")
    return attempt


def lock_by_ref(ref: str, *, is_whole: bool = False) -> Attempt:
    """Like :func:`lock`, by reference; without exam, course and learner unless ``is_whole``."""
    held = _held_whole_by_ref() if is_whole else _held_by_ref()
    attempt = held.one(db.session(), {"ref": ref.upper()})
    if attempt is None:
        raise NotFound("There is no attempt with this reference.")
    return attempt


# Built once: building one takes as long as asking it, and everything that a learner does begins with one of them.


#: With the course comes whether anybody wants to hear of it, which every change asks.
WHOLE = (Attempt.exam, Exam.course, Course.has_webhooks, Attempt.learner)


@prepared
def _whole_by_ref() -> Loading[Attempt]:
    return Loading(Attempt, *WHOLE, where=[Attempt.ref == bindparam("ref")])


@prepared
def _whole_by_id() -> Loading[Attempt]:
    return Loading(Attempt, *WHOLE, where=[Attempt.id == bindparam("attempt_id")])


@prepared
def _held_by_ref() -> Loading[Attempt]:
    return Loading(Attempt, where=[Attempt.ref == bindparam("ref")], is_held=True)


@prepared
def _held_whole() -> Loading[Attempt]:
    return Loading(Attempt, *WHOLE, where=[Attempt.id == bindparam("attempt_id")], is_held=True)


@prepared
def _held_whole_by_ref() -> Loading[Attempt]:
    return Loading(Attempt, *WHOLE, where=[Attempt.ref == bindparam("ref")], is_held=True)


def start(attempt: Attempt, learner: User, *, now: datetime) -> Attempt:
    """Start the clock; a second start changes nothing. A timed exam passes through ready by itself.

    :raises NotNow: the window is closed, or another of the learner's clocks runs.
    """
    if attempt.status in RUNNING:
        return attempt
    facts, in_force = running_clock.start_of(attempt, now=now)
    _check_start(attempt, facts, now=now)
    if attempt.status is S.CREATED and attempt.provider_slug is None:
        transitions.move(attempt, S.READY_TO_START, Cause(actor=Actor.PORTAL), now=now)
    if not transitions.may_move(attempt, S.STARTED, Actor.LEARNER):
        raise NotNow("This attempt cannot be started.")
    attempt.started_at = now
    time_account.open_account(attempt, facts, in_force, now=now)
    transitions.move(attempt, S.STARTED, Cause(actor=Actor.LEARNER, user=learner), now=now)
    return attempt


def _check_start(attempt: Attempt, facts: EntryFacts, *, now: datetime) -> None:
    if attempt.status not in PRE_START or attempt.archived_at is not None:
        raise NotNow("This attempt has already ended.")
    if (facts.closes_at and now >= facts.closes_at) or (facts.opens_at and now < facts.opens_at):
        raise NotNow("This exam is not open now.")
    if not facts.would_get_seconds:
        raise NotNow("You have no time left for this attempt. Ask the course team; your clock has not started.")
    other = clock_elsewhere(attempt)
    if other is not None:
        raise NotNow("Your clock is running in another exam (reference %(ref)s). Submit that one first.", ref=other.ref)


def check_answers(attempt: Attempt, learner: User, *, now: datetime) -> None:
    """To the page with all answers; the clock runs on. :raises IllegalTransition: the exam is not running."""
    transitions.move(attempt, S.READY_TO_SUBMIT, Cause(actor=Actor.LEARNER, user=learner), now=now)


def go_back(attempt: Attempt, learner: User, *, now: datetime) -> None:
    """Back to the questions, while time remains; nothing happens if they are there already.

    :raises NotNow: the time is up. :raises IllegalTransition: the exam is not running; a start is another step.
    """
    if attempt.status not in RUNNING:
        raise IllegalTransition("This exam is not running.")
    if attempt.status is S.READY_TO_SUBMIT and is_overdue(attempt, now=now, at_deadline=True):
        raise NotNow("Your time is up. Your answers are being submitted.")
    transitions.move(attempt, S.STARTED, Cause(actor=Actor.LEARNER, user=learner), now=now)


def answers_again(attempt: Attempt, learner: User, *, now: datetime) -> None:
    """An answer was saved after *Check your answers*, as from a page they came back to: they are at the questions."""
    if attempt.status is S.READY_TO_SUBMIT and not is_overdue(attempt, now=now, at_deadline=True):
        go_back(attempt, learner, now=now)


def is_overdue(attempt: Attempt, *, now: datetime, at_deadline: bool = False) -> bool:
    """Whether the hard stop (or, ``at_deadline``, the deadline) has passed. A paused clock is never overdue."""
    limit = (exam_clock.deadline_of if at_deadline else exam_clock.hard_stop_of)(attempt, now=now)
    is_stopped = exam_clock.stopped_at(attempt, now=now) is not None
    return attempt.is_running and not is_stopped and limit is not None and now >= limit


def complete(attempt: Attempt, cause: Cause, *, ended_by: EndedBy, now: datetime) -> bool:
    """End a running attempt, mark what a machine can mark, and enqueue what follows. False if it has ended already.

    ``completed_at`` is never after the deadline: the grace is for transport.

    :raises IllegalTransition: it was never started, or ended some other way.
    """
    if attempt.status is S.SUBMITTED:
        return False
    if attempt.is_paused:
        time_account.resume_clock(attempt, Cause(actor=Actor.PORTAL, reason="Submitted."), now=now)
    marking.mark_attempt(attempt)
    attempt.completed_at = min(now, attempt.deadline_at) if attempt.deadline_at else now
    attempt.ended_by = ended_by
    attempt.resume_state = ResumeState.NONE
    return transitions.move(attempt, S.SUBMITTED, cause, now=now)


def submit(attempt: Attempt, learner: User, *, now: datetime) -> bool:
    """The learner submits. The last to arrive after the hard stop is submitted by the clock."""
    if is_overdue(attempt, now=now):
        return submit_overdue(attempt, now=now)
    return complete(attempt, Cause(actor=Actor.LEARNER, user=learner), ended_by=EndedBy.LEARNER, now=now)


def submit_overdue(attempt: Attempt, *, now: datetime, stores_timed_out: bool = False) -> bool:
    """What the sweeper does past the hard stop; the learner's own writes call it too. False if not overdue.

    ``completed_at`` is the deadline. ``stores_timed_out``: the setting ``ALLOW_TIMED_OUT_STATE``. A break whose
    minutes are used up is written down on the way.
    """
    time_account.end_break(attempt, now=now)
    if not is_overdue(attempt, now=now):
        return False
    cause = Cause(actor=Actor.SWEEPER, reason="Time was up.")
    if not stores_timed_out:
        return complete(attempt, cause, ended_by=EndedBy.TIME, now=now)
    marking.mark_attempt(attempt)
    attempt.completed_at, attempt.ended_by = attempt.deadline_at, EndedBy.TIME
    return transitions.move(attempt, S.TIMED_OUT, cause, now=now)


def expire(attempt: Attempt, *, now: datetime) -> bool:
    """Close an attempt that was never started when its window has closed. False while the window is open."""
    closes_at = running_clock.closes_at(attempt, now=now)
    if attempt.status not in PRE_START or closes_at is None or now < closes_at:
        return False
    return transitions.move(attempt, S.EXPIRED, Cause(actor=Actor.SWEEPER, reason="The exam closed."), now=now)
