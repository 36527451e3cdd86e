"""Why a member of the team cannot do something to an attempt now; empty where they can."""

from portal.domain.lifecycle import transitions
from portal.domain.lifecycle.history import Actor
from portal.models import Attempt, AttemptStatus, ResumeState


def not_running(attempt: Attempt) -> str:
    return "" if attempt.is_running else "The clock is not running."


def no_pause(attempt: Attempt) -> str:
    is_stopped = attempt.is_paused and attempt.break_ends_at is None
    return "The clock is already paused." if is_stopped else not_running(attempt)


def no_resume_clock(attempt: Attempt) -> str:
    return "" if attempt.is_paused else "The clock is not paused."


def already_reset(attempt: Attempt) -> str:
    return "This attempt has already been reset." if attempt.archived_at else ""


def no_suspend(attempt: Attempt) -> str:
    if attempt.status is AttemptStatus.ERROR:
        return "This attempt is already suspended."
    may = transitions.may_move(attempt, AttemptStatus.ERROR, Actor.STAFF)
    return "" if may else "This attempt has ended, so you cannot suspend it."


def no_resume(attempt: Attempt) -> str:
    if attempt.resume_state is ResumeState.RESUMED:
        return "The learner has already continued."
    if attempt.resume_state is ResumeState.GRANTED:
        return "Already resumed. The learner can continue."
    is_open = attempt.resume_state is ResumeState.RESUMABLE and not attempt.archived_at
    return "" if is_open else "This attempt was not suspended, so you cannot resume it."
