"""From a registered attempt to the moment of Start: what learner and provider do before the clock runs."""

from datetime import datetime

from portal.domain.attempts import attempts
from portal.domain.errors import NotNow
from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.models import Attempt, EndedBy, User
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import PRE_START, RUNNING


def open_provider(attempt: Attempt, learner: User, *, ends_when_running: bool = False, now: datetime) -> bool:
    """The learner opens the provider's window. False when it changes nothing: open, ready or started already.

    ``ends_when_running``: as in :func:`make_ready`.
    """
    by_learner = Cause(actor=Actor.LEARNER, user=learner)
    if attempt.status in RUNNING and ends_when_running:
        return _submit_reopened(attempt, by_learner, EndedBy.LEARNER, now=now)
    if attempt.status is not S.CREATED:
        return False
    return transitions.move(attempt, S.DOWNLOAD_SOFTWARE_CLICKED, by_learner, now=now)


def make_ready(attempt: Attempt, cause: Cause, *, now: datetime, ends_when_running: bool = False) -> bool:
    """The set-up is done: the learner may start. False when it changes nothing.

    ``ends_when_running``: this provider forbids going back to the set-up, so a running exam is submitted
    (edx-proctoring's re-entry rule).
    """
    if attempt.archived_at is not None:
        return False
    if attempt.status in RUNNING and ends_when_running:
        return _submit_reopened(attempt, cause, EndedBy.PROVIDER, now=now)
    if attempt.status not in {S.CREATED, S.DOWNLOAD_SOFTWARE_CLICKED}:
        return False
    return transitions.move(attempt, S.READY_TO_START, cause, now=now)


def _submit_reopened(attempt: Attempt, cause: Cause, ended_by: EndedBy, *, now: datetime) -> bool:
    over = Cause(actor=cause.actor, user=cause.user, reason="The setup was opened again while the exam was running.")
    return attempts.complete(attempt, over, ended_by=ended_by, now=now)


def read_rules(attempt: Attempt, *, now: datetime) -> None:
    """The learner ticks that they have read the rules. A second tick keeps the first time.

    :raises NotNow: the exam has begun or is over.
    """
    if attempt.status not in PRE_START:
        raise NotNow("Accept the rules before the exam starts.")
    attempt.rules_read_at = attempt.rules_read_at or now
