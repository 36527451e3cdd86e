"""Behaviours 32 and 45 to 48 at the addresses of edx-proctoring, as a signed-in person's page asks them."""

from datetime import timedelta

import pytest

from portal.models import Role
from tests import fake_providers, make
from tests.make import NOON, S

PLACE = "/api/edx_proctoring/v1"
ACTIVE = f"{PLACE}/proctored_exam/active_attempt"
STATUS = f"{PLACE}/user_onboarding/status"
CHECK = {"is_proctored": True, "is_practice": True, "is_onboarding": True, "provider_slug": "acme"}
YEAR = timedelta(days=365)


@pytest.fixture
def course(app):
    return make.course()


@pytest.fixture
def learner(course, sign_in):
    return sign_in(make.enrol(course, make.user(name="Ada Rahimi", email="ada@example.edu")))


def stands(client, course, **asked):
    return client.get(STATUS, query_string={"course_id": course.key, **asked}).json


def done(status, learner, exam, *, days_ago=0):
    facts = {"at": NOON - timedelta(days=days_ago), "is_sample": True, "taking_as_proctored": True}
    return make.attempt(status, exam=exam, learner=learner, **facts)


@pytest.mark.parametrize("place", [ACTIVE, STATUS, f"{STATUS}/course_id/course-v1:A+B+C"])
def test_1_nobody_is_told_anything(client, place):
    answer = client.get(place)
    assert (answer.status_code, answer.json) == (403, {"detail": "Sign in first."})


def test_32_the_exam_that_runs(client, course, learner):
    assert client.get(ACTIVE).json == {}
    exam = make.exam(course=course, name="Clouds", time_limit_minutes=90)
    attempt = make.attempt(S.STARTED, exam=exam, learner=learner, external_id="ext-9")
    answer = client.get(f"{ACTIVE}/")
    said = answer.json
    assert (said["attempt_id"], said["attempt_status"], said["course_id"]) == (attempt.id, "started", course.key)
    assert (said["in_timed_exam"], said["exam_display_name"], said["time_remaining_seconds"]) == (True, "Clouds", 5400)
    assert said["accessibility_time_string"] == "You have 1 hour 30 minutes left."
    assert said["exam_url_path"].endswith(f"/attempts/{attempt.ref}/")
    assert "ext-9" not in answer.text and attempt.attempt_code not in answer.text


def test_32_the_poll_address_leads_to_status_and_seconds_left(client, course, learner, the_clock):
    """What every client of edX reads there: special-exams polls it, and its exam handler gives up without a status."""
    attempt = make.attempt(S.STARTED, exam=make.exam(course=course), learner=learner, external_id="ext-9")
    place = client.get(ACTIVE).json["exam_started_poll_url"]
    assert place == f"{PLACE}/proctored_exam/attempt/{attempt.id}"
    the_clock.advance(minutes=20)
    answer = client.get(place)
    assert (answer.json["id"], answer.json["status"], answer.json["time_remaining_seconds"]) == (
        attempt.id, "started", 2400,
    )  # fmt: skip
    assert answer.json == client.get(f"{PLACE}/proctored_exam/attempt/{attempt.ref.lower()}/").json
    assert "ext-9" not in answer.text and attempt.attempt_code not in answer.text
    client.post(f"/attempts/{attempt.ref}/submit")
    assert (client.get(place).json["status"], client.get(place).json["time_remaining_seconds"]) == ("submitted", 0)


NO_IDS = ["0", "999999", str(2**63), str(2**70), "9" * 5000, "x", "%00", "K7F-2QD4", "-1", "1.5"]


@pytest.mark.parametrize("name", NO_IDS)
def test_32_an_attempt_that_does_not_exist(client, learner, name):
    answer = client.get(f"{PLACE}/proctored_exam/attempt/{name}")
    assert (answer.status_code, list(answer.json)) == (400, ["detail"])


def test_32_somebody_elses_attempt(client, learner, course, sign_in):
    attempt = make.attempt(S.STARTED, exam=make.exam(course=course))
    for person in (learner, make.member(Role.INSTRUCTOR, course=course), make.administrator()):
        sign_in(person)
        assert client.get(f"{PLACE}/proctored_exam/attempt/{attempt.id}").status_code == 403


