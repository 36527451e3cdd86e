"""Questions of a version that learners have met are read once in a process, and of any other each time."""

import pytest

from portal.db import db, writing
from portal.domain.courses import frozen_questions
from portal.models import Question
from tests import make
from tests.make import NOON


@pytest.fixture
def version(app):
    return make.version(make.exam(), frozen_at=NOON)


def titles(version_id):
    return [question.title for question in frozen_questions.of(version_id)]


def rename(version_id):
    """As nobody does to a frozen version."""
    with writing() as session:
        session.execute(db.update(Question).where(Question.exam_version_id == version_id).values(title="New"))


def test_they_are_read_once_in_their_order_without_those_that_nobody_can_answer(version, statements):
    with writing():
        second = db.select(Question).where(Question.exam_version_id == version.id, Question.position == 2)
        db.session.scalars(second).one().problem = "no key"
    first = frozen_questions.of(version.id)
    assert [question.position for question in first] == [1, 3]
    statements.clear()
    assert frozen_questions.of(version.id) is first
    assert statements == []


def test_they_belong_to_no_session_and_outlive_it(version):
    [first, *_] = frozen_questions.of(version.id)
    db.session.remove()
    assert first not in db.session and first.text_html and first.key is not None
    assert frozen_questions.of(version.id)[0] is first


def test_those_of_a_version_that_nobody_has_met_may_change(app):
    version_id = make.version(make.exam(), frozen_at=None).id
    before = titles(version_id)
    rename(version_id)
    assert set(titles(version_id)) == {"New"} != set(before)


def test_what_is_frozen_in_a_transaction_that_is_never_committed_is_not_kept(app):
    version = make.version(make.exam(), frozen_at=None)
    version_id = version.id
    with pytest.raises(ZeroDivisionError), writing() as session:
        session.merge(version).frozen_at = NOON
        session.flush()
        frozen_questions.of(version_id)
        1 / 0  # noqa: B018
    rename(version_id)
    assert set(titles(version_id)) == {"New"}


def test_what_is_frozen_is_kept_inside_a_transaction_too(version, statements):
    with writing():
        first = frozen_questions.of(version.id)
        statements.clear()
        assert frozen_questions.of(version.id) is first
        assert statements == []


def test_the_materials_are_kept_with_them(app, statements):
    version = make.version(make.exam(), frozen_at=NOON, materials_html="<p>Formulas</p>")
    assert frozen_questions.materials_of(version.id) == "<p>Formulas</p>"
    frozen_questions.of(version.id)
    statements.clear()
    assert frozen_questions.materials_of(version.id) == "<p>Formulas</p>" and statements == []


def test_a_process_keeps_only_so_much(version, monkeypatch, statements):
    other = make.version(make.exam(), frozen_at=NOON)
    frozen_questions.of(version.id)
    monkeypatch.setattr(frozen_questions, "MOST_CHARACTERS", 1)
    frozen_questions.of(other.id)
    statements.clear()
    frozen_questions.of(version.id)
    assert statements
