"""The address of the step that an attempt stands at, for every page that leads a learner on."""

from datetime import datetime

from flask import url_for

from portal.domain.timekeeping import exam_clock
from portal.models import Attempt
from portal.models import AttemptStatus as S
from portal.models.attempts.attempt import PRE_START


def is_set_up(attempt: Attempt) -> bool:
    """Whether nothing stands between a learner and Start: no provider, or it is ready and the rules are read."""
    is_ready = attempt.status is S.READY_TO_START and attempt.rules_read_at is not None
    return attempt.provider_slug is None or is_ready


def place_of(attempt: Attempt, *, now: datetime) -> str:
    """The address of the step an attempt stands at. One that was reset has only its status page."""
    if attempt.archived_at is not None:
        return url_for("attempt.status", ref=attempt.ref)
    if attempt.status in PRE_START:
        return url_for("attempt.ready" if is_set_up(attempt) else "proctored.setup", ref=attempt.ref)
    state = exam_clock.state_of(attempt, now=now)
    if state in {"paused", "interrupted"}:
        return url_for("attempt.interrupted", ref=attempt.ref)
    if state == "in_progress" and attempt.status is S.READY_TO_SUBMIT:
        return url_for("attempt.check", ref=attempt.ref)
    if state == "in_progress":
        return url_for("attempt.question", ref=attempt.ref, number=1)
    return url_for("attempt.status", ref=attempt.ref)