def test_options_is_answered_as_json(client):
    for place in (ACTIVE, STATUS, f"{PLACE}/proctored_exam/attempt/1/ready", "/oauth2/access_token"):
        answer = client.options(place)
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        assert set(answer.json["methods"]) == set(answer.headers["Allow"].split(", "))
    assert list(client.options(f"{PLACE}/nothing").json) == ["detail"]


@pytest.mark.parametrize("status", [S.CREATED, S.SUBMITTED, S.VERIFIED])
def test_32_what_does_not_run_is_not_active(client, course, learner, status):
    make.attempt(status, exam=make.exam(course=course), learner=learner)
    assert client.get(ACTIVE).json == {}


def test_32_when_the_time_is_up_nothing_runs_and_nothing_is_written(client, course, learner, the_clock):
    attempt = make.attempt(S.STARTED, exam=make.exam(course=course), learner=learner)
    the_clock.advance(minutes=59, seconds=30)
    assert client.get(ACTIVE).json["accessibility_time_string"] == "You have less than a minute left."
    the_clock.advance(minutes=2)
    assert client.get(ACTIVE).json == {}
    assert fake_providers.status_of(attempt) is S.STARTED


def test_32_a_stopped_clock_is_still_an_exam_that_runs(client, course, learner, the_clock):
    facts = {"is_paused": True, "paused_at": NOON + timedelta(minutes=20)}
    make.attempt(S.STARTED, exam=make.exam(course=course), learner=learner, **facts)
    the_clock.advance(hours=3)
    assert client.get(ACTIVE).json["time_remaining_seconds"] == 2400


def test_a_break_that_is_over_costs_time_again_although_nobody_has_looked(client, sign_in, the_clock):
    stands = {
        "is_paused": True,
        "paused_at": NOON + timedelta(minutes=20),
        "break_ends_at": NOON + timedelta(minutes=30),
    }
    sign_in(make.attempt(S.STARTED, **stands).learner)
    the_clock.advance(minutes=25)
    assert client.get(ACTIVE).json["time_remaining_seconds"] == 2400
    the_clock.advance(minutes=10)
    assert client.get(ACTIVE).json["time_remaining_seconds"] == 2100


def test_7_somebody_elses_is_for_administrators(client, sign_in, course, learner):
    attempt = make.attempt(S.STARTED, exam=make.exam(course=course), learner=learner)
    asked = {"user_id": learner.email}
    assert client.get(ACTIVE, query_string=asked).json["attempt_id"] == attempt.id
    sign_in(make.member(Role.INSTRUCTOR, course=course))
    assert client.get(ACTIVE, query_string=asked).status_code == 403
    sign_in(make.administrator())
    assert client.get(ACTIVE, query_string=asked).json["attempt_id"] == attempt.id
    assert client.get(ACTIVE, query_string={"user_id": "nobody@example.edu"}).status_code == 404


def test_45_nobody_has_begun(client, course, learner):
    assert client.get(STATUS).status_code == 400
    assert client.get(STATUS, query_string={"course_id": course.key}).status_code == 404
    exam = make.exam(course=course, **CHECK)
    said = client.get(f"{STATUS}?course_id={course.key}").json  # Its plus signs are written as they are.
    assert (said["onboarding_status"], said["expiration_date"], said["onboarding_past_due"]) == (None, None, False)
    assert said["onboarding_link"].endswith(f"/exams/{exam.slug}/")
    assert client.get(STATUS, query_string={"course_id": "course-v1:No+Such+One"}).status_code == 404
    other = make.exam(**CHECK)
    assert client.get(STATUS, query_string={"course_id": other.course.key}).status_code == 404


