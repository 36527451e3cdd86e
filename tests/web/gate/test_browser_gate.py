"""An exam of PSI runs in the browser that was launched, and in no other: every address of it, by table."""

import pytest

from portal.db import db, writing
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import time_account
from portal.models import Answer, ProviderKind, SupportCase, TimeEntryKind
from portal.web.gate import browser_gate
from tests import fake_providers, make
from tests.make import NOON, S

WORDS = "browser of your proctoring provider"
#: What any browser of the learner may ask while the exam runs.
OPEN = {"proctored.tell_team", "proctored.setup_state", "proctored.open_provider"}
#: Addresses that name an attempt and belong to the built-in proctor only, which PSI's attempts never have.
PRACTICE = {"proctored.practice_proctor_page", "proctored.practice_proctor_act", "proctored.practice_proctor_alive"}


@pytest.fixture
def attempt(app, sign_in):
    fake_providers.provider("psi", kind=ProviderKind.PSI)
    learner = make.user()
    sign_in(learner)
    exam = fake_providers.exam("psi")
    made = fake_providers.attempt(S.DOWNLOAD_SOFTWARE_CLICKED, exam=exam, learner=learner, rules_read_at=NOON)
    make.enrol(exam.course, learner)
    return made


@pytest.fixture
def plain(app, attempt, sign_in):
    """Another browser of the same learner."""
    other = app.test_client()
    sign_in(attempt.learner, other)
    return other


def launch(client, attempt):
    return client.get(fake_providers.launch_path(attempt))


def runs(attempt):
    fake_providers.change(attempt, status=S.STARTED, **make._clock(S.STARTED, NOON, attempt.exam))


def every_address(app):
    """(method, endpoint) of each address that names a learner's attempt."""
    rules = [one for one in app.url_map.iter_rules() if one.endpoint.startswith(("attempt.", "proctored."))]
    named = [one for one in rules if "ref" in one.arguments]
    return [(verb, one.endpoint, one.arguments) for one in named for verb in one.methods - {"OPTIONS", "HEAD"}]


def ask(client, app, attempt, method, endpoint, arguments):
    values = {"ref": attempt.ref, "number": 1, "question_id": 1, "file_id": 1, "sha256": "a" * 64}
    with app.test_request_context():
        path = app.url_map.bind("localhost").build(endpoint, {name: values.get(name, 1) for name in arguments})
    return client.open(path, method=method)


def test_no_address_of_a_running_exam_answers_a_plain_browser(app, plain, attempt):
    runs(attempt)
    seen = []
    for method, endpoint, arguments in every_address(app):
        if endpoint in OPEN:
            continue
        answer = ask(plain, app, attempt, method, endpoint, arguments)
        assert answer.status_code == 403, (method, endpoint)
        assert WORDS in answer.get_data(as_text=True).replace("&#39;", "'"), (method, endpoint)
        seen.append(endpoint)
    assert {"attempt.finish", "attempt.check", "attempt.go_back", "attempt.submit", "attempt.clock_json"} <= set(seen)
    assert {"attempt.answer", "attempt.upload", "attempt.file_part", "proctored.beat", "attempt.resume_clock"} <= set(
        seen
    )
    assert fake_providers.status_of(attempt) is S.STARTED
    assert db.session.scalars(db.select(Answer)).all() == []


@pytest.mark.parametrize("endpoint", sorted(OPEN))
def test_any_browser_asks_for_help_and_goes_back_to_the_set_up(app, plain, attempt, endpoint):
    runs(attempt)
    method = "GET" if endpoint == "proctored.setup_state" else "POST"
    assert ask(plain, app, attempt, method, endpoint, ["ref"]).status_code != 403


def test_every_address_answers_the_launched_browser(app, client, attempt):
    """Each on an attempt of its own, because some end the exam."""
    for method, endpoint, arguments in every_address(app):
        if endpoint in PRACTICE:
            continue
        fake_providers.change(attempt, status=S.DOWNLOAD_SOFTWARE_CLICKED)
        launch(client, attempt)
        runs(attempt)
        assert ask(client, app, attempt, method, endpoint, arguments).status_code != 403, endpoint


@pytest.mark.parametrize("path", ["ready", "", "setup", "setup.json", "status"])
@pytest.mark.parametrize("status", [S.CREATED, S.READY_TO_START, S.SUBMITTED, S.VERIFIED, S.ERROR, S.EXPIRED])
def test_before_and_after_the_exam_any_browser_will_do(plain, attempt, status, path):
    before = status in {S.CREATED, S.READY_TO_START}
    fake_providers.change(attempt, status=status, **({} if before else make._clock(S.SUBMITTED, NOON, attempt.exam)))
    assert plain.get(f"/attempts/{attempt.ref}/{path}").status_code in {200, 303}


def test_a_clock_that_stands_still_is_a_running_exam(plain, attempt):
    runs(attempt)
    with writing() as session:
        held = session.get_one(type(attempt), attempt.id)
        time_account.pause_clock(held, TimeEntryKind.PAUSE, Cause(actor=Actor.STAFF), now=NOON)
    assert plain.get(f"/attempts/{attempt.ref}/interrupted").status_code == 403


def test_the_launched_browser_takes_the_exam(client, attempt):
    assert launch(client, attempt).status_code == 302
    home = f"/attempts/{attempt.ref}"
    assert client.post(f"{home}/start").status_code == 303
    assert client.get(f"{home}/exam/1").status_code == 200
    assert client.post(f"{home}/exam/1", data={"value": "a", "version": 0}).status_code == 303
    assert client.post(f"{home}/submit").status_code == 303
    assert fake_providers.status_of(attempt) is S.SUBMITTED


def test_help_from_the_team_is_asked_for_in_any_browser(plain, attempt):
    runs(attempt)
    assert plain.post(f"/attempts/{attempt.ref}/message", data={"words": "It crashed."}).status_code == 303
    assert db.session.scalars(db.select(SupportCase.text)).all() == ["It crashed."]


def test_it_is_not_started_elsewhere_either(client, plain, attempt):
    launch(client, attempt)
    assert plain.post(f"/attempts/{attempt.ref}/start").status_code == 403
    assert fake_providers.status_of(attempt) is S.READY_TO_START


def test_a_made_up_proof_is_none(client, attempt):
    fake_providers.change(attempt, status=S.READY_TO_START)
    client.set_cookie("exam", attempt.ref)
    assert client.post(f"/attempts/{attempt.ref}/start").status_code == 403


def test_the_proof_of_another_attempt_is_none(client, attempt):
    other = fake_providers.attempt(
        S.CREATED, exam=fake_providers.exam("psi"), learner=attempt.learner, external_id="Loc-2", rules_read_at=NOON
    )
    launch(client, other)
    runs(attempt)
    assert client.get(f"/attempts/{attempt.ref}/exam/1").status_code == 403


def test_a_proof_outlives_a_change_of_the_secret_key(app, client, attempt, monkeypatch):
    launch(client, attempt)
    old = app.config["SECRET_KEY"]
    proof = client.get_cookie("exam").value
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key, which is long enough too")
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [old])
    assert browser_gate._signer().loads(proof) == attempt.ref


def test_others_are_told_nothing(app, sign_in, attempt):
    runs(attempt)
    stranger = app.test_client()
    assert stranger.get(f"/attempts/{attempt.ref}/exam/1").headers["Location"].startswith("/signin")
    sign_in(make.user(), stranger)
    assert stranger.get(f"/attempts/{attempt.ref}/exam/1").status_code == 404
