"""Taking an exam without proctoring: named consequences, a tick, and the cascade."""

import pytest

from portal.db import db, writing
from portal.models import Attempt, Course, Exam, LedgerEntry, OutboxMessage, ProviderKind
from portal.models import AttemptStatus as S
from tests import fake_providers, make


@pytest.fixture
def learner(app, sign_in):
    fake_providers.provider("watcher", kind=ProviderKind.PRACTICE, client=False)
    return sign_in(make.user())


@pytest.fixture
def exam(learner):
    made = make.exam(is_proctored=True, provider_slug="watcher", may_decline=True)
    make.enrol(made.course, learner)
    return made


def choose(client, exam, **said):
    return client.post(f"/exams/{exam.slug}/without-proctoring", data={"understood": "yes", **said})


def statuses():
    db.session.expire_all()
    newest_last = db.select(Exam.name, Attempt.status).join(Attempt, Attempt.exam_id == Exam.id).order_by(Attempt.id)
    return dict(list(map(tuple, db.session.execute(newest_last))))


def test_it_is_offered_only_where_the_exam_allows_it(client, learner):
    strict = make.exam(is_proctored=True, provider_slug="watcher")
    make.enrol(strict.course, learner)
    assert b"without-proctoring" not in client.get(f"/exams/{strict.slug}/").data
    assert choose(client, strict).status_code == 409
    assert statuses() == {}


def test_it_takes_a_tick(client, exam):
    assert client.post(f"/exams/{exam.slug}/without-proctoring", data={}).status_code == 422
    assert statuses() == {}


def test_the_others_it_would_touch_are_named_and_touched(client, learner, exam):
    course = exam.course
    same = {"course": course, "is_proctored": True, "provider_slug": "watcher"}
    untouched = make.exam(**same, name="Untouched")
    over = make.exam(**same, name="Over")
    make.attempt(S.VERIFIED, exam=over, learner=learner)
    make.exam(**same, name="Practice", is_practice=True)
    make.exam(**same, name="Inactive", is_active=False)
    make.exam(course=course, name="Timed")
    page = client.get(f"/exams/{exam.slug}/without-proctoring").text
    assert f"<bdi>{untouched.name}</bdi>" in page
    for name in ("Over", "Practice", "Inactive", "Timed"):
        assert f"<bdi>{name}</bdi>" not in page
    choose(client, exam)
    assert statuses() == {exam.name: S.DECLINED, "Untouched": S.DECLINED, "Over": S.VERIFIED}


def test_a_course_may_say_that_it_stays_with_this_one(client, learner, exam):
    make.exam(course=exam.course, is_proctored=True, provider_slug="watcher", name="Second")
    with writing() as session:
        session.get_one(Course, exam.course_id).decline_cascades = False
    choose(client, exam)
    assert statuses() == {exam.name: S.DECLINED}


def test_credit_is_declined_and_the_provider_told(client, exam):
    client.post(f"/exams/{exam.slug}/begin")
    choose(client, exam)
    topics = db.session.scalars(db.select(OutboxMessage.topic)).all()
    assert "provider.remove" in topics
    assert "credit" in topics
    assert db.session.scalars(db.select(LedgerEntry)).all() == []


def test_afterwards_the_exam_runs_like_a_timed_one(client, learner, exam):
    choose(client, exam)
    sent = client.post(f"/exams/{exam.slug}/begin")
    assert sent.status_code == 303
    newest = db.session.scalars(db.select(Attempt).order_by(Attempt.id.desc())).first()
    assert (newest.status, newest.provider_slug, newest.taking_as_proctored) == (S.CREATED, None, False)
    client.post(f"/attempts/{newest.ref}/start")
    assert statuses()[exam.name] is S.STARTED


def test_a_second_choice_changes_nothing(client, exam):
    choose(client, exam)
    assert choose(client, exam).status_code == 409


def test_not_while_it_runs(client, learner, exam):
    make.attempt(S.STARTED, exam=exam, learner=learner)
    assert choose(client, exam).status_code == 409


def test_afterwards_no_page_speaks_of_camera_and_card(client, learner, exam):
    here = f"/exams/{exam.slug}/"
    assert "camera" in client.get(here).text and "passport" in client.get(here).text
    choose(client, exam)
    client.post(f"{here}begin")
    newest = db.session.scalars(db.select(Attempt).order_by(Attempt.id.desc())).first()
    for address in (here, f"{here}rules", f"/attempts/{newest.ref}/ready"):
        page = client.get(address).text
        assert "camera" not in page and "passport" not in page, address
    assert "You are taking this exam without proctoring." in client.get(here).text
