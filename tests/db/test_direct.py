"""What is written past the unit of work is what the unit of work would write."""

import re
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum

import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.db import Base, db, direct, shapes, writing
from portal.models import Answer, Attempt, OutboxMessage, TimeEntry, TimeEntryKind, User
from tests import make
from tests.failing_writes import failing
from tests.make import NOON, S

MAPPERS = sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)
SIMPLE = [mapper for mapper in MAPPERS if shapes.shape_of(mapper) is not None]


def written(statements, what):
    return [said for said in statements if said.startswith(what)]


def test_an_update_names_what_changed_and_counts_the_change(app, statements):
    attempt = make.attempt(S.STARTED)
    before = attempt.version
    with writing():
        held = db.session.get(Attempt, attempt.id)
        statements.clear()
        held.answered_count, held.seed = 3, held.seed
        db.session.flush()
        [update] = written(statements, "UPDATE")
        assert "answered_count" in update and "seed" not in update and "status" not in update
        assert held.version == before + 1 and not db.session.dirty
    assert db.session.get(Attempt, attempt.id, populate_existing=True).version == before + 1


def test_what_is_set_to_what_it_was_is_not_written(app, statements):
    attempt = make.attempt(S.STARTED)
    with writing():
        held = db.session.get(Attempt, attempt.id)
        statements.clear()
        held.status, held.seed = held.status, held.seed
    assert written(statements, "UPDATE") == []


def test_somebody_elses_change_is_not_written_over(app):
    attempt = make.attempt(S.STARTED)
    with pytest.raises(StaleDataError), writing() as session:
        held = session.get(Attempt, attempt.id)
        session.connection().exec_driver_sql("UPDATE attempt SET version = version + 1")
        held.answered_count = 3
    assert db.session.get(Attempt, attempt.id).answered_count == 0


def test_a_new_row_has_its_number_its_defaults_and_its_relations(app, statements):
    attempt = make.attempt(S.STARTED)
    statements.clear()
    with writing() as session:
        answer = Answer(attempt_id=attempt.id, question_id=first_question(attempt), version=1, value="b", saved_at=NOON)
        session.add(answer)
        session.flush()
        assert answer.id and answer in session and not session.new and not inspect(answer).modified
        assert (answer.is_flagged, answer.points, answer.in_grace) == (False, None, False)
        assert answer.question.position == 1
        answer.value = "c"
    assert db.session.get(Answer, answer.id, populate_existing=True).value == "c"
    assert len(written(statements, "INSERT INTO answer")) == 1


def first_question(attempt):
    questions = db.select(make.Question.id).filter_by(exam_version_id=attempt.exam_version_id)
    return db.session.scalar(questions.order_by(make.Question.position))


def test_what_hangs_on_a_relation_is_left_to_the_unit_of_work(app):
    exam, learner = make.exam(), make.user()
    version = db.session.scalars(db.select(make.ExamVersion).filter_by(exam_id=exam.id)).one()
    facts = {"ref": "ABC-2345", "attempt_code": "code", "seed": 1, "created_at": NOON, "status": S.CREATED}
    with writing() as session:
        made = Attempt(exam=session.merge(exam), exam_version=session.merge(version), learner_id=learner.id, **facts)
        session.add(made)
    assert (made.exam_id, made.exam_version_id, made.version) == (exam.id, version.id, 1)


def test_whoever_listens_for_a_model_is_told(app):
    attempt, heard = make.attempt(S.STARTED), []
    with failing(Attempt, "before_update", heard.append), writing():
        db.session.get(Attempt, attempt.id).answered_count = 3
    assert heard == [attempt]


def test_many_rows_are_left_to_the_unit_of_work(app):
    attempt = make.attempt(S.STARTED)
    with writing() as session:
        for _ in range(direct.MOST_ROWS + 1):
            session.add(TimeEntry(attempt_id=attempt.id, kind=TimeEntryKind.EXTRA, seconds=60, at=NOON))
        direct.write(session)
        assert len(session.new) == direct.MOST_ROWS + 1
    assert len(db.session.scalars(db.select(TimeEntry)).all()) == direct.MOST_ROWS + 2


def test_a_deletion_is_left_to_the_unit_of_work(app):
    attempt = make.attempt(S.STARTED)
    with writing() as session:
        entry = session.scalars(db.select(TimeEntry).filter_by(attempt_id=attempt.id)).one()
        session.delete(entry)
        session.get(Attempt, attempt.id).answered_count = 2
    assert db.session.scalar(db.select(TimeEntry.id)) is None
    assert db.session.get(Attempt, attempt.id).answered_count == 2


