"""Reopening on the pages: the course team's action, and the learner's status page that offers Continue."""

from datetime import timedelta

import pytest

from portal.cli.attempt import attempt as commands
from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.models import Attempt, LedgerEntry, OutboxMessage, Role
from tests import fake_providers, make
from tests.make import NOON, S

SAID = {"minutes": "10", "reason": "The line of the room broke"}


@pytest.fixture
def attempt(app, the_clock):
    exam = make.exam(questions=1, closes_at=NOON + timedelta(hours=3))
    learner = make.enrol(exam.course)
    with writing():
        made = attempts.start(attempts.create(exam, learner, now=NOON), learner, now=NOON)
        attempts.submit(made, learner, now=NOON + timedelta(minutes=20))
    the_clock.advance(minutes=30)
    return made


def room(attempt: Attempt, rest: str = "") -> str:
    return f"/teach/attempts/{attempt.ref}/{rest}"


def staff(sign_in, attempt: Attempt, role: Role = Role.STAFF) -> None:
    sign_in(make.member(role, course=attempt.exam.course))


def test_the_team_opens_it_again(client, sign_in, attempt):
    staff(sign_in, attempt)
    assert room(attempt, "do/reopen") in client.get(room(attempt)).text
    form = client.get(room(attempt, "do/reopen")).text
    assert "The exam closes 15:00 for this learner" in form
    assert client.post(room(attempt, "do/reopen"), data=SAID).location == room(attempt)
    page = client.get(room(attempt)).text
    for words in (
        "The attempt is reopened",
        "Reopened",
        "10 min left",
        "Unused",
        "- 40:00",
        "+ 10:00",
    ):
        assert words in page
    assert room(attempt, "do/reopen") not in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reason": ""}, "Enter a reason."),
        ({"minutes": ""}, "Enter a whole number of minutes"),
        ({"minutes": "0"}, "Enter between 1 and 1440 minutes"),
        ({"minutes": "1441"}, "Enter between 1 and 1440 minutes"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, sign_in, attempt, wrong, words):
    staff(sign_in, attempt)
    said = client.post(room(attempt, "do/reopen"), data={**SAID, **wrong})
    assert (said.status_code, words in said.text) == (422, True)
    assert db.session.get_one(Attempt, attempt.id).status is S.SUBMITTED


def test_only_those_who_give_time_in_this_course(client, sign_in, attempt):
    for role, status in ((Role.REVIEWER, 403), (Role.INSTRUCTOR, 200)):
        staff(sign_in, attempt, role)
        assert client.get(room(attempt, "do/reopen")).status_code == status
    for person in (attempt.learner, make.user(), make.member(Role.INSTRUCTOR)):
        sign_in(person)
        assert client.post(room(attempt, "do/reopen"), data=SAID).status_code == 404
    assert db.session.get_one(Attempt, attempt.id).status is S.SUBMITTED


def test_a_proctored_one_says_what_to_do_instead(client, sign_in, app):
    fake_providers.provider()
    attempt = fake_providers.attempt(S.SUBMITTED)
    staff(sign_in, attempt, Role.INSTRUCTOR)
    assert "proctoring recording has ended" in client.get(room(attempt)).text
    said = client.post(room(attempt, "do/reopen"), data=SAID)
    assert (said.status_code, "recording has ended" in said.text) == (409, True)
    assert db.session.scalars(db.select(LedgerEntry)).all() == []


def test_the_learners_status_page_offers_to_continue(client, sign_in, attempt, the_clock):
    sign_in(attempt.learner)
    status = f"/attempts/{attempt.ref}/status"
    page = client.get(status).text
    assert "Your exam was submitted" in page and 'data-mark="ended/' in page and "clock.json" in page
    staff(sign_in, attempt)
    client.post(room(attempt, "do/reopen"), data=SAID)
    sign_in(attempt.learner)
    page = client.get(status).text
    for words in ("You can continue your exam", "12:40", ">Continue<", 'data-mark="in_progress/'):
        assert words in page
    assert client.post(f"/attempts/{attempt.ref}/resume-clock").location == f"/attempts/{attempt.ref}/exam/1"
    assert "Which one?" in client.get(f"/attempts/{attempt.ref}/exam/1").text
    kept = db.session.get_one(Attempt, attempt.id)
    assert kept.seen_revision == kept.revision
    the_clock.advance(minutes=10, seconds=31)
    assert "Your time is up" in client.get(status).text
    with writing():
        attempts.submit_overdue(attempts.lock(attempt.id), now=the_clock.now)
    assert "Your exam was submitted" in client.get(status).text


def test_a_page_that_cannot_change_any_more_does_not_ask(client, sign_in):
    shown = make.attempt(S.SUBMITTED, exam=make.exam(shows_marks=True))
    sign_in(shown.learner)
    assert "waiting.js" not in client.get(f"/attempts/{shown.ref}/status").text


def test_from_the_terminal(app, attempt):
    run = app.test_cli_runner().invoke
    refused = run(commands, ["reopen", attempt.ref, "--minutes", "0", "--reason", "x"])
    assert (refused.exit_code, "1440 minutes" in refused.output) == (1, True)
    done = run(commands, ["reopen", attempt.ref.lower(), "--minutes", "10", "--reason", "Fire alarm"])
    assert done.output == f"{attempt.ref} is reopened and ends 2026-03-02 12:40:00 UTC.\n"
    mails = db.session.scalars(db.select(OutboxMessage).filter_by(topic="email")).all()
    assert [mail.payload["template"] for mail in mails][-1:] == ["reopened"]
