"""An attempt that cannot be ended: one line in the log, one row for the course team, a number in /status."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.answers import answers
from portal.domain.answers.answers import Said
from portal.jobs.recurring import sweeper
from portal.models import Attempt, AttemptStatus, EndingFault, QuestionKind, Role
from tests import make
from tests.failing_writes import failing
from tests.make import NOON

S = AttemptStatus
AFTER = NOON + timedelta(hours=1, minutes=2)


@pytest.fixture
def broken(app):
    """Attempts whose end fails as long as they are in the set."""
    broken: set[int] = set()

    def trip(attempt):
        if attempt.id in broken and attempt.status is S.SUBMITTED:
            raise ValueError("what a learner wrote")

    with failing(Attempt, "before_update", trip):
        yield broken


def sweep(the_clock, seconds):
    """Every five seconds, as the worker does; how many it ended."""
    began, ended = the_clock.now, 0
    while the_clock.now < began + timedelta(seconds=seconds):
        ended += sweeper.submit_overdue(the_clock.now)
        the_clock.now += timedelta(seconds=5)
    return ended


def test_it_is_told_once_and_tried_ever_more_rarely(broken, the_clock, caplog):
    attempt, _other = make.attempt(S.STARTED), make.attempt(S.STARTED)
    broken.add(attempt.id)
    the_clock.now = AFTER
    assert sweep(the_clock, 3600) == 1
    lines = [record for record in caplog.records if "could not be ended" in record.message]
    assert len(lines) == 1
    fault = db.session.scalar(db.select(EndingFault))
    assert (fault.attempt_id, fault.fault) == (attempt.id, "ValueError in trip")
    assert fault.times < 15  # And not 720.


def test_it_is_one_row_and_a_number_until_it_has_ended(broken, the_clock, client, sign_in):
    attempt = make.attempt(S.STARTED)
    broken.add(attempt.id)
    sign_in(make.member(Role.STAFF, course=attempt.exam.course))
    the_clock.now = AFTER
    sweep(the_clock, 30)
    page = client.get("/teach/").text
    assert page.count(attempt.ref) == 2  # In words, and in the address of the button.
    assert "ValueError in trip" in page and "what a learner wrote" not in page
    assert client.get("/status").json == {"status": "ok", "attempts_open_past_hard_stop": 1}
    broken.clear()
    assert sweep(the_clock, 700) == 1
    assert attempt.ref not in client.get("/teach/").text
    assert client.get("/status").json["attempts_open_past_hard_stop"] == 0


def test_without_anything_at_work_in_the_background_it_is_seen_too(client, sign_in, the_clock):
    attempt = make.attempt(S.STARTED)
    sign_in(make.member(Role.STAFF, course=attempt.exam.course))
    the_clock.now = AFTER
    assert "Ask your administrator whether the worker is running" in client.get("/teach/").text


def test_others_courses_attempts_are_nobody_elses(client, sign_in, the_clock):
    attempt = make.attempt(S.STARTED)
    sign_in(make.member(Role.STAFF))
    the_clock.now = AFTER
    assert attempt.ref not in client.get("/teach/").text


#: What is stored and cannot be judged, or is no number: kind, key, answer.
UNJUDGED = [
    (QuestionKind.NUMBER, {"value": "4"}, "1e1000000", 0),
    (QuestionKind.NUMBER, {"value": "4"}, "-1e1000000", 0),
    (QuestionKind.NUMBER, {"value": "4"}, "1E+999999999", 0),
    (QuestionKind.NUMBER, {"value": "1e999999999"}, "4", None),
    (QuestionKind.NUMBER, {"value": "a few"}, "4", None),
    (QuestionKind.NUMBER, {"value": "4", "additional": ["$x"]}, "5", None),
    (QuestionKind.SHORT_TEXT, {"texts": ["(?=x)y"], "regexp": True}, "y", None),
    (QuestionKind.SHORT_TEXT, {"texts": ["(a+)+"], "regexp": True}, "a" * 40 + "b", 0),
    (QuestionKind.SHORT_TEXT, {"texts": 5}, "y", None),
    (QuestionKind.ONE_CHOICE, {"nothing": "known"}, "a", None),
    (QuestionKind.SEVERAL_CHOICES, {"choices": None}, ["a"], None),
]


@pytest.mark.parametrize("way", ["learner", "sweeper"])
@pytest.mark.parametrize("odd", UNJUDGED, ids=lambda odd: str(odd)[15:60])
def test_what_no_machine_can_judge_stops_nothing(client, sign_in, way, odd):
    kind, key, value, points = odd
    first = {"kind": kind, "key": key, "title": "Odd"}
    attempt = make.attempt(S.STARTED, exam=make.exam(questions=[first, {"key": {"choice": "b"}}]))
    first, second = answers.ordered_questions(attempt)
    with writing():
        answers.save(attempt, first.id, Said(value=value, seen_version=0), now=NOON)
        answers.save(attempt, second.id, Said(value="b", seen_version=0), now=NOON)
    if way == "sweeper":
        assert sweeper.submit_overdue(AFTER) == 1
    else:
        sign_in(attempt.learner)
        assert client.post(f"/attempts/{attempt.ref}/submit").status_code == 303
    db.session.rollback()
    kept = answers.list_for(attempt)
    stands = db.session.get_one(Attempt, attempt.id)
    assert (stands.status, stands.points, stands.points_possible) == (S.SUBMITTED, 1, 2)
    assert (kept[first.id].points, kept[second.id].points) == (points, 1)
    assert (kept[first.id].unmarked_because is None) is (points is not None)
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course))
    assert ("Needs marking by a person" in client.get(f"/teach/attempts/{attempt.ref}/").text) is (points is None)
