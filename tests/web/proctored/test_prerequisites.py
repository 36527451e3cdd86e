"""The entry page of an exam that asks for something first: what, where it stands, and where to go."""

import pytest

from portal.db import db, writing
from portal.domain.courses import requirements
from portal.domain.courses.published import RequirementPublished
from portal.models import Attempt, Course, CreditRequirement, ProviderKind
from portal.models import AttemptStatus as S
from tests import fake_providers, make
from tests.make import NOON


@pytest.fixture
def exams(app):
    fake_providers.provider("acme", kind=ProviderKind.PRACTICE, client=False)
    course = make.course()
    same = {"course": course, "is_proctored": True, "provider_slug": "acme"}
    made = [make.exam(**same, content_id=name, name=f"<{name}>") for name in ("first", "last")]
    asked = [RequirementPublished(namespace=requirements.EXAM, name=e.content_id, display_name=e.name) for e in made]
    with writing() as session:
        requirements.publish(session.get_one(Course, course.id), asked)
    return made


@pytest.fixture
def learner(exams, sign_in):
    return sign_in(make.enrol(exams[0].course))


def stands(learner, status):
    with writing():
        requirement = db.session.scalars(db.select(CreditRequirement).filter_by(name="first")).one()
        requirements.note(requirement, learner.id, status, at=NOON)


def entry(client, exam):
    return client.get(f"/exams/{exam.slug}/").text


def begin(client, exam):
    return client.post(f"/exams/{exam.slug}/begin")


def test_the_page_names_it_with_a_link_and_offers_no_button(client, learner, exams):
    page = entry(client, exams[1])
    assert "Before this exam" in page
    assert f'href="/exams/{exams[0].slug}/"' in page
    assert "&lt;first&gt;" in page and "<first>" not in page
    assert f'action="/exams/{exams[1].slug}/begin"' not in page
    assert begin(client, exams[1]).status_code == 409
    assert db.session.scalars(db.select(Attempt)).all() == []
    assert "Before this exam" not in entry(client, exams[0])


@pytest.mark.parametrize(
    ("status", "word"),
    [("submitted", "being reviewed"), ("failed", "not met"), ("satisfied", "done"), ("removed", "still to do")],
)
def test_where_it_stands_in_words(client, learner, exams, status, word):
    stands(learner, status)
    page = entry(client, exams[1])
    assert word in page
    assert (f'action="/exams/{exams[1].slug}/begin"' in page) is (status == "satisfied")


def test_met_is_met(client, learner, exams):
    stands(learner, "satisfied")
    assert begin(client, exams[1]).status_code == 303
    assert db.session.scalars(db.select(Attempt)).one().taking_as_proctored


def test_what_was_declined_earlier_declines_this_one_when_it_is_begun_not_when_it_is_read(client, learner, exams):
    stands(learner, "declined")
    assert "so this exam is also without proctoring" in entry(client, exams[1])
    assert db.session.scalars(db.select(Attempt)).all() == []
    sent = begin(client, exams[1])
    assert sent.location.endswith(f"/exams/{exams[1].slug}/")
    assert db.session.scalars(db.select(Attempt)).one().status is S.DECLINED
    begin(client, exams[1])
    db.session.expire_all()
    newest = db.session.scalars(db.select(Attempt).order_by(Attempt.id.desc())).first()
    assert (newest.status, newest.taking_as_proctored, newest.provider_slug) == (S.CREATED, False, None)
