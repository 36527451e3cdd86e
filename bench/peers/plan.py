"""What edx-proctoring's tables are filled with: as many people, exams, attempts and allowances as the portal's are."""

from collections.abc import Iterator
from typing import Any

from bench import data
from bench.data import FIRST_LEARNER, TEACHER, attempt_id_of, email_of, exam_of, is_running, learners_of, providers
from bench.data.sizes import Size

COURSE, PROCTORED_COURSE = "course-v1:Bench+B1+2026", "course-v1:Bench+B2+2026"
EXTRA_MINUTES, LONGER_BY_HALF = 15, data.MINUTES // 2
DAY, HOUR = 24 * 3600, 3600


def username_of(learner: int) -> str:
    return f"learner{learner}"


def rows(size: Size) -> dict[str, Any]:
    """By table; the peer's side (``edx/seed.py``) knows the columns."""
    return {
        "people": [[TEACHER, "teacher", "teacher@example.org", True],
                   *([id, username_of(id), email_of(id), False] for id in learners_of(size))],
        "exams": [_exam(id, is_proctored=id > size.exams) for id in range(1, providers.exam_ids(size)[1] + 1)],
        "attempts": [*_attempts(size), *_of_the_provider(size)],
        "allowances": [*_allowances(size)],
    }  # fmt: skip


def _exam(id: int, *, is_proctored: bool) -> dict[str, Any]:
    course = PROCTORED_COURSE if is_proctored else COURSE
    place = course.removeprefix("course-v1:")
    return {
        "id": id, "course_id": course, "content_id": f"block-v1:{place}+type@sequential+block@exam{id}",
        "exam_name": f"Exam {id}", "time_limit_mins": providers.MINUTES if is_proctored else data.MINUTES,
        "is_proctored": is_proctored, "backend": "bench" if is_proctored else None,
    }  # fmt: skip


def _attempts(size: Size) -> Iterator[list[Any]]:
    """Id, learner, exam, status, minutes, seconds since it began, and the provider's name for it."""
    for learner in learners_of(size):
        for number in range(size.attempts_each):
            id, runs = attempt_id_of(learner, number, size), is_running(learner, number, size)
            ago = 300 if runs else (1 + id % 60) * DAY + id % HOUR
            exam, status = exam_of(learner, number, size), "started" if runs else "submitted"
            yield [id, learner, exam, status, data.MINUTES, ago, None]


def _of_the_provider(size: Size) -> Iterator[list[Any]]:
    """First those that wait for its "ready", then those that wait for its review."""
    facts = (("download_software_clicked", None), ("submitted", 3 * HOUR))
    for of_reviewed, exam in enumerate(providers.exam_ids(size)):
        status, ago = facts[of_reviewed]
        for learner, id in enumerate(providers.attempt_ids(size, of_reviewed=bool(of_reviewed)), FIRST_LEARNER):
            yield [id, learner, exam, status, providers.MINUTES, ago, providers.external_id(id)]


def _allowances(size: Size) -> Iterator[list[int]]:
    for learner in learners_of(size):
        yield [learner, exam_of(learner, 0, size), EXTRA_MINUTES]
        yield [learner, exam_of(learner, 1, size), LONGER_BY_HALF]
