"""On SQLite a transaction that is going to write takes the database at its beginning; one that reads takes nothing."""

import sqlite3

import pytest
from sqlalchemy import create_engine

from portal.db import sqlite
from portal.db.transactions import Kind, beginning, kind


@pytest.fixture
def file(tmp_path):
    return tmp_path / "some.sqlite"


@pytest.fixture
def engine(file):
    engine = create_engine(f"sqlite:///{file}")
    sqlite.prepare(engine, synchronous="FULL")
    yield engine
    engine.dispose()


@pytest.mark.parametrize(("wanted", "is_taken"), [(Kind.READING, False), (Kind.HASTY, True), (Kind.LASTING, True)])
def test_who_is_going_to_write_holds_the_database_from_the_beginning(engine, file, wanted, is_taken):
    with beginning(wanted), engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        other = sqlite3.connect(file, timeout=0, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as err:
            assert is_taken and "locked" in str(err)
        else:
            assert not is_taken
        other.close()


@pytest.mark.parametrize(("wanted", "level"), [(Kind.HASTY, 1), (Kind.LASTING, 2)])
def test_only_the_one_that_lasts_waits_for_the_disk(engine, wanted, level):
    for before in Kind:
        with beginning(before), engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
        with beginning(wanted), engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == level


def test_it_is_over_with_the_block(engine):
    with pytest.raises(ZeroDivisionError), beginning(Kind.LASTING):
        1 / 0  # noqa: B018
    assert kind() is Kind.READING
