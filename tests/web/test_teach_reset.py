"""Resetting an attempt: what follows is named beforehand, and for ten minutes it can be undone."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.models import Attempt, Role
from tests import make, vendors
from tests.make import NOON, S

WHY = {"reason": "The wrong room"}


@pytest.fixture
def attempt(app, sign_in) -> Attempt:
    attempt = make.attempt(answered_count=2)
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course))
    return attempt


def do(attempt: Attempt, deed: str) -> str:
    return f"/teach/attempts/{attempt.ref}/do/{deed}"


def test_what_follows_is_named_before_anything_is_pressed(client, attempt, the_clock):
    the_clock.advance(minutes=20)
    page = client.get(do(attempt, "set-aside")).text
    for words in (
        "Their 2 answers and the history are kept.",
        "Their exam ends at once, with 40 minutes left. Their page says that it was reset.",
        "They can start again from the beginning.",
        "You can undo it for ten minutes, while they have not started again.",
    ):
        assert words in page


def test_of_a_proctored_one_the_provider_credit_and_finality_are_named(client, sign_in, app):
    vendors.vendor()
    attempt = vendors.attempt(S.SUBMITTED, exam=vendors.exam(closes_at=NOON + timedelta(minutes=5)))
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course))
    page = client.get(do(attempt, "set-aside")).text
    for words in ("asked to remove", "credit and grade is taken back", "cannot be undone"):
        assert words in page


def test_undone_it_goes_on_with_what_was_left(client, attempt, the_clock):
    the_clock.advance(minutes=20)
    client.post(do(attempt, "set-aside"), data=WHY)
    the_clock.advance(minutes=7)
    page = client.get(f"/teach/attempts/{attempt.ref}/").text
    assert "Undo the reset" in page and "reset after 20 min" in page and "- 40:00" in page
    assert client.post(do(attempt, "undo-reset"), data=WHY).status_code == 303
    db.session.refresh(attempt)
    assert attempt.archived_at is None
    assert attempt.deadline_at == NOON + timedelta(minutes=67)


def test_the_learners_page_hears_of_both(client, sign_in, attempt):
    client.post(do(attempt, "set-aside"), data=WHY)
    sign_in(attempt.learner)
    here = f"/attempts/{attempt.ref}"
    reset = client.get(f"{here}/clock.json").json
    assert (reset["state"], reset["go"]) == ("ended", f"{here}/")
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course))
    client.post(do(attempt, "undo-reset"), data=WHY)
    sign_in(attempt.learner)
    again = client.get(f"{here}/clock.json").json
    assert again["state"] == "in_progress" and again["rev"] > reset["rev"]
    assert client.get(here + "/", follow_redirects=True).request.path == f"{here}/exam/1"


@pytest.mark.parametrize("why_not", ["ten minutes", "started again"])
def test_when_it_cannot_be_undone_it_says_why(client, attempt, the_clock, why_not):
    client.post(do(attempt, "set-aside"), data=WHY)
    if why_not == "ten minutes":
        the_clock.advance(minutes=10)
    else:
        make.attempt(S.CREATED, exam=attempt.exam, learner=attempt.learner)
    refused = client.post(do(attempt, "undo-reset"), data=WHY)
    said = {"ten minutes": "Ten minutes have passed", "started again": "has started again since"}[why_not]
    assert refused.status_code == 409 and said in refused.text
