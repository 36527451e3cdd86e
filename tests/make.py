"""Makes what a test is about: ``make.user()``, ``make.exam()``, ``make.attempt(S.STARTED)``. Plain functions."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from itertools import count
from typing import Any, ParamSpec, TypeVar

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.extensions import passwords
from portal.models import (
    Attempt,
    AttemptStatus,
    Course,
    EndedBy,
    Enrolment,
    Exam,
    ExamVersion,
    Membership,
    Question,
    QuestionKind,
    Role,
    TimeEntry,
    TimeEntryKind,
    User,
)
from portal.models.attempts.attempt import PRE_START, RUNNING

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
#: Keys that say "b", as the judges of these kinds read them.
RIGHT = {QuestionKind.ONE_CHOICE: {"choice": "b"}, QuestionKind.SEVERAL_CHOICES: {"choices": ["b"]}}
_numbers = count(1)
Row = TypeVar("Row")
Given = ParamSpec("Given")
S = AttemptStatus


def one_transaction(build: Callable[Given, Row]) -> Callable[Given, Row]:
    """All rows that ``build`` makes are one transaction, whatever builders it calls; what it returns is loaded."""

    @wraps(build)
    def built(*arguments: Given.args, **given: Given.kwargs) -> Row:
        if db.session().info.get("writing"):
            return build(*arguments, **given)
        with writing():
            made = build(*arguments, **given)
        db.session.refresh(made)
        return made

    return built


def user(*, password: str | None = None, **given: Any) -> User:
    """Somebody without any course. Give ``password`` only where the test signs in with it: hashing takes time."""
    number = next(_numbers)
    facts = {"email": f"person{number}@example.edu", "name": f"Person {number}", "created_at": NOON}
    kept = passwords.hash(password) if password else None
    return row(User(**{**facts, "password_hash": kept, **given}))


def administrator(**given: Any) -> User:
    return user(is_administrator=True, **given)


def course(**given: Any) -> Course:
    number = next(_numbers)
    facts = {"key": f"course-v1:Test+C{number}+2026", "slug": f"course-{number}", "name": f"Course {number}"}
    return row(Course(**{**facts, **given}))


@one_transaction
def member(role: Role = Role.STAFF, *, course: Course | None = None, user: User | None = None) -> User:
    """A person with ``role`` in ``course``; both are made unless given."""
    course = course or globals()["course"]()
    person = user or globals()["user"]()
    row(Membership(course_id=course.id, user_id=person.id, role=role))
    return person


@one_transaction
def enrol(course: Course, user: User | None = None) -> User:
    """Somebody who takes ``course``; made unless given. Twice is once."""
    person = user or globals()["user"]()
    known = db.session.scalar(db.select(Enrolment).filter_by(course_id=course.id, user_id=person.id))
    if known is None:
        row(Enrolment(course_id=course.id, user_id=person.id, enrolled_at=NOON))
    return person


@one_transaction
def exam(*, course: Course | None = None, questions: int | list[dict[str, Any]] = 3, **given: Any) -> Exam:
    """A timed exam of 60 minutes that is open, with one version of questions: so many, or as described."""
    course = course or globals()["course"]()
    number = next(_numbers)
    facts = {
        "slug": f"exam-{number}", "content_id": f"section-{number}", "name": f"Exam {number}",
        "course_id": course.id, "time_limit_minutes": 60, "updated_at": NOON,
    }  # fmt: skip
    made = row(Exam(**{**facts, **given}))
    version(made, questions=questions)
    return made


@one_transaction
def version(exam: Exam, *, questions: int | list[dict[str, Any]] = 3, **given: Any) -> ExamVersion:
    """The next version of ``exam``'s questions."""
    described = [{} for _ in range(questions)] if isinstance(questions, int) else questions
    last = db.session.scalar(db.select(db.func.max(ExamVersion.number)).filter_by(exam_id=exam.id)) or 0
    shown = sum(1 for facts in described if not facts.get("problem"))
    facts = {"fingerprint": f"{exam.slug}-{last + 1}", "question_count": shown, "created_at": NOON}
    made = row(ExamVersion(exam_id=exam.id, number=last + 1, **{**facts, **given}))
    for position, described_one in enumerate(described, 1):
        question(made, position=position, **described_one)
    return made


def question(version: ExamVersion, **given: Any) -> Question:
    """A question with one right choice out of three, "b", unless described otherwise."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "position": number, "content_id": f"problem-{number}", "kind": QuestionKind.ONE_CHOICE,
        "title": f"Question {number}", "text_html": "<p>Which one?</p>",
    }  # fmt: skip
    if (key := RIGHT.get(given.get("kind", QuestionKind.ONE_CHOICE))) is not None:
        facts["choices"] = [{"id": letter, "html": f"Choice {letter}"} for letter in "abc"]
        facts["key"] = key
    return row(Question(exam_version_id=version.id, **{**facts, **given}))


@one_transaction
def attempt(status: S = S.STARTED, *, exam: Exam | None = None, learner: User | None = None, **given: Any) -> Attempt:
    """An attempt as it stands in ``status``, begun at ``at`` (noon unless given), with its row of time."""
    exam = exam or globals()["exam"]()
    learner = enrol(exam.course, learner)
    at: datetime = given.pop("at", NOON)
    versions = db.select(ExamVersion.id).filter_by(exam_id=exam.id).order_by(ExamVersion.number.desc())
    facts = {
        "ref": attempts.new_ref(), "attempt_code": f"code-{next(_numbers)}", "exam_id": exam.id,
        "exam_version_id": db.session.scalar(versions.limit(1)), "learner_id": learner.id, "status": status,
        "seed": 1, "created_at": at, "provider_slug": exam.provider_slug,
        **_clock(status, at, exam),
    }  # fmt: skip
    made = row(Attempt(**{**facts, **given}))
    made.exam_version.frozen_at = made.exam_version.frozen_at or at
    if made.started_at:
        row(TimeEntry(attempt_id=made.id, kind=TimeEntryKind.BASE, seconds=made.own_seconds, at=made.started_at))
    return made


def _clock(status: S, at: datetime, exam: Exam) -> dict[str, Any]:
    """The times that an attempt of this status must have."""
    if status in PRE_START:
        return {}
    deadline_at = at + timedelta(minutes=exam.time_limit_minutes)
    facts = {
        "started_at": at, "deadline_at": deadline_at, "own_seconds": exam.time_limit_minutes * 60,
        "hard_stop_at": deadline_at + timedelta(seconds=exam.grace_seconds),
        "limit_seconds": exam.time_limit_minutes * 60, "promised_at": at,
        "promised_close_at": exam.closes_at, "window_closes_at": exam.closes_at,
    }  # fmt: skip
    if status in RUNNING:
        return facts
    return {**facts, "completed_at": at + timedelta(minutes=10), "ended_by": EndedBy.LEARNER}


def row(made: Row) -> Row:
    """Commit a row that is made already, and load it for the test to read; in :func:`one_transaction`, only add it."""
    session = db.session()
    if session.info.get("writing"):
        session.add(made)
        session.flush()
        return made
    with writing():
        session.add(made)
    session.refresh(made)
    return made
