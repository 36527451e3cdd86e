"""The life of an attempt: what may follow what, who may bring it about, and the functions that change it.

Each of these functions writes a line of history and then enqueues what follows from it. Writing a line
(:func:`history.record`) sends nothing by itself.
"""

from datetime import datetime

from portal.domain.errors import IllegalTransition
from portal.domain.lifecycle import consequences, history, status_labels
from portal.domain.lifecycle.history import Actor, Cause
from portal.models import Attempt, Event, ResumeState
from portal.models import AttemptStatus as S

Edges = dict[S, frozenset[Actor]]

LEARNER, STAFF, PROCTOR, REVIEWER = Actor.LEARNER, Actor.STAFF, Actor.PROCTOR, Actor.REVIEWER
PROVIDER, SWEEPER, PORTAL = Actor.PROVIDER, Actor.SWEEPER, Actor.PORTAL

READY = frozenset({PROVIDER, PORTAL})
FAILING = frozenset({PORTAL, PROCTOR, PROVIDER, LEARNER, STAFF})
DECLINING = frozenset({LEARNER, PORTAL})
SUBMITTING = frozenset({LEARNER, SWEEPER, PROVIDER, PROCTOR})
REVIEWING = frozenset({PROVIDER, REVIEWER})

_SETTING_UP: Edges = {S.ERROR: FAILING, S.DECLINED: DECLINING, S.EXPIRED: frozenset({SWEEPER})}
_ENDING: Edges = {S.SUBMITTED: SUBMITTING, S.TIMED_OUT: frozenset({SWEEPER}), S.ERROR: FAILING}
_RESET: Edges = {S.ONBOARDING_RESET: frozenset({LEARNER})}

#: What an attempt may begin as, and who says so.
FIRST: Edges = {
    S.CREATED: frozenset({LEARNER}),
    S.ONBOARDING_MISSING: frozenset({PROVIDER}),
    S.ONBOARDING_PENDING: frozenset({PROVIDER}),
    S.ONBOARDING_FAILED: frozenset({PROVIDER}),
    S.ONBOARDING_EXPIRED: frozenset({PROVIDER}),
}

#: from -> to -> who. Every edge that is not here is refused.
MAY_FOLLOW: dict[S, Edges] = {
    S.CREATED: {S.DOWNLOAD_SOFTWARE_CLICKED: frozenset({LEARNER}), S.READY_TO_START: READY, **_SETTING_UP},
    S.DOWNLOAD_SOFTWARE_CLICKED: {S.READY_TO_START: READY, **_SETTING_UP},
    S.READY_TO_START: {S.STARTED: frozenset({LEARNER}), **_SETTING_UP},
    S.STARTED: {S.READY_TO_SUBMIT: frozenset({LEARNER}), **_ENDING},
    S.READY_TO_SUBMIT: {S.STARTED: frozenset({LEARNER}), **_ENDING},
    S.SUBMITTED: {
        S.STARTED: frozenset({STAFF}),  # :mod:`portal.domain.attempts.reopening` says when.
        S.VERIFIED: REVIEWING,
        S.REJECTED: REVIEWING,
        S.SECOND_REVIEW_REQUIRED: REVIEWING,
        S.ERROR: REVIEWING,
        **_RESET,
    },
    S.SECOND_REVIEW_REQUIRED: {
        S.VERIFIED: frozenset({REVIEWER}),
        S.REJECTED: frozenset({REVIEWER}),
        S.ERROR: frozenset({REVIEWER}),
        **_RESET,
    },
    S.VERIFIED: {S.REJECTED: REVIEWING, **_RESET},
    S.REJECTED: {S.VERIFIED: REVIEWING, **_RESET},
    S.ERROR: {S.VERIFIED: REVIEWING, S.REJECTED: REVIEWING, **_RESET},
    S.DECLINED: _RESET,
    S.TIMED_OUT: _RESET,
    S.EXPIRED: {},
    S.ONBOARDING_RESET: {},
    S.ONBOARDING_MISSING: {},
    S.ONBOARDING_PENDING: {},
    S.ONBOARDING_FAILED: {},
    S.ONBOARDING_EXPIRED: {},
}


def may_move(attempt: Attempt, to: S, actor: Actor) -> bool:
    """Whether the table lets ``actor`` bring the attempt to ``to``; its own status counts as allowed.

    Only practice and onboarding attempts may be replaced by a learner's retry, and an archived attempt
    keeps the status it had.
    """
    if attempt.status is to:
        return True
    if attempt.archived_at is not None or (to is S.ONBOARDING_RESET and not attempt.is_sample):
        return False
    return actor in MAY_FOLLOW[attempt.status].get(to, frozenset())


def begin(attempt: Attempt, status: S, cause: Cause, *, now: datetime) -> None:
    """Give a new attempt its first status, and enqueue what follows from that.

    :raises IllegalTransition: if an attempt may not begin so.
    """
    if cause.actor not in FIRST.get(status, frozenset()):
        raise IllegalTransition(f"An attempt cannot start with the status {status}.")
    attempt.status = status
    entry = history.record(attempt, cause, from_status=None, now=now)
    consequences.follow(attempt, entry, now=now)


def move(attempt: Attempt, to: S, cause: Cause, *, now: datetime, event: Event = Event.MOVED) -> bool:
    """Give ``attempt`` its next status and enqueue what follows from it; True when it moved.

    ``event``: for a step that history and listeners know by a name of its own.

    No other function writes ``attempt.status``. Moving to the status it already has does nothing, so a
    message that arrives twice is harmless.

    :raises IllegalTransition: if the table does not let this actor bring it about.
    """
    from_status = attempt.status
    if to is from_status:
        return False
    if not may_move(attempt, to, cause.actor):
        raise IllegalTransition(
            f"This attempt is {status_labels.of(from_status)}; it cannot become {status_labels.of(to)}."
        )
    attempt.status = to
    entry = history.record(attempt, cause, from_status=from_status, now=now, event=event)
    consequences.follow(attempt, entry, now=now)
    return True


def happened(attempt: Attempt, event: Event, cause: Cause, *, tell_at: datetime | None = None, now: datetime) -> None:
    """Record an event that left the status as it is, and enqueue what follows from it.

    ``tell_at``: until then it can be taken back, so nobody outside is told before; platforms hear of it at once.
    """
    entry = history.record(attempt, cause, from_status=attempt.status, now=now, event=event)
    consequences.follow(attempt, entry, tell_at=tell_at, now=now)


def make_resumable(attempt: Attempt) -> None:
    """Let the course team resume it, unless it is practice or on its way into another attempt already."""
    if attempt.resume_state is ResumeState.NONE and not attempt.is_sample:
        attempt.resume_state = ResumeState.RESUMABLE
