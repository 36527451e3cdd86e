"""When a proctored exam is suspended, and how it continues: by a person's decision, with what was left."""

from datetime import datetime

from portal.domain.errors import BadInput, NotNow
from portal.domain.lifecycle import history, transitions
from portal.domain.lifecycle.history import Cause
from portal.domain.timekeeping import exam_clock, running_clock, time_account
from portal.domain.timekeeping.budget import EntryFacts
from portal.models import Attempt, Event, ResumeState
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import RUNNING
from portal.models.attempts.resume_state import WAY_ON

LARGEST_EXTRA_MINUTES = 24 * 60


def fail(attempt: Attempt, cause: Cause, *, now: datetime) -> bool:
    """Suspend the attempt and keep what was left of its time. False when it is suspended already.

    What was left while the clock was paused is what was left when it stopped. Zero is zero, not "unset".

    :raises IllegalTransition: it has ended, or this actor may not.
    """
    if attempt.status is S.ERROR:
        return False
    if not transitions.may_move(attempt, S.ERROR, cause.actor):
        transitions.move(attempt, S.ERROR, cause, now=now)  # Says why.
    if attempt.status in RUNNING:
        attempt.time_remaining_seconds = exam_clock.left_seconds(attempt, now=now)
        if attempt.is_paused:
            time_account.resume_clock(attempt, cause, now=now)
    transitions.make_resumable(attempt)
    return transitions.move(attempt, S.ERROR, cause, now=now)


def grant_resume(attempt: Attempt, cause: Cause, *, extra_minutes: int = 0, now: datetime) -> bool:
    """Let the learner continue in a new attempt, with what was left and perhaps more. False the second time.

    :raises BadInput: no reason, or minutes that make no sense. :raises NotNow: nothing to resume.
    """
    if attempt.resume_state in WAY_ON:
        return False
    history.check_reason(cause)
    if not 0 <= extra_minutes <= LARGEST_EXTRA_MINUTES:
        raise BadInput("extra_minutes", "Enter between 0 and 1440 minutes (24 hours).")
    if attempt.resume_state is not ResumeState.RESUMABLE or attempt.archived_at is not None:
        raise NotNow("This attempt was not suspended, so you cannot resume it.")
    if attempt.time_remaining_seconds is None and extra_minutes:
        raise BadInput("extra_minutes", "Add extra minutes after the learner starts. They get the full time again.")
    _check_something_is_left(foresee(attempt, extra_minutes=extra_minutes, now=now), now=now)
    if attempt.time_remaining_seconds is not None:
        attempt.time_remaining_seconds += extra_minutes * 60
    attempt.resume_state = ResumeState.GRANTED
    transitions.happened(attempt, Event.RESUME_GRANTED, cause, now=now)
    return True


def foresee(attempt: Attempt, *, extra_minutes: int = 0, now: datetime) -> EntryFacts:
    """What a start would give now that continues from this attempt; writes nothing."""
    in_force = running_clock.in_force_for(attempt, now=now)
    return running_clock.resumption(attempt, in_force, extra_seconds=extra_minutes * 60, now=now)


def _check_something_is_left(facts: EntryFacts, *, now: datetime) -> None:
    if facts.closes_at is not None and now >= facts.closes_at:
        raise NotNow("Grant a longer window first. The exam has closed for this learner, so no time would be left.")
    if not facts.own_seconds:
        raise BadInput("extra_minutes", "No time is left on the clock. Add at least 1 minute.")


def resume_clock(attempt: Attempt, cause: Cause, *, now: datetime) -> bool:
    """Start a paused clock again. False when it runs. :raises BadInput: no reason."""
    if not attempt.is_paused:
        return False
    history.check_reason(cause)
    time_account.resume_clock(attempt, cause, now=now)
    return True
