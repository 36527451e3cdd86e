"""What no honest browser sends is refused at every address and never a fault; the rest comes in clean."""

import json
import re

import pytest
from flask import Flask

from portal.db import db
from portal.domain.answers import answers
from portal.models import AllowanceKind, Answer, QuestionKind, ResumeState, Role
from tests import make
from tests.make import S

#: Larger than PostgreSQL's integers, than SQLite's, and than Python reads.
NUMBERS = ["2147483648", "1099511627776", "9223372036854775808", "9" * 40, "9" * 5000, "-1"]
DEEP = "[" * 100_000 + "]" * 100_000
ODD_BODIES = {
    "deep": DEEP,
    "deep object": '{"value":' * 5000 + "1" + "}" * 5000,
    "deep value": '{"version": 0, "value": ' + "[" * 500 + "]" * 500 + "}",
    "large number": json.dumps(
        {"version": 10**30, "rev": 10**30, "size_bytes": 10**30, "name": "a", "question": 10**30}
    ),
    "beyond the database": json.dumps({"version": 2**40, "rev": 2**40, "size_bytes": 2**40, "name": "a", "value": "a"}),
    "endless number": '{"version": ' + "9" * 5000 + ', "rev": ' + "9" * 5000 + "}",
    "infinite": '{"version": 1e999, "rev": Infinity, "client_at": NaN, "size_bytes": -Infinity, "value": "a"}',
    "half a letter": '{"version": 0, "value": "\\ud83d", "name": "\\ud83d", "source": "\\ud83d", "detail": "\\u0000"}',
    "a list": "[1, 2, 3]",
    "a text": '"text"',
    "many answers": json.dumps(
        {"answers": [{"question": 2**70, "version": 0}, {"question": -1, "version": 0}, 5, None]}
    ),
    "nothing": "",
    "broken": "{",
}
REFUSED = {400, 401, 403, 404, 405, 409, 410, 411, 413, 415, 422, 429}


@pytest.fixture
def attempt(sign_in):
    """Of an administrator who takes the exam as well, so that the door of every room is open."""
    person = make.administrator()
    exam = make.exam(questions=[{}, {"kind": QuestionKind.NUMBER, "key": {"value": "4"}}])
    attempt = make.attempt(S.STARTED, exam=exam, learner=person)
    sign_in(person)
    return attempt


def addresses(app: Flask, attempt, *, place: str, instead: str) -> list[tuple[str, str]]:
    """Method and address of every route that takes ``place`` (a converter's name), with ``instead`` in it."""
    known = {"ref": attempt.ref, "slug": attempt.exam.slug, "provider_slug": "x", "token": "x", "sha256": "0" * 64}
    found = []
    for rule in app.url_map.iter_rules():
        converters = {name: type(one).__name__ for name, one in rule._converters.items()}
        if place not in converters.values():
            continue
        values = {name: instead if kind == place else known.get(name, "x") for name, kind in converters.items()}
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found, values=values: values[found[1]], rule.rule)
        found += [(method, path) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    assert found and not any("<" in path for _, path in found), found
    return found


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:25])
def test_a_number_that_no_row_has_leads_nowhere(app, client, attempt, number):
    for method, path in addresses(app, attempt, place="Id", instead=number):
        assert client.open(path, method=method).status_code in {404, 405}, (method, path)


@pytest.mark.parametrize("sign", ["%00", "a%00b", "%0a", "%1b", "%7f", "%c2%80", "%ed%a0%80", "%ff"])
def test_a_sign_that_nobody_types_leads_nowhere(app, client, attempt, sign):
    for place in ("Name", "Path"):
        for method, path in addresses(app, attempt, place=place, instead=sign):
            answer = client.open(path, method=method)
            assert answer.status_code in REFUSED or answer.location.startswith("/signin"), (method, path)


