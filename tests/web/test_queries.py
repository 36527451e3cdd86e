"""What a page asks of the database does not grow with what is in it: the statements of the hot pages, counted."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.timekeeping import allowances
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import AllowanceKind, Exam, Role, User
from tests import fake_providers, make
from tests.make import NOON, S

#: Every transaction begins and ends; that is not counted.
FRAME = ("BEGIN", "SAVEPOINT", "RELEASE")


@pytest.fixture
def cost(client, statements):
    """``cost("GET", url)``: how many statements a request sends, from a standing start."""

    def cost(method: str, url: str, *, expect: int = 200, **given: object) -> int:
        db.session.remove()
        statements.clear()
        assert client.open(url, method=method, **given).status_code == expect
        return len([sql for sql in statements if not sql.startswith(FRAME)])

    return cost


@pytest.fixture
def learner(app, sign_in) -> User:
    return sign_in(make.user())


def running(learner: User, **given: object):
    """An attempt under way, among others of theirs and of other people."""
    exam = given.pop("exam", None) or make.exam(questions=12, **given)
    for _ in range(3):
        make.attempt(S.STARTED, exam=exam)
    return make.attempt(S.STARTED, exam=exam, learner=learner)


def proctored(learner: User):
    fake_providers.provider()
    exam = fake_providers.exam(questions=12)
    return fake_providers.attempt(S.STARTED, exam=exam, learner=learner)


def a_question(attempt) -> int:
    query = db.select(make.Question.id).filter_by(exam_version_id=attempt.exam_version_id)
    return db.session.scalars(query.limit(1)).one()


@pytest.mark.parametrize("kind", [running, proctored])
def test_a_running_exam(cost, learner, kind):
    attempt = kind(learner)
    here, question = f"/attempts/{attempt.ref}", a_question(attempt)
    assert cost("GET", f"{here}/clock.json?rev=0") <= 2
    assert cost("GET", f"{here}/exam/4") <= 8
    assert cost("POST", f"{here}/answers/{question}", json={"value": "b", "version": 0}) <= 6
    assert cost("POST", f"{here}/answers/{question}", json={"value": "c", "version": 1}) <= 6
    assert cost("GET", f"{here}/exam/4") <= 7, "the questions have been read in this process"


def test_an_answer_in_a_process_that_has_not_shown_the_exam(cost, learner):
    attempt = make.attempt(S.STARTED, learner=learner)
    place = f"/attempts/{attempt.ref}/answers/{a_question(attempt)}"
    assert cost("POST", place, json={"value": "b", "version": 0}) <= 9
    assert cost("POST", place, json={"value": "c", "version": 1}) <= 6


def grant(exam: Exam, learner: User) -> None:
    with writing():
        terms = Terms(kind=AllowanceKind.EXTRA_MINUTES, minutes=5, exam=exam)
        allowances.grant(exam.course, learner, terms, by=None, reason="", now=NOON)


@pytest.mark.parametrize("number", [1, 15])
def test_the_list_of_exams(cost, learner, number):
    course = make.course()
    for _ in range(number):
        exam = make.exam(course=course, closes_at=NOON + timedelta(days=1))
        make.attempt(S.SUBMITTED, exam=exam, learner=learner)
        grant(exam, learner)
    assert cost("GET", "/me/exams/") <= 6


@pytest.mark.parametrize(
    "wanted", ["", "?q=person", "?state=in-progress&sort=-learner", "?allowance=with", "?page=2", "?q=person&page=2"]
)
def test_the_list_of_attempts(cost, sign_in, wanted, monkeypatch):
    monkeypatch.setattr("portal.domain.attempts.search.PAGE_SIZE", 5)
    exam = make.exam()
    sign_in(make.member(Role.INSTRUCTOR, course=exam.course))
    for number in range(12):
        grant(exam, make.attempt(S.STARTED if number % 2 else S.SUBMITTED, exam=exam).learner)
    assert cost("GET", f"/teach/exams/{exam.slug}/attempts{wanted}") <= 8


def test_from_the_entry_to_the_receipt(cost, learner):
    """What this costs a hall full of learners who begin and end at once."""
    exam = make.exam(questions=12, closes_at=NOON + timedelta(days=1))
    make.enrol(exam.course, learner)
    grant(exam, learner)
    assert cost("POST", f"/exams/{exam.slug}/begin", expect=303) <= 11
    made = db.session.scalars(db.select(make.Attempt).filter_by(exam_id=exam.id)).one()
    assert cost("POST", f"/attempts/{made.ref}/start", expect=303) <= 9
    assert cost("GET", f"/attempts/{made.ref}/exam/1") <= 8
    assert cost("POST", f"/attempts/{made.ref}/submit", expect=303) <= 7, "the receipt by email is one more"
