"""A person's own settings: what is offered, kept, and shown again; what cannot be used is refused whole."""

import re

import pytest

from portal.db import db
from portal.models import TimeDisplay, User
from tests import make


@pytest.fixture
def learner(sign_in):
    return sign_in(make.user())


def filled(client, **changed) -> dict[str, str]:
    """The form as it stands, with something else in it."""
    page = client.get("/me/settings").text
    chosen = re.findall(r'name="(\w+)"(?:(?!</select>).)*?selected value="([^"]*)"', page, re.DOTALL)
    return {**dict(chosen), **changed}


def kept(learner) -> User:
    db.session.rollback()
    return db.session.get_one(User, learner.id, populate_existing=True)


def test_the_time_can_be_wanted_only_on_request_and_the_page_says_what_that_means(client, learner):
    page = client.post("/me/settings", data=filled(client, time_display="never"), follow_redirects=True).text
    assert kept(learner).time_display is TimeDisplay.NEVER
    assert "there is no warning when little time is left" in page
    assert 'selected value="never"' in page


@pytest.mark.parametrize("letter", ["R", ""])
def test_the_keys_that_read_the_time_can_be_others_or_none(client, learner, letter):
    assert kept(learner).read_time_letter == "T"
    client.post("/me/settings", data=filled(client, read_time_letter=letter))
    assert kept(learner).read_time_letter == letter
    assert f'selected value="{letter}"' in client.get("/me/settings").text


@pytest.mark.parametrize("wrong", [{"read_time_letter": "<b>"}, {"time_display": "sometimes"}])
def test_what_is_not_offered_changes_nothing(client, learner, wrong):
    answer = client.post("/me/settings", data=filled(client, announcements="end", **wrong))
    assert answer.status_code == 422
    assert kept(learner).announcements.value == "all"


def test_the_zone_of_the_device_is_taken_over_in_one_press(client, learner):
    assert 'data-zone="UTC"' in client.get("/me/exams/").text
    answer = client.post("/me/zone", data={"time_zone": "Asia/Tehran", "next": "/me/exams/"})
    assert (answer.location, kept(learner).time_zone) == ("/me/exams/", "Asia/Tehran")
    client.post("/me/zone", data={"time_zone": "Mars/Olympus"})
    assert kept(learner).time_zone == "Asia/Tehran"


def test_who_keeps_their_zone_is_not_asked_again_until_it_changes(client, learner):
    client.post("/me/zone", data={"time_zone": "Asia/Tehran", "keep": "yes"})
    assert kept(learner).time_zone == "UTC"
    assert "zone-offer" not in client.get("/me/exams/").text
    client.post("/me/zone", data={"time_zone": "Asia/Tehran"})
    assert "zone-offer" in client.get("/me/exams/").text