def test_45_about_others_the_course_team_asks(client, sign_in, course, learner):
    done(S.STARTED, learner, make.exam(course=course, **CHECK))
    theirs = {"course_id": course.key, "username": "ada@example.edu"}
    sign_in(make.enrol(course))
    assert client.get(STATUS, query_string=theirs).status_code == 403
    sign_in(make.member(Role.STAFF))
    assert client.get(STATUS, query_string=theirs).status_code == 403
    sign_in(make.member(Role.STAFF, course=course))
    assert stands(client, course, username="ada@example.edu")["onboarding_status"] == "onboarding_started"
    assert client.get(STATUS, query_string={**theirs, "username": "nobody@example.edu"}).status_code == 404
    assert client.get(STATUS, query_string={**theirs, "username": make.user().email}).status_code == 404


def test_46_a_check_accepted_elsewhere_counts_and_one_here_wins(client, course, learner):
    exam = make.exam(course=course, **CHECK)
    there = done(S.VERIFIED, learner, make.exam(**CHECK), days_ago=100)
    said = stands(client, course)
    assert said["onboarding_status"] == "other_course_approved"
    assert said["expiration_date"] == (there.completed_at + YEAR).isoformat()
    here = done(S.VERIFIED, learner, exam, days_ago=200)
    said = stands(client, course)
    assert (said["onboarding_status"], said["expiration_date"]) == ("verified", (here.completed_at + YEAR).isoformat())


def test_47_closed_checks_are_past_due_and_coming_ones_have_a_date(client, course, learner):
    make.exam(course=course, **CHECK, closes_at=NOON - timedelta(days=1))
    said = stands(client, course)
    assert (said["onboarding_past_due"], said["onboarding_link"]) == (True, None)
    opens_at = NOON + timedelta(days=1)
    make.exam(course=course, **CHECK, opens_at=opens_at)
    said = stands(client, course)
    assert (said["onboarding_past_due"], said["onboarding_link"]) == (False, None)
    assert said["onboarding_release_date"] == opens_at.isoformat()
    is_open = make.exam(course=course, **CHECK)
    make.exam(course=course, **CHECK, closes_at=NOON)
    assert stands(client, course)["onboarding_link"].endswith(f"/exams/{is_open.slug}/")


@pytest.fixture
def many(course, sign_in):
    """Thirty learners: one accepted, one rejected, the others have not begun."""
    exam = make.exam(course=course, **CHECK)
    people = [make.enrol(course, make.user(name=f"Learner {number:02}")) for number in range(30)]
    done(S.VERIFIED, people[0], exam)
    done(S.REJECTED, people[1], exam)
    sign_in(make.member(Role.PROCTOR, course=course))
    return people


def test_48_a_page_of_a_course_and_its_neighbours(client, course, many):
    place = f"{STATUS}/course_id/{course.key}"
    first = client.get(place).json
    assert (first["count"], first["num_pages"], len(first["results"]), first["previous"]) == (30, 2, 25, None)
    assert [one["status"] for one in first["results"][:3]] == ["verified", "rejected", "not_started"]
    assert first["results"][0]["username"] == many[0].email and first["results"][2]["modified"] is None
    second = client.get(first["next"]).json
    assert (len(second["results"]), second["next"]) == (5, None)
    assert client.get(second["previous"]).json == {**first, "next": first["next"]}
    assert client.get(f"{place}?page=9999").json["results"] == second["results"]


def test_48_filters_and_the_links_that_keep_them(client, course, many):
    place = f"{STATUS}/course_id/{course.key}"
    some = client.get(place, query_string={"statuses": "verified,rejected", "page_size": 1}).json
    assert (some["count"], some["results"][0]["status"]) == (2, "verified")
    assert client.get(some["next"]).json["results"][0]["status"] == "rejected"
    found = client.get(place, query_string={"text_search": "learner 2", "statuses": "not_started"}).json
    assert [one["name"] for one in found["results"]] == [f"Learner {number}" for number in range(20, 30)]


def test_48_is_for_the_course_team(client, sign_in, course, learner):
    place = f"{STATUS}/course_id/{course.key}"
    assert client.get(place).status_code == 403
    sign_in(make.member(Role.STAFF, course=course))
    assert client.get(place).status_code == 404
    make.exam(course=course, **CHECK)
    assert client.get(place).json["count"] == 1
