"""A course is imported anew while a learner is in its exam: due-later-while-running and more-time-takes-time."""

from datetime import datetime, timedelta

import pytest

from portal.db import db, writing
from portal.domain.courses import publishing
from portal.domain.timekeeping import exam_changes
from portal.models import Attempt, Exam, Role, TimeEntry
from portal.sources.olx import read
from tests import make
from tests.make import NOON

SECTION = """
<course display_name="Case"><chapter url_name="c" display_name="Chapter">
<sequential url_name="exam" display_name="Exam" is_time_limited="true" default_time_limit_minutes="30" due="{due}">
<vertical url_name="u"><problem display_name="Sum" url_name="q1"><p>2 + 2?</p><numericalresponse answer="4">
<formulaequationinput/></numericalresponse></problem></vertical></sequential></chapter></course>
"""


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def publish(app, tmp_path):
    """``publish(20)``: the export with its due date so many minutes after noon, as the command reads it."""

    def publish(due: float, now: datetime = NOON) -> Exam:
        (tmp_path / "course").mkdir(exist_ok=True)
        (tmp_path / "course.xml").write_text('<course url_name="R1" org="LabX" course="CASE"/>')
        (tmp_path / "course" / "R1.xml").write_text(SECTION.format(due=f"{at(due):%Y-%m-%dT%H:%M:%SZ}"))
        with writing():
            publishing.publish(read(tmp_path), follow=exam_changes.follow, now=now)
        return db.session.scalars(db.select(Exam)).one()

    return publish


@pytest.fixture
def begin(client, sign_in):
    """Takes the exam as a learner would; gives back the attempt that runs."""

    def begin(exam: Exam) -> Attempt:
        sign_in(make.enrol(exam.course))
        client.post(f"/exams/{exam.slug}/begin")
        attempt = db.session.scalars(db.select(Attempt)).one()
        client.post(f"/attempts/{attempt.ref}/start")
        return attempt

    return begin


def test_a_due_date_moved_later_reaches_the_learner_it_had_cut(client, publish, begin, the_clock):
    attempt = begin(publish(20))
    the_clock.advance(minutes=5)
    seen = client.get(f"/attempts/{attempt.ref}/clock.json?rev={attempt.revision}").json
    publish(120, the_clock.now)
    told = client.get(f"/attempts/{attempt.ref}/clock.json?rev={seen['rev']}").json
    assert told["deadline"] - seen["deadline"] == 10 * 60 * 1000
    assert [notice["text"] for notice in told["notices"]] == ["10 minutes added by the course team."]
    rows = db.session.scalars(db.select(TimeEntry).order_by(TimeEntry.id)).all()
    assert [(row.kind, row.seconds) for row in rows] == [("base", 1800), ("window", 0)]
    assert "12:30" in client.get("/me/exams/").text


def test_more_time_never_takes_time(client, sign_in, publish, begin, the_clock):
    exam = publish(60)
    attempt = begin(exam)
    the_clock.advance(minutes=2)
    publish(15, the_clock.now)
    grant = {
        "email": attempt.learner.email,
        "exam": exam.slug,
        "kind": "extra_minutes",
        "amount": "10",
        "reason": "Office",
    }
    sign_in(make.member(Role.INSTRUCTOR, course=exam.course))
    address = f"/teach/courses/{exam.course.slug}/allowances/new"
    foretold = client.post(address, data={**grant, "go": "look"}).text
    assert "ends 12:40 instead of 12:30" in foretold
    done = client.post(address, data={**grant, "go": "grant"}, follow_redirects=True).text
    assert f"Attempt {attempt.ref} now ends 12:40." in done
    db.session.rollback()
    assert db.session.get_one(Attempt, attempt.id).deadline_at == at(40)


@pytest.mark.parametrize("due", [-60, 1])
def test_a_due_date_moved_into_the_past_submits_nobody(client, publish, begin, the_clock, due):
    attempt = begin(publish(60))
    the_clock.advance(minutes=2)
    publish(due, the_clock.now)
    assert client.get(f"/attempts/{attempt.ref}/clock.json").json["state"] == "in_progress"
    assert "12:30" in client.get(f"/exams/{attempt.exam.slug}/").text
