"""Questions are published in versions: one that a learner has met never changes again."""

import hashlib

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.courses import publishing
from portal.domain.courses import versions as versions_of
from portal.domain.courses.published import Unreadable
from portal.domain.timekeeping import exam_changes
from portal.models import Asset, Exam, ExamVersion, Question, UnreadableContent
from tests import make
from tests.domain.courses import published as p
from tests.make import NOON

pytestmark = pytest.mark.usefixtures("app")
OTHER = (p.question("q1", text_html="<p>Another text</p>"),)


def publish(*exams):
    with writing():
        publishing.publish(p.course(*exams), follow=exam_changes.follow, now=NOON)


def versions():
    return db.session.scalars(db.select(ExamVersion).order_by(ExamVersion.number)).all()


def begin_an_attempt():
    exam = db.session.scalars(db.select(Exam)).one()
    learner = make.enrol(exam.course)
    with writing():
        return attempts.create(db.session.get_one(Exam, exam.id), learner, now=NOON).id


def test_a_version_holds_the_questions_in_order():
    publish(p.exam())
    [version] = versions()
    questions = db.session.scalars(db.select(Question).order_by(Question.position)).all()
    assert (version.number, version.question_count, version.frozen_at) == (1, 2, None)
    assert [(q.position, q.content_id, q.key) for q in questions] == [
        (1, "q1", {"choice": "b"}),
        (2, "q2", {"choice": "b"}),
    ]
    assert questions[0].original == "<problem>q1</problem>"


def test_a_version_that_nobody_has_met_is_replaced():
    publish(p.exam())
    publish(p.exam(questions=OTHER))
    [version] = versions()
    assert version.question_count == 1
    assert db.session.scalars(db.select(Question.text_html)).one() == "<p>Another text</p>"


def test_a_version_that_somebody_has_met_is_followed_by_a_new_one():
    publish(p.exam())
    begin_an_attempt()
    publish(p.exam(questions=OTHER))
    first, second = versions()
    assert (first.question_count, second.number, second.question_count, second.frozen_at) == (2, 2, 1, None)
    theirs = db.session.scalars(db.select(Question.text_html).filter_by(exam_version_id=first.id)).all()
    assert theirs == ["<p>Which one?</p>", "<p>Which one?</p>"]


def test_other_settings_make_no_new_version():
    publish(p.exam())
    begin_an_attempt()
    publish(p.exam(time_limit_minutes=90, closes_at=None))
    assert len(versions()) == 1


def test_the_authors_own_spelling_makes_no_new_version():
    publish(p.exam())
    begin_an_attempt()
    questions = (p.question("q1", original="<problem />"), p.question("q2"))
    publish(p.exam(questions=questions))
    assert len(versions()) == 1


@pytest.mark.parametrize(
    "change",
    [{"key": {"choice": "a"}}, {"points": 2}, {"title": "New"}, {"problem": "broken"}, {"group": "other"}],
    ids=str,
)
def test_whatever_a_learner_or_the_marking_would_notice_does(change):
    publish(p.exam())
    begin_an_attempt()
    publish(p.exam(questions=(p.question("q1", **change), p.question("q2"))))
    assert len(versions()) == 2


def test_a_fingerprint_is_what_the_first_versions_made_of_the_same_content():
    """Else the next publish of an unchanged course would make a new version of every exam that somebody is in."""
    content = versions_of.content_of(p.exam(questions=(p.question("q1"), p.question("q2", problem="a script"))))
    assert content.fingerprint == "9d1904fa0615a876e3f213fe46d88ef1b771c19f01533e7026e2c8a9f38fac70"


def test_broken_questions_are_kept_but_not_counted():
    publish(p.exam(questions=(p.question("q1"), p.question("q2", problem="a script"))))
    assert versions()[0].question_count == 1
    assert len(db.session.scalars(db.select(Question)).all()) == 2


def test_parts_that_cannot_be_shown_are_listed():
    film = Unreadable(name="A film", kind="video", reason="no films")
    publish(p.exam(unreadable=(film,)))
    publish(p.exam(unreadable=(film, film)))
    rows = db.session.scalars(db.select(UnreadableContent)).all()
    assert [(row.name, row.kind, row.reason) for row in rows] == [("A film", "video", "no films")] * 2


def test_pictures_are_named_by_their_content():
    shown = p.question(text_html='<p><img src="asset:p.png" alt="A hill"></p>')
    publish(*(p.exam(name, questions=(shown,), assets=(p.PICTURE,)) for name in ("e1", "e2")))
    sha256 = hashlib.sha256(p.PICTURE.content).hexdigest()
    assert db.session.scalars(db.select(Asset.sha256)).all() == [sha256]
    texts = db.session.scalars(db.select(Question.text_html)).all()
    assert texts == [f'<p><img src="asset:{sha256}" alt="A hill"></p>'] * 2
