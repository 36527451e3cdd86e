"""What edX's functions hand to its class: exams as its serializer says them, places as ``create_exam_attempt`` does."""

from itertools import count
from typing import Any

COURSE = "course-v1:A+B+C"
NUMBERS = count(1)


def exam(**more: object) -> dict[str, Any]:
    facts = {"id": 7, "course_id": COURSE, "content_id": "block", "external_id": None, "exam_name": "Algebra"}
    facts |= {"time_limit_mins": 90, "is_proctored": True, "is_practice_exam": False, "is_active": True}
    return {**facts, "due_date": None, "hide_after_due": False, "backend": "simulated", **more}


def place(**more: object) -> dict[str, Any]:
    """For a learner whom nobody has named before."""
    facts = {"lms_host": "https://lms.example", "time_limit_mins": 90, "attempt_code": "A-CODE", "email": None}
    return {**facts, "is_sample_attempt": False, "user_id": f"{next(NUMBERS):040x}", "full_name": "Ada", **more}
