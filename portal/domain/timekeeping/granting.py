"""Granting and withdrawing as the course team does it: the allowance, and at once every clock it touches."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from portal.db import db
from portal.domain.errors import NotNow
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import (
    allowance_terms,
    allowances,
    budget,
    exam_clock,
    preview,
    running_clock,
    time_account,
)
from portal.domain.timekeeping.allowance_terms import Terms
from portal.domain.timekeeping.preview import Effect
from portal.domain.timekeeping.time_account import LEAST_LEFT
from portal.models import Allowance, Attempt, Course, User

#: How long a withdrawal can be undone.
UNDO_WITHIN = timedelta(minutes=10)


class Granted(NamedTuple):
    """What a grant came to."""

    allowance: Allowance
    changed: list[Attempt]
    """Attempts whose time changed."""
    is_new: bool
    """Whether they did not have the very same already."""


def grant(course: Course, learner: User, terms: Terms, *, by: User | None, reason: str, now: datetime) -> Granted:
    """Grant, and recount the learner's running attempts. What they have already is given back unchanged.

    :raises BadInput, NotAllowed: as :func:`allowances.grant`.
    :raises NotNow: in place of a larger one it would take time from a clock that runs.
    """
    allowance_terms.check(terms)
    alike = allowances.alike(course, learner, terms)
    if same := next((one for one in alike if allowances.says(one, terms)), None):
        return Granted(same, [], is_new=False)
    under_way = preview.under_way(learner.id, course.id, terms.exam_id)
    _check_nothing_is_taken(preview.foresee(course, learner, terms, found=under_way, now=now))
    allowances.replace(alike, by=by, now=now)
    allowance = allowances.add(course, learner, terms, by=by, reason=reason, now=now)
    cause = Cause(actor=Actor.STAFF, user=by, reason=reason or "An allowance was granted.")
    return Granted(allowance, _recount(under_way, cause, now=now), is_new=True)


def withdraw(allowance: Allowance, *, by: User | None, reason: str, now: datetime) -> list[Attempt]:
    """Take an allowance back, and recount. A second time changes nothing.

    :raises NotNow: a clock that runs would be left with less than five minutes.
    """
    if allowance.withdrawn_at is not None:
        return []
    under_way = preview.under_way(allowance.learner_id, allowance.course_id, allowance.exam_id)
    _check_enough_is_left(preview.foresee_withdrawal(allowance, found=under_way, now=now), now=now)
    allowances.withdraw(allowance, by=by, now=now)
    db.session.flush()  # The recount asks the database what is in force.
    cause = Cause(actor=Actor.STAFF, user=by, reason=reason or "An allowance was withdrawn.")
    return _recount(under_way, cause, now=now)


def undo_withdrawal(allowance: Allowance, *, by: User | None, now: datetime) -> list[Attempt]:
    """Let a withdrawn allowance count again, with its minutes. A second time changes nothing.

    :raises NotNow: ten minutes have passed, or another of its kind was granted since.
    """
    if allowance.withdrawn_at is None:
        return []
    if now >= allowance.withdrawn_at + UNDO_WITHIN:
        raise NotNow("Grant the allowance again. You can undo a withdrawal only for ten minutes.")
    if allowances.find_like(allowance) is not None:
        raise NotNow("Change the newer allowance of this kind instead.")
    allowance.withdrawn_at, allowance.withdrawn_by_id = None, None
    db.session.flush()
    found = preview.under_way(allowance.learner_id, allowance.course_id, allowance.exam_id)
    return _recount(found, Cause(actor=Actor.STAFF, user=by, reason="The withdrawal was undone."), now=now)


def _check_nothing_is_taken(effects: Sequence[Effect]) -> None:
    for effect in effects:
        if effect.taken_seconds and effect.running:
            raise NotNow(
                f"{effect.running.learner.name} is in {effect.exam.name} ({effect.running.ref}) and would lose "
                f"{-(-effect.taken_seconds // 60)} min, because this replaces a larger allowance. "
                "Grant at least as much, or withdraw the current allowance first."
            )


def _check_enough_is_left(effects: Sequence[Effect], *, now: datetime) -> None:
    for effect in effects:
        ends_at = effect.after.ends_at
        if effect.taken_seconds and effect.running and ends_at and ends_at - now < LEAST_LEFT:
            raise NotNow(
                "Wait until the exam is submitted, or add time to it first. %(learner)s is in %(exam)s (%(ref)s) and "
                "would have less than five minutes left.",
                learner=effect.running.learner.name, exam=effect.exam.name, ref=effect.running.ref,
            )  # fmt: skip


def _recount(found: Sequence[Attempt], cause: Cause, *, now: datetime) -> list[Attempt]:
    return [attempt for attempt in map(_held, found) if _follow(attempt, cause, now=now)]


def _held(attempt: Attempt) -> Attempt:
    """As it stands now, held until the transaction ends: its learner may be saving an answer in this moment."""
    held = select(Attempt).where(Attempt.id == attempt.id).with_for_update(of=Attempt)
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def _follow(attempt: Attempt, cause: Cause, *, now: datetime) -> bool:
    """A clock that runs changes at once; of one that waits only the closing, since its start counts anew."""
    if attempt.is_running:
        return time_account.recount(attempt, cause, now=now)
    was_left = exam_clock.left_seconds(attempt, now=now)
    in_force = running_clock.in_force_for(attempt, now=now)
    attempt.window_closes_at = budget.closes_for(running_clock.promise_to(attempt).closes_at, in_force)
    return exam_clock.left_seconds(attempt, now=now) != was_left