@pytest.mark.parametrize("body", ODD_BODIES.values(), ids=ODD_BODIES)
def test_no_body_is_a_fault(app, client, attempt, body):
    """At every address that takes one, as JSON; a refusal is a refusal, and no answer is 500."""
    question = answers.ordered_questions(attempt)[0].id
    for rule in app.url_map.iter_rules():
        if not rule.methods & {"POST", "PUT"} or rule.endpoint.startswith("sign_in."):
            continue
        given = {"ref": attempt.ref, "slug": attempt.exam.slug, "question_id": question}
        path = app.url_map.bind("localhost").build(
            rule.endpoint,
            {name: given.get(name, 1 if type(one).__name__ == "Id" else "x") for name, one in rule._converters.items()},
        )
        method = "PUT" if "PUT" in rule.methods else "POST"
        answer = client.open(path, method=method, data=body, content_type="application/json")
        assert answer.status_code < 500 or answer.status_code == 503, (path, answer.text[:300])


@pytest.mark.parametrize(
    "number", ["1e400000000", "1e3", "9" * 400, "1e-400000000", "nan", "inf", "0x10", "1_0", "-1", ""]
)
@pytest.mark.parametrize("kind", [AllowanceKind.EXTRA_MINUTES, AllowanceKind.MULTIPLIER, AllowanceKind.LONGER_WINDOW])
def test_an_amount_that_nobody_means_is_refused_beside_its_field(client, sign_in, number, kind):
    course = make.course()
    learner = make.enrol(course)
    sign_in(make.member(Role.INSTRUCTOR, course=course))
    form = {"email": learner.email, "exam": "", "kind": kind.value, "amount": number, "reason": "x", "go": "grant"}
    answer = client.post(f"/teach/courses/{course.slug}/allowances/new", data=form)
    assert answer.status_code == 422
    assert "Enter" in answer.text


@pytest.mark.parametrize("number", ["1e400000000", "1e3", "9" * 400, "9" * 5000, "99999999999999999999", "1.5", "x"])
@pytest.mark.parametrize(
    ("verb", "field", "stands"),
    [
        ("add-time", "minutes", {}),
        ("do/resume", "extra_minutes", {"status": S.ERROR, "resume_state": ResumeState.RESUMABLE}),
        ("do/reopen", "minutes", {"status": S.SUBMITTED}),
    ],
)
def test_minutes_that_nobody_means_are_refused(client, sign_in, number, verb, field, stands):
    attempt = make.attempt(**stands)
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course))
    answer = client.post(f"/teach/attempts/{attempt.ref}/{verb}", data={field: number, "reason": "x"})
    assert answer.status_code == 422
    assert "Enter a whole number" in answer.text


@pytest.mark.parametrize("number", ["1e9", "9" * 400, "9" * 5000, "-9" * 50, "\x00", "nan", "0x1"])
@pytest.mark.parametrize("place", ["/teach/exams/{slug}/attempts?page={}", "/teach/cases?page={}", "/review/?page={}"])
def test_a_page_that_no_list_has_is_the_first_or_the_last(client, attempt, place, number):
    assert client.get(place.format(number, slug=attempt.exam.slug)).status_code in {200, 404}


@pytest.mark.parametrize("typed", ["\ud83d", "a\x00b", "e\u0301", "a\x1bb", "\U0001f600"], ids=ascii)
def test_an_answer_is_kept_as_every_database_keeps_it(client, sign_in, typed):
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=[{"kind": QuestionKind.SHORT_TEXT}]))
    sign_in(attempt.learner)
    [question] = answers.ordered_questions(attempt)
    address = f"/attempts/{attempt.ref}/answers/{question.id}"
    assert client.post(address, json={"value": typed, "version": 0}).status_code == 200
    kept = db.session.scalar(db.select(Answer.value))
    assert kept == {"\ud83d": "\ufffd", "a\x00b": "ab", "e\u0301": "é", "a\x1bb": "ab"}.get(typed, typed)
    assert client.get(f"/attempts/{attempt.ref}/exam/1").status_code == 200
