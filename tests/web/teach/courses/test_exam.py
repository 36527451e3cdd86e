"""One exam for its team: settings, readiness, states, scores, questions."""

from datetime import timedelta

import pytest

from portal.db import writing
from portal.models import Allowance, AllowanceKind, Role, UnreadableContent
from tests import make
from tests.make import NOON, S

HOUR = timedelta(hours=1)


@pytest.fixture
def exam(app, sign_in):
    exam = make.exam(name="Midterm", opens_at=NOON, closes_at=NOON + 80 * HOUR / 60)
    sign_in(make.member(Role.STAFF, course=exam.course))
    return exam


def test_settings_and_readiness(client, exam):
    page = " ".join(client.get(f"/teach/exams/{exam.slug}/").text.split())
    assert '12:00</span> to <span class="nowrap">13:20' in page
    assert "60 minutes" in page and "1, not used yet" in page
    assert "No learners are enrolled in the course" in page
    assert "Nobody has started this exam." in page


def test_learners_who_need_it_open_for_longer_are_named(client, exam):
    slow = make.enrol(exam.course, make.user(name="Slow Writer"))
    with writing() as session:
        session.add(
            Allowance(
                course_id=exam.course_id,
                learner_id=slow.id,
                kind=AllowanceKind.MULTIPLIER,
                percent=150,
                granted_at=NOON,
            )
        )
    page = " ".join(client.get(f"/teach/exams/{exam.slug}/").text.split())
    assert "The closing time is too early for 1 learner" in page
    assert "Slow Writer: until 13:30; closes 13:20" in page
    assert "90 minutes, Slow Writer" in page


def test_states_are_a_picture_and_a_table(client, exam):
    make.attempt(exam=exam)
    for points in (1, 3, 3):
        make.attempt(S.SUBMITTED, exam=exam, points=points, points_possible=3)
    page = " ".join(client.get(f"/teach/exams/{exam.slug}/").text.split())
    assert 'aria-label="Attempts by status: In progress 1, Submitted 3"' in page
    assert '<td class="num">3</td><td class="num muted">75 %</td>' in page
    assert "Learners by marks. Median score 3 of 3." in page


def test_what_is_not_shown_to_learners_is_listed_with_the_reason(client, sign_in, app):
    exam = make.exam(questions=[{"title": "Fine"}, {"title": "Broken", "problem": "a script works it out"}])
    version_id = make.version(exam, questions=[{"title": "Broken", "problem": "a script works it out"}]).id
    with writing() as session:
        session.add(UnreadableContent(exam_version_id=version_id, name="A film", kind="video", reason="no films"))
    sign_in(make.member(Role.STAFF, course=exam.course))
    page = client.get(f"/teach/exams/{exam.slug}/questions").text
    for words in ("Broken", "a script works it out", "A film", "no films", "Learners cannot answer any question"):
        assert words in page
    assert "Fine" not in page


def test_a_proctor_does_not_see_questions(client, sign_in, exam):
    sign_in(make.member(Role.PROCTOR, course=exam.course))
    assert client.get(f"/teach/exams/{exam.slug}/questions").status_code == 403
