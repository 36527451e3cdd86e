"""Fills an empty database in bulk: a course, its exams, learners, attempts, answers and allowances; a provider."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table

from bench.data import providers
from bench.data.put import Row, put
from bench.data.sizes import Size
from portal.db import db
from portal.models import (
    Allowance,
    AllowanceKind,
    Answer,
    Attempt,
    AttemptStatus,
    Course,
    EndedBy,
    Enrolment,
    Exam,
    ExamVersion,
    HistoryEntry,
    Membership,
    Question,
    QuestionKind,
    Role,
    TimeEntry,
    TimeEntryKind,
    User,
)

MINUTES = 180
GIVEN = ("Ada", "Bo", "Cem", "Dana", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jun",
         "Kim", "Lea", "Mio", "Noa", "Ola", "Pia", "Quin", "Rui", "Sol", "Tea")  # fmt: skip
FAMILY = ("Abara", "Berg", "Costa", "Dahl", "Eriksen", "Farah", "Gomez", "Haas", "Ibsen", "Jansen", "Khan", "Lind",
          "Moreau", "Novak", "Okoye", "Petrov", "Quist", "Rossi", "Sato", "Tanaka", "Usman", "Vega", "Weber", "Xu",
          "Yilmaz")  # fmt: skip
#: Of memory for SQLite's pages: while the database is filled, and what it takes by itself.
ROOM_KIB, USUAL_ROOM_KIB = 500_000, 2_000
TEACHER = 1
FIRST_LEARNER = 2


def name_of(number: int) -> str:
    """Names repeat after five hundred learners, so that a search finds about ten of them in an exam."""
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]}"


def ref_of(attempt_id: int) -> str:
    """A reference of the portal's form; its letters count up."""
    letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    digits = [letters[attempt_id >> shift & 31] for shift in range(30, -1, -5)]
    return "".join(digits[:3]) + "-" + "".join(digits[3:])


def is_running(learner: int, attempt_number: int, size: Size) -> bool:
    """A learner's last attempt is the running one, for the first so many learners."""
    return attempt_number == size.attempts_each - 1 and learner - FIRST_LEARNER < size.running


def exam_of(learner: int, attempt_number: int, size: Size) -> int:
    """Learners begin at different exams, so that every exam has equally many attempts."""
    return (learner + attempt_number) % size.exams + 1


def attempt_id_of(learner: int, attempt_number: int, size: Size) -> int:
    return (learner - FIRST_LEARNER) * size.attempts_each + attempt_number + 1


def email_of(learner: int) -> str:
    return f"learner{learner}@example.org"


def learners_of(size: Size) -> range:
    return range(FIRST_LEARNER, FIRST_LEARNER + size.learners)


def fill(size: Size, *, now: datetime, with_provider: bool = True, analyze: bool = True) -> None:
    """All of it, in one transaction; then let the database count what it holds.

    PostgreSQL does that by itself in time, with the vacuuming that index-only scans need; here it is done at once,
    so that nothing of it falls into what is measured.
    """
    with db.engine.begin() as connection:
        _give_room(connection, ROOM_KIB)
        _course(connection, size, now=now)
        put(connection, User, _people(size, now=now))
        enrolments = (
            {"course_id": 1, "user_id": id, "enrolled_at": now, "is_active": True} for id in learners_of(size)
        )
        put(connection, Enrolment, enrolments)
        put(connection, Membership, [{"course_id": 1, "user_id": TEACHER, "role": Role.INSTRUCTOR}])
        put(connection, Attempt, _attempts(size, now=now))
        put(connection, TimeEntry, _time_entries(size, now=now))
        put(connection, HistoryEntry, _history(size, now=now))
        put(connection, Answer, _answers(size, now=now))
        put(connection, Allowance, _allowances(size, now=now))
        if with_provider:
            providers.fill(connection, size, now=now, first_learner=FIRST_LEARNER)
        _move_counters(connection)
        _give_room(connection, USUAL_ROOM_KIB)
    if not analyze:
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM (ANALYZE)")


