"""What is read past the session sees what the session would, and what is read apart is none of its business."""

import pytest

from portal.db import db, writing
from portal.db.fast import columns_of, read_apart, rows, scalar, scalars
from portal.models import Attempt, User
from tests import make
from tests.make import S

COUNTS = db.select(Attempt.answered_count).where(Attempt.id == db.bindparam("attempt"))
PERSON = db.select(*columns_of(User)).where(User.id == db.bindparam("person"))


def test_it_sees_what_was_changed_in_this_transaction(app):
    attempt = make.attempt(S.STARTED)
    with writing() as session:
        session.get(Attempt, attempt.id).answered_count = 3
        assert scalar(COUNTS, {"attempt": attempt.id}) == 3
        session.get(Attempt, attempt.id).answered_count = 4
        assert scalars(COUNTS, {"attempt": attempt.id}) == [4]
        assert rows(COUNTS, {"attempt": attempt.id}) == [(4,)]


def test_there_may_be_nothing(app):
    assert scalar(COUNTS, {"attempt": 1}) is None
    assert scalars(COUNTS, {"attempt": 1}) == []
    assert read_apart(User, PERSON, {"person": 1}) is None


def test_no_transaction_touches_what_was_read_apart(app, statements):
    stored = make.user(name="Nora")
    person_id, columns = stored.id, {c.key: getattr(stored, c.key) for c in User.__mapper__.column_attrs}
    db.session.remove()
    person = read_apart(User, PERSON, {"person": person_id})
    assert person not in db.session
    with writing() as session:
        session.get(User, person_id).name = "Other"
    statements.clear()
    assert {name: getattr(person, name) for name in columns} == columns
    assert statements == []


def test_a_change_of_it_is_not_stored(app):
    """Who changes an account takes it from the session; a test of the house looks for those who do not."""
    person = read_apart(User, PERSON, {"person": make.user(name="Nora").id})
    with writing():
        person.name = "Other"
    assert db.session.get(User, person.id).name == "Nora"


@pytest.mark.parametrize("status", [S.STARTED, S.SUBMITTED])
def test_words_and_moments_are_read_as_the_session_reads_them(app, status):
    attempt = make.attempt(status)
    read = read_apart(Attempt, db.select(*columns_of(Attempt)), {})
    names = [column.key for column in Attempt.__mapper__.column_attrs]
    assert {name: getattr(read, name) for name in names} == {name: getattr(attempt, name) for name in names}
