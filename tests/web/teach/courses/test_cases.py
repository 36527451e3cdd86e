"""Cases: who sees which, that each is answered with a note, and that what waits is counted."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.outbox import cases
from portal.models import Role, SupportCase
from tests import make, review_factories
from tests.make import NOON


@pytest.fixture
def attempt(app):
    return review_factories.proctored(learner=make.user(name="Ada Rahimi"))


@pytest.fixture
def staff(attempt, sign_in):
    return sign_in(make.member(Role.STAFF, course=attempt.exam.course, user=make.user(name="Dr Lind")))


def case(attempt=None, text="The code does not work", kind="learner_message", **given):
    facts = {"key": f"case-{text}", "course_id": attempt.exam.course_id if attempt else None, **given}
    with writing():
        made = cases.open_case(kind, text, attempt=attempt, now=NOON, **facts)
    return made


def close(client, made, note="Telephoned; it works"):
    return client.post(f"/teach/cases/{made.id}/close", data={"note": note})


def test_a_case_is_answered_with_a_note(client, staff, attempt, the_clock):
    made = case(attempt, "I have <b>no</b> camera")
    page = client.get("/teach/cases").text
    assert "I have &lt;b&gt;no&lt;/b&gt; camera" in page and attempt.ref in page and "Ada" not in page
    the_clock.advance(hours=1)
    assert close(client, made).status_code == 303
    assert "There are no open cases." in client.get("/teach/cases").text
    closed = client.get("/teach/cases?show=closed").text
    assert "Telephoned; it works" in closed and "Dr Lind" in closed
    close(client, made, "Something else")
    db.session.refresh(made)
    assert (made.closing_note, made.closed_at) == ("Telephoned; it works", NOON + timedelta(hours=1))


@pytest.mark.parametrize("note", ["", "  ", "x" * 1001])
def test_a_note_must_say_something(client, staff, attempt, note):
    made = case(attempt)
    refused = close(client, made, note)
    assert refused.status_code == 422 and "Enter a note of at most 1000 characters" in refused.text
    assert db.session.get_one(SupportCase, made.id, populate_existing=True).closed_at is None


def test_an_appeal_is_answered_where_the_learner_reads_it(client, sign_in, staff, attempt):
    made = case(attempt, "Another look", kind="appeal")
    assert close(client, made).status_code == 409
    assert "A reviewer answers this" in client.get("/teach/cases").text
    sign_in(review_factories.reviewer(attempt))
    assert f"/review/{attempt.ref}" in client.get("/teach/cases").text


def test_cases_of_other_courses_and_of_nobody_are_hidden(client, sign_in, staff, attempt):
    theirs, nobodys = case(review_factories.proctored(), "theirs"), case(None, "nobodys")
    page = client.get("/teach/cases").text
    assert "theirs" not in page and "nobodys" not in page
    assert close(client, theirs).status_code == close(client, nobodys).status_code == 404
    sign_in(make.administrator())
    page = client.get("/teach/cases").text
    assert "theirs" in page and "nobodys" in page
    assert close(client, nobodys).status_code == 303


def test_somebody_without_a_course_sees_none(client, sign_in, attempt):
    made = case(attempt)
    sign_in(make.user())
    assert "There are no open cases." in client.get("/teach/cases").text
    assert close(client, made).status_code == 404


def test_nobody_answers_about_their_own_attempt(client, sign_in, attempt):
    made = case(attempt, "about me")
    make.member(Role.INSTRUCTOR, course=attempt.exam.course, user=attempt.learner)
    sign_in(attempt.learner)
    assert "about me" not in client.get("/teach/cases").text
    assert "case needs" not in client.get("/teach/").text
    assert close(client, made).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_what_waits_is_counted_on_the_first_page(client, sign_in, attempt, role):
    sign_in(make.member(role, course=attempt.exam.course))
    made = [case(attempt, f"number {number}") for number in range(2)]
    assert "2 support cases need an answer" in client.get("/teach/").text
    for one in made:
        assert close(client, one).status_code == 303
    assert "an answer</b>" not in client.get("/teach/").text


def test_reviews_that_wait_are_counted_for_who_may_review(client, sign_in, attempt):
    review_factories.waiting(exam=attempt.exam)
    sign_in(review_factories.reviewer(attempt))
    page = client.get("/teach/").text
    assert "1 attempt needs a review" in page and 'href="/review/"' in page
    sign_in(make.member(Role.PROCTOR, course=attempt.exam.course))
    page = client.get("/teach/").text
    assert "a review</b>" not in page and 'href="/review/"' not in page


def test_many_cases_come_in_pages_at_the_same_price(client, staff, attempt, statements):
    for number in range(30):
        case(review_factories.proctored(exam=attempt.exam), f"number {number}")
    statements.clear()
    page = client.get("/teach/cases").text
    assert len(statements) <= 6
    assert "Page 1 of 2" in page and "number 29" in page and "number 4 " not in page
    assert "Page 2 of 2" in client.get("/teach/cases?page=99").text
