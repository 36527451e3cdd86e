"""What goes through the driver itself is what SQLAlchemy would send and hand out, errors included."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.db import db, driver, writing
from portal.models import Answer, Attempt, Exam, ExamVersion, HistoryEntry, Question, User
from tests import make
from tests.make import NOON, S

ATTEMPT, HISTORY = Attempt.__table__, HistoryEntry.__table__

#: Every kind of column, and every way in which a statement says a value.
READ = {
    "words, moments, numbers": (select(ATTEMPT).where(ATTEMPT.c.ref == bindparam("ref")), {"ref": "K7F-2QD4"}),
    "a list that the statement says": (select(Attempt.id).where(Attempt.status.in_([S.STARTED, S.CREATED])), {}),
    "a limit": (select(Attempt.ref).order_by(Attempt.id).limit(1), {}),
    "a moment": (select(Attempt.id).where(Attempt.created_at <= bindparam("at")), {"at": NOON}),
    "the same twice": (
        select(User.id).where((User.id == bindparam("one")) | (User.id + 1 > bindparam("one"))), {"one": 1},
    ),
    "nothing": (select(Attempt.id).where(Attempt.ref == bindparam("ref")), {"ref": "none"}),
    "JSON": (select(Question.choices, Question.key), {}),
    "true and false": (select(Attempt.is_paused, Attempt.is_sample, User.is_active).join(Attempt.learner), {}),
    "a percent sign": (select(User.name).where(User.name.like("%")), {}),
}  # fmt: skip


@pytest.fixture
def attempt(app):
    return make.attempt(S.STARTED, ref="K7F-2QD4")


@pytest.mark.parametrize("what", READ)
def test_rows_are_those_of_sqlalchemy(attempt, what):
    statement, facts = READ[what]
    connection = db.session.connection()
    whole = [tuple(row) for row in connection.execute(statement, facts)]
    assert driver.fetch_all(connection, statement, facts) == whole
    assert driver.fetch_one(connection, statement, facts) == (whole[0] if whole else None)


def test_a_row_can_have_its_columns_by_name(attempt):
    connection = db.session.connection()
    named = driver.fetch_named(connection, select(Attempt.ref, Attempt.status, Attempt.started_at), {})
    assert (named.ref, named.status, named.started_at) == (attempt.ref, attempt.status, attempt.started_at)
    assert driver.fetch_named(connection, select(Attempt.ref).where(Attempt.ref == ""), {}) is None


def history_of(attempt_id):
    return [tuple(row)[1:] for row in db.session.execute(select(HISTORY).where(HISTORY.c.attempt_id == attempt_id))]


def test_what_is_not_said_is_what_the_column_has_by_default(attempt):
    facts = {"attempt_id": attempt.id, "to_status": S.STARTED, "at": NOON, "actor": "learner"}
    ours, theirs = insert(HISTORY).returning(HISTORY.c.id), insert(HISTORY)
    with writing() as session:
        before = len(history_of(attempt.id))
        [number] = driver.fetch_one(session.connection(), ours, facts)
        session.connection().execute(theirs, facts)
    first, second = history_of(attempt.id)[before:]
    assert first == second and number


def test_many_rows_and_how_many_changed(attempt):
    rows = [
        {"attempt_id": attempt.id, "from_status": None, "to_status": S.STARTED, "event": "moved",
         "at": NOON + timedelta(minutes=minutes), "actor": "learner", "by_id": None, "reason": "row"}
        for minutes in range(3)
    ]  # fmt: skip
    changing = update(HISTORY).where(HISTORY.c.reason == bindparam("was")).values(reason=bindparam("becomes"))
    with writing() as session:
        driver.run_for_each(session.connection(), insert(HISTORY), rows)
        assert driver.run(session.connection(), changing, {"was": "row", "becomes": "changed"}) == 3
        assert driver.run(session.connection(), changing, {"was": "row", "becomes": "changed"}) == 0
    assert [row[-1] for row in history_of(attempt.id)][-3:] == ["changed"] * 3


def test_points_keep_their_hundredths(attempt):
    table = Answer.__table__
    with writing() as session:
        question = session.scalar(select(Question.id).join(ExamVersion).where(ExamVersion.exam_id == attempt.exam_id))
        facts = {
            "attempt_id": attempt.id,
            "question_id": question,
            "version": 1,
            "saved_at": NOON,
            "points": Decimal("0.55"),
        }
        driver.run(session.connection(), insert(table), {**facts, "value": {"a": ["b"]}})
        kept = driver.fetch_one(session.connection(), select(table.c.points, table.c.value), {})
    assert kept == (Decimal("0.55"), {"a": ["b"]})


def test_an_error_is_the_one_of_sqlalchemy_and_undoes_everything(attempt):
    twice = insert(ATTEMPT).from_select(
        ["ref", "attempt_code", "exam_id", "exam_version_id", "learner_id", "status", "seed", "created_at", "version"],
        select(ATTEMPT.c.ref, ATTEMPT.c.attempt_code, ATTEMPT.c.exam_id, ATTEMPT.c.exam_version_id,
               ATTEMPT.c.learner_id, ATTEMPT.c.status, ATTEMPT.c.seed, ATTEMPT.c.created_at, ATTEMPT.c.version),
        include_defaults=False,
    )  # fmt: skip
    naming = update(User.__table__).values(name=bindparam("becomes"))
    with pytest.raises(IntegrityError), writing() as session:
        driver.run(session.connection(), naming, {"becomes": "Other"})
        driver.run(session.connection(), twice, {})
    assert "Other" not in set(db.session.scalars(select(User.name)))


def test_a_table_that_is_not_there_is_an_error_of_the_database(app):
    connection = db.session.connection()
    statement = select(db.table("nowhere", db.column("id")))
    with pytest.raises(DBAPIError) as told:
        driver.fetch_all(connection, statement, {})
    assert "nowhere" in str(told.value)
    db.session.rollback()


def test_a_default_that_is_made_for_each_row_has_to_be_said(app):
    adding = insert(User.__table__)
    with pytest.raises(TypeError, match="folded"), writing() as session:
        driver.run(session.connection(), adding, {"email": "a@example.edu", "name": "Ada", "created_at": NOON})


def test_whoever_listens_hears_the_statement(attempt, statements):
    statements.clear()
    driver.fetch_one(db.session.connection(), select(Exam.id), {})
    assert statements == ["SELECT exam.id \nFROM exam"]
