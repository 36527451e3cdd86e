"""How the database finds attempts among many: every filter and every order of the list by an index."""

import re
from functools import partial

import pytest
from sqlalchemy import event, insert, text

from portal.db import db
from portal.domain.attempts import display_status, search
from portal.domain.attempts.search import SORTS, AttemptFilter
from portal.domain.onboarding import profiles
from portal.domain.proctoring import attempts_due
from portal.models import Attempt, Enrolment, Exam, ExamVersion, User
from portal.models.attempts.attempt import RUNNING
from tests import make
from tests.make import NOON, S

#: Enough that a database which knows its numbers would rather not read everything.
LEARNERS, EXAMS = 600, 6


@pytest.fixture
def exam(app) -> Exam:
    """One of several exams whose attempts share a table."""
    course = make.course()
    exams = [make.exam(course=course) for _ in range(EXAMS)]
    versions = [db.session.scalar(db.select(ExamVersion.id).filter_by(exam_id=one.id)) for one in exams]
    people = [{"email": f"p{number}@example.edu", "name": f"Person {number}", "created_at": NOON}
              for number in range(LEARNERS)]  # fmt: skip
    with db.engine.begin() as connection:
        ids = list(connection.scalars(insert(User).returning(User.id), people))
        enrolled = [{"course_id": course.id, "user_id": id, "enrolled_at": NOON} for id in ids]
        connection.execute(insert(Enrolment), enrolled)
        for one, version_id in zip(exams, versions, strict=True):
            connection.execute(insert(Attempt), [_row(one.id, version_id, id) for id in ids])
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    db.session.rollback()  # What it has seen until now is older.
    return exams[2]


def _row(exam_id: int, version_id: int, learner_id: int) -> dict[str, object]:
    """One in a hundred is under way, the others are handed in."""
    runs = learner_id % 100 == 0
    name = f"{exam_id}-{learner_id}"
    return {
        "ref": name, "attempt_code": name, "exam_id": exam_id, "exam_version_id": version_id,
        "learner_id": learner_id, "status": S.STARTED if runs else S.SUBMITTED, "seed": 1, "created_at": NOON,
        "started_at": NOON, "deadline_at": NOON, "hard_stop_at": NOON, "completed_at": None if runs else NOON,
        "version": 1,
    }  # fmt: skip


WANTED = {
    "everything": AttemptFilter(),
    "archived": AttemptFilter(state="archived"),
    "needs help": AttemptFilter(state="needs-help"),
    "with an allowance": AttemptFilter(allowance="with"),
    "without": AttemptFilter(allowance="without"),
    "a name": AttemptFilter(text="person 17"),
    **{entry.words: AttemptFilter(state=entry.key) for entry in display_status.VOCABULARY},
    **{f"by {sort}": AttemptFilter(sort=sort) for name in SORTS for sort in (name, f"-{name}")},
}
#: What the background asks every minute or hour, however many attempts there are.
BACKGROUND = {
    "windows that have closed": partial(attempts_due.unstarted, now=NOON),
    "exams that ran out": partial(attempts_due.overdue, now=NOON),
    "breaks that are used up": partial(attempts_due.with_used_up_breaks, now=NOON),
    "checks that end soon": partial(profiles.checks_ending_soon, but=".x", now=NOON, most=100),
}
#: Those that have one of their own.
ITS_INDEX = {
    "everything": "ix_attempt_exam_kept",
    "set aside": "ix_attempt_exam_archived",
    "needs help": "ix_attempt_exam_status",
    **{
        entry.words: "ix_attempt_exam_status"
        for entry in display_status.VOCABULARY
        if entry.statuses.isdisjoint({S.SUBMITTED, *RUNNING})
    },
    **{f"by {way}state": "ix_attempt_exam_status" for way in ("", "-")},
    **{f"by {way}started": "ix_attempt_exam_started" for way in ("", "-")},
    **{f"by {way}ended": "ix_attempt_exam_completed" for way in ("", "-")},
    **{f"by {way}created": "ix_attempt_exam_kept" for way in ("", "-")},
}


@pytest.fixture
def plans(exam) -> dict[str, str]:
    """For each thing wanted: how this database would carry out the statements that the list sends for it."""
    sent: list[tuple[str, object]] = []

    def note(connection: object, cursor: object, statement: str, parameters: object, *rest: object) -> None:
        sent.append((statement, parameters))

    found = {}
    asking = {name: partial(search.search, exam, wanted, now=NOON) for name, wanted in WANTED.items()}
    for name, ask in {**asking, **BACKGROUND}.items():
        event.listen(db.engine, "before_cursor_execute", note)
        ask()
        event.remove(db.engine, "before_cursor_execute", note)
        found[name] = "\n".join(plan_of(*asked) for asked in sent if asked[0].startswith("SELECT"))
        sent.clear()
    return found


def plan_of(statement: str, parameters: object) -> str:
    """In the database's own words."""
    with db.engine.connect() as connection:
        how = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{how} {statement}", parameters))


@pytest.mark.slow
def test_every_filter_and_order_has_its_index(plans):
    whole = re.compile(r"Seq Scan on attempt\b|^SCAN attempt(?! USING)", re.MULTILINE)
    assert [name for name, plan in plans.items() if whole.search(plan)] == []
    assert [name for name in BACKGROUND if re.search(r"^SCAN attempt\b", plans[name], re.MULTILINE)] == []
    if db.engine.dialect.name == "postgresql":  # SQLite takes any of them: it counts each as equally good.
        without = {name: plan for name, plan in plans.items() if name in ITS_INDEX and ITS_INDEX[name] not in plan}
        assert without == {}
