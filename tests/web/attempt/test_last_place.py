"""The question a learner left: back to it from My exams, after signing in again, and after an interruption."""

import re

import pytest

from portal.db import db, writing
from portal.domain.answers import answers
from portal.domain.answers.answers import Said
from portal.domain.attempts import attempts, resuming
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import breaks, time_account
from portal.models import Attempt
from tests import make
from tests.make import NOON, S

STAFF = Cause(actor=Actor.STAFF, reason="fire alarm")
BY_SCRIPT = {"Sec-Fetch-Mode": "cors"}
KEPT = "invigil-place"


@pytest.fixture
def attempt(sign_in) -> Attempt:
    """Its newest answer is that of the second question."""
    attempt = make.attempt(S.STARTED, exam=make.exam(name="Algebra", questions=4))
    sign_in(attempt.learner)
    with writing():
        second = answers.ordered_questions(attempt)[1]
        answers.save(attempts.lock(attempt.id), second.id, Said(value="a", seen_version=0), now=NOON)
    return attempt


def kept(client) -> str | None:
    found = client.get_cookie(KEPT, path="/attempts/")
    return found and found.value


def test_my_exams_leads_back_to_the_question_they_looked_at_last(client, attempt):
    client.get(f"/attempts/{attempt.ref}/exam/3")
    for address in ("/me/exams/", f"/exams/{attempt.exam.slug}/"):
        there = re.search(r'class="button primary large" href="([^"]+)">Continue', client.get(address).text).group(1)
        assert client.get(there, follow_redirects=True).request.path == f"/attempts/{attempt.ref}/exam/3"


def test_looking_at_a_question_writes_nothing_with_us(client, attempt):
    before = db.session.get_one(Attempt, attempt.id).version
    client.get(f"/attempts/{attempt.ref}/exam/4")
    db.session.expire_all()
    assert db.session.get_one(Attempt, attempt.id).version == before


def test_another_browser_begins_at_the_newest_answer(app, client, sign_in, attempt):
    client.get(f"/attempts/{attempt.ref}/exam/4")
    other = app.test_client()
    sign_in(attempt.learner, other)
    assert other.get(f"/attempts/{attempt.ref}/").location == f"/attempts/{attempt.ref}/exam/2"


def test_it_is_known_still_after_signing_out_and_in(client, sign_in, attempt):
    client.get(f"/attempts/{attempt.ref}/exam/4")
    client.post("/signout")
    assert client.get(f"/attempts/{attempt.ref}/").location.startswith("/signin")
    sign_in(attempt.learner)
    assert client.get(f"/attempts/{attempt.ref}/").location == f"/attempts/{attempt.ref}/exam/4"


@pytest.mark.parametrize("asked", ["", "interrupted", "check-answers", "end"])
def test_an_interruption_leads_back_to_it_though_no_page_names_it(client, attempt, the_clock, asked):
    place = f"/attempts/{attempt.ref}/"
    client.get(f"{place}exam/3")
    with writing():
        breaks.pause(attempts.lock(attempt.id), STAFF, now=the_clock.now)
    waiting = client.get(place + asked, follow_redirects=True)
    assert f'href="{place}?to=3"' in waiting.text
    with writing():
        time_account.resume_clock(attempts.lock(attempt.id), STAFF, now=the_clock.now)
    assert client.get(f"{place}interrupted").location == f"{place}exam/3"
    assert client.post(f"{place}resume-clock").location == f"{place}exam/3"


def test_the_check_and_the_question_to_the_team_lead_back_to_it(client, attempt):
    client.get(f"/attempts/{attempt.ref}/exam/3")
    for address in ("check-answers", "ask"):
        assert "Go back to question 3" in client.get(f"/attempts/{attempt.ref}/{address}").text
    client.post(f"/attempts/{attempt.ref}/check-answers")
    back = client.post(f"/attempts/{attempt.ref}/continue", follow_redirects=True)
    assert back.request.path == f"/attempts/{attempt.ref}/exam/3"


def test_an_attempt_that_continues_begins_at_the_question_left_in_the_one_before(client, attempt, the_clock):
    client.get(f"/attempts/{attempt.ref}/exam/3")
    with writing():
        held = attempts.lock(attempt.id)
        resuming.fail(held, STAFF, now=the_clock.now)
        resuming.grant_resume(held, STAFF, now=the_clock.now)
    again = client.post(f"/exams/{attempt.exam.slug}/begin").location.split("/")[2]
    assert again != attempt.ref
    there = client.post(f"/attempts/{again}/start", follow_redirects=True)
    assert there.request.path == f"/attempts/{again}/exam/3"


def test_what_a_script_loads_for_later_is_no_place(client, attempt):
    client.get(f"/attempts/{attempt.ref}/exam/3")
    client.get(f"/attempts/{attempt.ref}/exam/4", headers=BY_SCRIPT)
    client.get(f"/attempts/{attempt.ref}/ahead.json")
    assert kept(client) == f"{attempt.ref}.3"


def test_a_few_attempts_are_kept_each_with_its_own_question(client, sign_in, attempt):
    sign_in(attempt.learner)
    refs = [attempt.ref]
    client.get(f"/attempts/{attempt.ref}/exam/3")
    for _ in range(5):
        other = make.attempt(S.STARTED, exam=make.exam(questions=2), learner=attempt.learner)
        client.get(f"/attempts/{other.ref}/exam/2")
        refs.append(other.ref)
    assert kept(client) == "~".join(f"{ref}.2" for ref in refs[:1:-1])
    assert client.get(f"/attempts/{attempt.ref}/").location == f"/attempts/{attempt.ref}/exam/2"  # Its newest answer.


@pytest.mark.parametrize("value", ["", "~", "{ref}.", "{ref}.0", "{ref}.99", "{ref}.²", "{ref}.-1", "{ref}.99999999"])
def test_a_cookie_that_makes_no_sense_is_as_none(client, attempt, value):
    client.set_cookie(KEPT, value.format(ref=attempt.ref), path="/attempts/")
    assert client.get(f"/attempts/{attempt.ref}/").location == f"/attempts/{attempt.ref}/exam/2"
    assert client.get(f"/attempts/{attempt.ref}/check-answers").status_code == 200


def test_only_the_pages_of_attempts_get_the_cookie(client, attempt):
    said = client.get(f"/attempts/{attempt.ref}/exam/3").headers.getlist("Set-Cookie")
    (line,) = [one for one in said if one.startswith(f"{KEPT}=")]
    assert "Path=/attempts/" in line and "SameSite=Lax" in line and "HttpOnly" not in line