def test_what_fails_leaves_nothing(app):
    attempt = make.attempt(S.STARTED)
    with pytest.raises(ZeroDivisionError), writing() as session:
        session.add(TimeEntry(attempt_id=attempt.id, kind=TimeEntryKind.EXTRA, seconds=60, at=NOON))
        session.get(Attempt, attempt.id).answered_count = 9
        session.flush()
        1 / 0  # noqa: B018
    assert len(db.session.scalars(db.select(TimeEntry)).all()) == 1
    assert db.session.get(Attempt, attempt.id).answered_count == 0


def test_a_number_that_was_given_back_is_given_to_another(app):
    """SQLite gives the number of a row that was never committed to the next one."""
    attempt, kept = make.attempt(S.STARTED), []

    def add(kind):
        kept.append(TimeEntry(attempt_id=attempt.id, kind=kind, seconds=60, at=NOON))
        db.session.add(kept[-1])
        db.session.flush()

    with pytest.raises(ZeroDivisionError), writing():
        add(TimeEntryKind.EXTRA)
        1 / 0  # noqa: B018
    with writing():
        add(TimeEntryKind.MULTIPLIER)
    lost, stored = kept
    assert lost not in db.session and inspect(lost).transient
    assert stored in db.session and stored.kind is TimeEntryKind.MULTIPLIER


def test_a_new_message_is_noted_for_whoever_waits(app):
    with writing() as session:
        session.add(OutboxMessage(key="a", topic="email", created_at=NOON, available_at=NOON, tries=0))
        session.flush()
        [(model, facts)] = session.info[direct.INSERTED]
        assert (model, facts["topic"]) == (OutboxMessage, "email")


def test_what_the_database_has_a_say_in_is_none_of_these():
    assert shapes.shape_of(inspect(User)) is None
    assert {mapper.class_ for mapper in SIMPLE} >= {Attempt, Answer, TimeEntry, OutboxMessage}


#: Never twice the same.
ENCRYPTED = re.compile(r"^gAAAA\S+$")


def sample(column):
    """Something that such a column may hold."""
    python_type = getattr(column.type, "impl", column.type).python_type
    if issubclass(python_type, Enum):
        return next(iter(python_type))
    known = {str: "x", int: 1, bool: False, datetime: datetime(2026, 3, 2, 12, tzinfo=UTC), bytes: b"x"}
    return {**known, Decimal: Decimal("1.5"), dict: {"a": [1]}, list: ["a"]}.get(python_type, 1)


def said_by(mapper, *, is_everything):
    """Values for a new row: what must be said, or every column."""
    columns = shapes.shape_of(mapper).columns.items()
    counts = mapper.local_table.autoincrement_column  # Other keys are given.
    wanted = [(n, c) for n, c in columns if c is not counts and n != shapes.shape_of(mapper).version]
    return {n: sample(c) for n, c in wanted if is_everything or not (c.nullable or c.default)}


def stored(mapper, *, is_direct, changes, said):
    """The row, after it was inserted with ``said`` and then changed, as the database has it."""
    engine = create_engine("sqlite://", json_deserializer=db.engine.dialect._json_deserializer)
    mapper.local_table.create(engine)
    for constraint in ("ignore_check_constraints=ON", "foreign_keys=OFF"):
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA {constraint}")
    with ExitStack() as listening, Session(engine, info={"writing": True}) as session:
        for when in ("before_insert", "before_update") if not is_direct else ():
            listening.enter_context(failing(mapper.class_, when, lambda row: None))  # Then the unit of work writes it.
        row = mapper.class_(**said)
        session.add(row)
        session.flush()
        for name, value in changes.items():
            setattr(row, name, value)
        session.commit()
        found = session.connection().exec_driver_sql(f'SELECT * FROM "{mapper.local_table.name}"').all()
    engine.dispose()
    return [[ENCRYPTED.sub("encrypted", str(value)) for value in row] for row in found]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("is_everything", [False, True], ids=["what must be", "everything"])
@pytest.mark.parametrize("mapper", SIMPLE, ids=lambda mapper: mapper.class_.__name__)
def test_a_row_of_each_model_is_as_the_unit_of_work_writes_it(mapper, is_everything):
    said = said_by(mapper, is_everything=is_everything)
    changes = {name: None for name, c in shapes.shape_of(mapper).columns.items() if c.nullable and is_everything}
    both = [stored(mapper, is_direct=is_direct, changes=changes, said=said) for is_direct in (True, False)]
    assert both[0] == both[1] and len(both[0]) == 1
