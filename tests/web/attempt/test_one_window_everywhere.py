"""An exam for one window: no writing verb is left open to another one, and switching it binds open pages."""

import pytest
from flask import url_for

from portal.db import db, writing
from portal.domain.answers import answers
from portal.domain.attempts import attempts
from portal.domain.courses import exam_settings
from portal.domain.timekeeping import breaks
from portal.models import Attempt, Role
from tests import fake_providers, make
from tests.make import S

NOW_ELSEWHERE = {"window_browser": "x" * 32, "window_device": "Firefox on Windows"}
#: Verbs of the attempt's pages that change nothing of the exam, are about the window itself, or come before and after.
FREE = {
    "attempt.start", "attempt.seen", "attempt.finish", "attempt.use_window", "attempt.appeal", "attempt.ask_team",
    "proctored.beat", "proctored.tell_team", "proctored.open_provider", "proctored.read_rules",
    "proctored.without_proctoring", "proctored.practice_proctor_act", "proctored.practice_proctor_alive",
}  # fmt: skip


def verbs(app) -> list[tuple[str, str]]:
    """Every route of one attempt that writes: endpoint and method."""
    rooms = ("attempt.", "proctored.")
    return [
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods & {"POST", "PUT", "DELETE", "PATCH"})
        if rule.endpoint.startswith(rooms) and "ref" in rule.arguments and rule.endpoint not in FREE
    ]


@pytest.mark.parametrize("is_paused", [False, True])
def test_every_writing_verb_asks_whether_this_is_the_window(app, client, sign_in, is_paused, the_clock):
    fake_providers.provider("practice", client=False)
    exam = fake_providers.exam("practice", one_window=True, questions=2)
    attempt = fake_providers.attempt(S.STARTED, exam=exam, **NOW_ELSEWHERE)
    if is_paused:
        with writing():
            held = attempts.lock(attempt.id)
            held.break_bank_seconds = 1200
            breaks.take(held, held.learner, now=the_clock.now)
    sign_in(attempt.learner)
    question = answers.ordered_questions(attempt)[0].id
    known = {"ref": attempt.ref, "number": 1, "question_id": question, "file_id": 1}
    data = {"value": "b", "version": "0", "why": "No camera", "words": "Help"}
    found = verbs(app)
    assert len(found) >= 10
    before = state_of(attempt)
    for endpoint, method in found:
        rule = next(one for one in app.url_map.iter_rules() if one.endpoint == endpoint and method in one.methods)
        with app.test_request_context():
            address = url_for(endpoint, **{name: known[name] for name in rule.arguments})
        client.open(address, method=method, data=data)
        assert state_of(attempt) == before, endpoint


def state_of(attempt: Attempt) -> tuple[object, ...]:
    db.session.expire_all()
    return attempt.status, attempt.is_paused, attempt.answered_count, attempt.window_browser, attempt.archived_at


@pytest.fixture
def pages(app, sign_in):
    """Two browsers with an open page of an exam that began without the setting, and a way to switch it."""
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=2))
    team = make.member(Role.INSTRUCTOR, course=attempt.exam.course)
    clients = [app.test_client(), app.test_client()]
    for one in clients:
        sign_in(attempt.learner, one)

    def switch(is_on: bool) -> None:
        with writing():
            exam_settings.change(db.session.merge(attempt.exam), {"one_window": is_on}, team, now=make.NOON)

    return attempt, clients, switch


def save(client, attempt: Attempt, value: str, version: int) -> int:
    question = answers.ordered_questions(attempt)[0].id
    said = {"value": value, "version": version}
    headers = {"X-Window": "7"}
    return client.post(f"/attempts/{attempt.ref}/answers/{question}", json=said, headers=headers).status_code


def test_switched_on_the_page_that_speaks_next_is_the_window(pages):
    attempt, (first, second), switch = pages
    assert save(first, attempt, "a", 0) == save(second, attempt, "b", 1) == 200
    assert "window" not in first.get(f"/attempts/{attempt.ref}/clock.json").json
    switch(True)
    assert first.get(f"/attempts/{attempt.ref}/clock.json").json["window"] == ""
    assert save(first, attempt, "c", 2) == 200
    assert first.get(f"/attempts/{attempt.ref}/clock.json").json["window"] == "7"
    assert second.get(f"/attempts/{attempt.ref}/clock.json").json["window"] == "elsewhere"
    assert save(second, attempt, "d", 3) == 409


def test_switched_off_and_on_again_open_pages_are_bound_again(pages):
    attempt, (first, second), switch = pages
    switch(True)
    assert save(first, attempt, "a", 0) == 200
    switch(False)
    assert save(second, attempt, "b", 1) == 200
    switch(True)
    assert save(second, attempt, "c", 2) == 200
    assert save(first, attempt, "d", 3) == 409


def test_a_form_without_a_script_is_bound_too(pages):
    attempt, (first, second), switch = pages
    switch(True)
    given = {"value": "a", "version": "0", "go": "stay", "plain_page": "yes"}
    assert first.post(f"/attempts/{attempt.ref}/exam/1", data=given).status_code == 303
    assert second.post(f"/attempts/{attempt.ref}/exam/1", data={**given, "version": "1"}).status_code == 409
