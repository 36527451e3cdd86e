"""What is read into the session by one statement is what a query of the session would give."""

import pytest
from sqlalchemy import bindparam, inspect, select, update
from sqlalchemy.orm import joinedload

from portal.db import db, writing
from portal.db.loading import Loading
from portal.models import Asset, Attempt, Course, Exam, User
from tests import make
from tests.make import S

WHOLE = (Attempt.exam, Exam.course, Course.has_webhooks, Attempt.learner)
BY_REF = Loading(Attempt, *WHOLE, where=[Attempt.ref == bindparam("ref")])
HELD = Loading(Attempt, where=[Attempt.ref == bindparam("ref")], is_held=True)
ALL = Loading(Attempt, Attempt.learner, where=[Attempt.exam_id == bindparam("exam")], order_by=[Attempt.id.desc()])
NEWEST = Loading(Attempt, where=[Attempt.exam_id == bindparam("exam")], order_by=[Attempt.id.desc()], most=1)
PICTURE = Loading(Asset, where=[Asset.name == bindparam("name")])
READ_PICTURE = Loading(Asset, Asset.content, where=[Asset.name == bindparam("name")])


@pytest.fixture
def ref(app):
    found = make.attempt(S.STARTED).ref
    db.session.remove()
    return found


def columns_of(one):
    return {attribute.key: getattr(one, attribute.key) for attribute in inspect(one).mapper.column_attrs}


def test_it_has_what_a_query_gives_and_asks_nothing_again(ref, statements):
    whole = joinedload(Attempt.exam).joinedload(Exam.course).undefer(Course.has_webhooks)
    query = select(Attempt).where(Attempt.ref == ref).options(whole, joinedload(Attempt.learner))
    said = db.session.scalar(query)
    wanted = [columns_of(one) for one in (said, said.exam, said.exam.course, said.learner)]
    db.session.remove()
    statements.clear()
    read = BY_REF.one(db.session(), {"ref": ref})
    assert [columns_of(one) for one in (read, read.exam, read.exam.course, read.learner)] == wanted
    assert len(statements) == 1
    assert all(one in db.session for one in (read, read.exam, read.learner)) and not db.session.dirty


def test_it_is_the_sessions_own_object_with_the_values_of_now(ref):
    known = db.session.scalar(select(Attempt).where(Attempt.ref == ref))
    number = known.answered_count
    db.session.connection().execute(update(Attempt.__table__).values(answered_count=number + 5))
    assert known.answered_count == number
    assert BY_REF.one(db.session(), {"ref": ref}) is known
    assert known.answered_count == number + 5
    db.session.rollback()
    assert known.answered_count == number


def test_it_sees_what_was_changed_in_this_transaction_and_what_is_changed_in_it_is_written(ref):
    with writing() as session:
        held = HELD.one(session, {"ref": ref})
        held.answered_count = 3
        assert HELD.one(session, {"ref": ref}) is held and held.answered_count == 3
        held.seed = 77
    db.session.remove()
    kept = db.session.scalar(select(Attempt).where(Attempt.ref == ref))
    assert (kept.answered_count, kept.seed) == (3, 77)


def test_after_a_transaction_it_is_read_anew_like_any_other(ref):
    read = BY_REF.one(db.session(), {"ref": ref})
    with writing() as session:
        session.execute(update(User).where(User.id == read.learner_id).values(name="Other"))
    assert read.learner.name == "Other"
    assert read.exam_version.number == 1  # What was not read along is read when it is asked.


def test_several_in_their_order_and_none(app):
    exam = make.exam()
    made = [make.attempt(S.STARTED, exam=exam).id for _ in range(3)]
    found = ALL.all(db.session(), {"exam": exam.id})
    assert [one.id for one in found] == made[::-1]
    assert len({one.learner.id for one in found}) == 3
    assert NEWEST.one(db.session(), {"exam": exam.id}).id == made[-1]
    assert (ALL.all(db.session(), {"exam": 0}), NEWEST.one(db.session(), {"exam": 0})) == ([], None)


def test_a_deferred_column_waits_until_it_is_asked_or_named(app, statements):
    course = make.course()
    with writing() as session:
        session.add(Asset(course_id=course.id, sha256="0" * 64, name="a.png", media_type="image/png", content=b"dots"))
    db.session.remove()
    statements.clear()
    picture = PICTURE.one(db.session(), {"name": "a.png"})
    assert "content" not in statements[0] and picture.content == b"dots" and len(statements) == 2
    db.session.remove()
    statements.clear()
    assert READ_PICTURE.one(db.session(), {"name": "a.png"}).content == b"dots" and len(statements) == 1