def _give_room(connection: Connection, kib: int) -> None:
    """So that SQLite keeps the ends of its indexes in memory while a million rows go in."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size=-{kib}")


def _move_counters(connection: Connection) -> None:
    """PostgreSQL gives out the next number by a counter of its own, which rows with numbers do not move."""
    if connection.dialect.name != "postgresql":
        return
    for table in db.metadata.sorted_tables:
        if _counts(table):
            name = f'"{table.name}"'
            highest = f"(SELECT coalesce(max(id), 1) FROM {name})"
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {highest})")


def _counts(table: Table) -> bool:
    return "id" in table.c and table.c.id.type.python_type is int


def _course(connection: Connection, size: Size, *, now: datetime) -> None:
    put(connection, Course, [{"id": 1, "key": "course-v1:Bench+B1+2026", "slug": "bench", "name": "Bench"}])
    put(connection, Exam, (_exam(id, now=now) for id in range(1, size.exams + 1)))
    versions = (
        {"id": id, "exam_id": id, "number": 1, "fingerprint": str(id), "question_count": size.questions,
         "created_at": now, "frozen_at": now}
        for id in range(1, size.exams + 1)
    )  # fmt: skip
    put(connection, ExamVersion, versions)
    put(connection, Question, (_question(id, size) for id in range(1, size.exams * size.questions + 1)))


def _exam(id: int, *, now: datetime) -> Row:
    closes_at = now + timedelta(days=7)
    return {
        "id": id, "slug": f"exam-{id}", "course_id": 1, "content_id": f"exam-{id}", "name": f"Exam {id}",
        "time_limit_minutes": MINUTES, "opens_at": now - timedelta(days=90), "closes_at": closes_at, "updated_at": now,
    }  # fmt: skip


def _question(id: int, size: Size) -> Row:
    """One of four is a text, the others a choice; the first of each exam is a text."""
    version, position = (id - 1) // size.questions + 1, (id - 1) % size.questions + 1
    is_text = position % 4 == 1
    choices = (
        [] if is_text else [{"id": letter, "html": f"Choice {letter} of question {position}"} for letter in "abcd"]
    )
    return {
        "id": id, "exam_version_id": version, "position": position, "content_id": f"question-{id}",
        "kind": QuestionKind.LONG_TEXT if is_text else QuestionKind.ONE_CHOICE, "title": f"Question {position}",
        "text_html": f"<p>What does paragraph {position} say? {'Read it carefully. ' * 12}</p>",
        "choices": choices, "key": {} if is_text else {"choice": "b"},
    }  # fmt: skip


def _people(size: Size, *, now: datetime) -> Iterator[Row]:
    yield {"id": TEACHER, "email": "teacher@example.org", "name": "Teacher", "created_at": now}
    for id in learners_of(size):
        yield {"id": id, "email": email_of(id), "name": name_of(id), "created_at": now}


def _attempts(size: Size, *, now: datetime) -> Iterator[Row]:
    for learner in learners_of(size):
        for number in range(size.attempts_each):
            yield _attempt(learner, number, size, now=now)


def _attempt(learner: int, number: int, size: Size, *, now: datetime) -> Row:
    id, exam, runs = (
        attempt_id_of(learner, number, size),
        exam_of(learner, number, size),
        is_running(learner, number, size),
    )
    began = now - (timedelta(minutes=5) if runs else timedelta(days=1 + id % 60, seconds=id % 3600))
    deadline = began + timedelta(minutes=MINUTES)
    return {
        "id": id, "ref": ref_of(id), "attempt_code": f"code-{id}", "exam_id": exam, "exam_version_id": exam,
        "learner_id": learner, "status": AttemptStatus.STARTED if runs else AttemptStatus.SUBMITTED, "seed": id,
        "created_at": began, "started_at": began, "deadline_at": deadline,
        "hard_stop_at": deadline + timedelta(seconds=30), "own_seconds": MINUTES * 60, "revision": 1,
        "completed_at": None if runs else began + timedelta(minutes=90), "ended_by": None if runs else EndedBy.LEARNER,
        "answered_count": size.answers_each if runs else size.questions, "saved_at": began + timedelta(minutes=1),
        "points": None if runs else id % 16, "points_possible": None if runs else 15, "version": 1,
    }  # fmt: skip


def _time_entries(size: Size, *, now: datetime) -> Iterator[Row]:
    base = {"kind": TimeEntryKind.BASE, "seconds": MINUTES * 60, "by_role": "portal", "revision": 1, "at": now}
    return ({**base, "attempt_id": id} for id in range(1, size.attempts + 1))


def _history(size: Size, *, now: datetime) -> Iterator[Row]:
    for id in range(1, size.attempts + 1):
        for was, became in ((None, "created"), ("created", "ready_to_start"), ("ready_to_start", "started")):
            yield {"attempt_id": id, "from_status": was, "to_status": became, "at": now, "actor": "learner"}


def _answers(size: Size, *, now: datetime) -> Iterator[Row]:
    """In the last questions of a running exam; the first is left for the bench to write."""
    for learner in learners_of(size)[: size.running]:
        attempt, exam = (
            attempt_id_of(learner, size.attempts_each - 1, size),
            exam_of(learner, size.attempts_each - 1, size),
        )
        last = exam * size.questions
        for question in range(last - size.answers_each + 1, last + 1):
            yield {"attempt_id": attempt, "question_id": question, "value": "b", "version": 1, "saved_at": now}


def _allowances(size: Size, *, now: datetime) -> Iterator[Row]:
    """Two for each learner, at exams they have tried."""
    for learner in learners_of(size):
        base = {"course_id": 1, "learner_id": learner, "granted_at": now, "granted_by_id": TEACHER, "reason": "bench"}
        extra = {"kind": AllowanceKind.EXTRA_MINUTES, "minutes": 15, "percent": None}
        longer = {"kind": AllowanceKind.MULTIPLIER, "minutes": None, "percent": 150}
        yield {**base, **extra, "exam_id": exam_of(learner, 0, size)}
        yield {**base, **longer, "exam_id": exam_of(learner, 1, size)}
