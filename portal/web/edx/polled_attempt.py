"""One attempt as edx-proctoring's clients poll it: status and seconds left, for the learner whose attempt it is."""

from contextlib import suppress

from flask import abort

from portal import clock, providers
from portal.domain.attempts import attempts
from portal.domain.errors import NotAllowed
from portal.domain.providers import lookup
from portal.models import Attempt, Exam, ResumeState
from portal.models.attempts.resume_state import WAY_ON
from portal.providers import json_fields
from portal.web.edx import Facts, bp, left_seconds, said
from portal.web.gate.guards import me

#: A larger number is no id of any database.
LARGEST_ID = 2**63 - 1


@bp.get("/proctored_exam/attempt/<attempt_id>", strict_slashes=False)
def attempt(attempt_id: str) -> Facts:
    """Where one's own attempt stands; ``attempt_id`` is its number or its reference. Reads only."""
    found = _find(json_fields.plain(attempt_id))
    if found is None:
        abort(400, "There is no attempt with this id.")
    if found.learner_id != me().id:
        raise NotAllowed("This attempt is not yours.")
    return _facts(found)


def _find(attempt_id: str) -> Attempt | None:
    number = None
    with suppress(ValueError):  # More digits than Python reads at once.
        number = int(attempt_id) if attempt_id.isascii() and attempt_id.isdigit() else None
    is_possible = number is not None and number <= LARGEST_ID
    return attempts.find_named(number if is_possible else None, attempt_id)


def _facts(attempt: Attempt) -> Facts:
    """What only the provider may know is empty; the code stands here for learners who must type it there."""
    left = left_seconds(attempt, now=clock.now()) if attempt.is_running else attempt.time_remaining_seconds or 0
    learner, provider = attempt.learner, lookup.find(attempt.provider_slug) if attempt.provider_slug else None
    is_told_the_code = provider is not None and providers.kind_of(provider).shows_code
    return {
        "id": attempt.id,
        "created": attempt.created_at.isoformat(),
        "modified": max(filter(None, (attempt.created_at, attempt.started_at, attempt.completed_at))).isoformat(),
        "user": {"id": learner.id, "username": learner.email, "email": learner.email},
        "started_at": attempt.started_at.isoformat() if attempt.started_at else None,
        "completed_at": attempt.completed_at.isoformat() if attempt.completed_at else None,
        "external_id": None,
        "status": attempt.status.value,
        "proctored_exam": _exam(attempt.exam),
        "allowed_time_limit_mins": -(-attempt.own_seconds // 60) if attempt.started_at else None,
        "attempt_code": attempt.attempt_code if is_told_the_code else None,
        "is_sample_attempt": attempt.is_sample,
        "taking_as_proctored": attempt.taking_as_proctored,
        "review_policy_id": None,
        "is_status_acknowledged": False,
        "time_remaining_seconds": left,
        "is_resumable": attempt.resume_state is ResumeState.RESUMABLE,
        "ready_to_resume": attempt.resume_state in WAY_ON,
        "resumed": attempt.resume_state is ResumeState.RESUMED,
        "accessibility_time_string": said(left),
    }


def _exam(exam: Exam) -> Facts:
    return {
        "id": exam.id,
        "course_id": exam.course.key,
        "content_id": exam.content_id,
        "external_id": None,
        "exam_name": exam.name,
        "time_limit_mins": exam.time_limit_minutes,
        "is_proctored": exam.is_proctored,
        "is_practice_exam": exam.is_practice,
        "is_active": exam.is_active,
        "due_date": exam.closes_at.isoformat() if exam.closes_at else None,
        "hide_after_due": exam.hide_after_due,
        "backend": exam.provider_slug,
    }
