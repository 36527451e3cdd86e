"""The migrations build exactly what the models describe, and can be taken back."""

import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, MetaData, Table, create_engine, inspect, text

from portal import create_app
from portal.db import db, full_text
from tests.conftest import SETTINGS
from tests.make import NOON

ALEMBIC = "alembic_version"


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> str:
    """A database without any table, of the kind the run is for."""
    if request.config.getoption("--database") == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite'}"
    server = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS migrated"))
        connection.execute(text("CREATE DATABASE migrated"))
    server.dispose()
    return database_url.replace("/postgres?", "/migrated?")


@pytest.fixture
def other_app(empty_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An app of this test's own: the shared one keeps its tables."""
    app = create_app(**SETTINGS, DATA=str(tmp_path), DATABASE_URL=empty_url)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_they_build_what_the_models_describe(other_app):
    upgrade()
    with db.engine.connect() as connection, warnings.catch_warnings():
        # Alembic cannot compare the index on lower(email) on SQLite; the next test does.
        warnings.filterwarnings("ignore", message=".*expression-based index.*")
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": full_text.is_described}
        )
        assert compare_metadata(context, db.metadata) == []


def test_they_build_the_same_indexes_and_checks(other_app, app):
    upgrade()
    migrated = described()
    with app.app_context():
        assert migrated == described()


def described() -> dict[str, list[str]]:
    """Indexes, triggers and CHECKs of each table, as the database itself puts them."""
    inspector = inspect(db.engine)
    found: dict[str, list[str]] = {}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*expression-based index.*")
        for table in set(inspector.get_table_names()) - {ALEMBIC}:
            checks = [f"{check['name']}: {check['sqltext']}" for check in inspector.get_check_constraints(table)]
            found[table] = sorted(checks) + index_texts(table)
    return found


def index_texts(table: str) -> list[str]:
    if db.engine.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL AND type <> 'table'"
    else:
        query = "SELECT indexdef FROM pg_indexes WHERE tablename = :name"
    return sorted(db.session.scalars(text(query), {"name": table}))


def test_twice_is_once(other_app):
    upgrade()
    upgrade()
    assert db.session.scalar(text(f"SELECT count(*) FROM {ALEMBIC}")) == 1


def test_they_can_be_taken_back(other_app):
    upgrade()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {ALEMBIC}
    upgrade()
    assert "attempt" in inspect(db.engine).get_table_names()


#: Something for a column that must have a value.
ANYTHING = {str: "x", int: 1, bool: False, datetime: NOON, dict: {}, object: []}


def put(connection: Connection, name: str, **given: object) -> None:
    """A row of the table as it is at this moment."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*expression-based index.*")
        table = Table(name, MetaData(), autoload_with=connection)
    needed = [column for column in table.c if not (column.nullable or column.server_default or column.primary_key)]
    facts = {column.name: ANYTHING[column.type.python_type] for column in needed}
    connection.execute(table.insert().values({**facts, **given}))


def test_exams_and_attempts_outlive_the_columns_that_nobody_read(other_app):
    upgrade(revision="0013")
    with db.engine.begin() as connection:
        put(connection, "course", id=1)
        put(connection, "user", id=1)
        put(connection, "exam", id=1, course_id=1, slug="final", is_forward_only=True)
        put(connection, "exam_version", id=1, exam_id=1)
        facts = {"exam_id": 1, "learner_id": 1, "exam_version_id": 1, "status": "started"}
        runs = dict.fromkeys(("started_at", "deadline_at", "hard_stop_at", "last_heard_at"), NOON)
        put(connection, "attempt", id=1, ref="K7F-2QD4", **facts, **runs)
    for go, revision, has_them in ((upgrade, "0014", False), (downgrade, "0013", True), (upgrade, "head", False)):
        go(revision=revision)
        for table, column in (("exam", "is_forward_only"), ("attempt", "last_heard_at")):
            assert (column in {one["name"] for one in inspect(db.engine).get_columns(table)}) is has_them
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT slug, name FROM exam")).all() == [("final", "x")]
            assert connection.execute(text("SELECT ref, status FROM attempt")).all() == [("K7F-2QD4", "started")]


#: What the three flags of before say together, and the one state since.
FLAGS = {
    "none": (False, False, False),
    "resumable": (True, False, False),
    "granted": (False, True, False),
    "resumed": (False, True, True),
}


def fill_0014(connection: Connection) -> None:
    """A running exam, an attempt in every state of a resume, and what the history says of them."""
    for name, facts in (("course", {}), ("user", {}), ("exam", {"course_id": 1}), ("exam_version", {"exam_id": 1})):
        put(connection, name, id=1, **facts)
    put(connection, "question", id=1, exam_version_id=1, attention="a script works it out")
    facts = {"exam_id": 1, "exam_version_id": 1}
    runs = dict.fromkeys(("started_at", "deadline_at", "hard_stop_at", "cut_at"), NOON)
    put(connection, "attempt", id=1, learner_id=1, status="started", **facts, **runs)
    for number, (state, flags) in enumerate(FLAGS.items(), start=2):
        put(connection, "user", id=number, email=state)
        of = dict(zip(("is_resumable", "ready_to_resume", "resumed"), flags, strict=True))
        codes = {"ref": state, "attempt_code": state}
        put(connection, "attempt", id=number, learner_id=number, status="error", **codes, **facts, **of)
    put(connection, "history_entry", id=1, attempt_id=1, was="ready_to_start", became="started")
    put(connection, "course_change", id=1, course_id=1, was="a", became="b")


def test_a_running_exam_and_every_resume_outlive_the_new_names(other_app):
    upgrade(revision="0014")
    with db.engine.begin() as connection:
        fill_0014(connection)
    upgrade(revision="0015")
    with db.engine.connect() as connection:
        states = connection.execute(text("SELECT ref, resume_state FROM attempt WHERE id > 1")).all()
        assert dict(states) == {state: state for state in FLAGS}
        assert connection.scalar(text("SELECT window_closes_at FROM attempt WHERE id = 1")) is not None
        moves = connection.execute(text("SELECT from_status, to_status FROM history_entry")).all()
        assert moves == [("ready_to_start", "started")]
        assert connection.execute(text("SELECT old_value, new_value FROM course_change")).all() == [("a", "b")]
        assert connection.scalar(text("SELECT problem FROM question")) == "a script works it out"
    downgrade(revision="0014")
    with db.engine.connect() as connection:
        query = "SELECT ref, is_resumable, ready_to_resume, resumed FROM attempt WHERE id > 1"
        assert {ref: tuple(map(bool, flags)) for ref, *flags in connection.execute(text(query))} == FLAGS
        assert connection.scalar(text("SELECT cut_at FROM attempt WHERE id = 1")) is not None
    upgrade()


def test_people_who_are_there_already_are_found_in_any_spelling(other_app):
    upgrade(revision="0006")
    facts = "'e@example.edu', 'Émile  ĆWIK', false, true, 1, '2026-03-02', 'UTC', 'en', 'system', 'minutes', 'all'"
    columns = "email, name, is_administrator, is_active, session_epoch, created_at, time_zone, language, theme"
    with db.engine.begin() as connection:
        connection.execute(text(f'INSERT INTO "user" ({columns}, time_display, announcements) VALUES ({facts})'))
    upgrade(revision="0009")
    with db.engine.connect() as connection:
        assert connection.scalar(text('SELECT folded FROM "user"')) == "emile cwik\ne@example.edu"
    downgrade(revision="0006")
    upgrade(revision="0009")
