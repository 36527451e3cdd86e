"""Settings of one exam: one window at a time, at once and kept with its author; what team and reviewer see of it."""

import pytest

from portal.db import db, writing
from portal.domain.attempts import active_window, attempts
from portal.domain.attempts.active_window import Window
from portal.domain.courses import exam_settings
from portal.models import Attempt, CourseChange, Role
from tests import make, review_factories
from tests.make import NOON, S


@pytest.fixture
def exam(app, sign_in):
    exam = make.exam(name="Algebra")
    sign_in(make.member(Role.INSTRUCTOR, course=exam.course, user=make.user(name="Dr Lind")))
    return exam


def save(client, exam, **said):
    return client.post(
        f"/teach/exams/{exam.slug}/settings",
        data={"csrf_token": "a form is never empty", "filled_in": "1", "grace_seconds": "30", **said},
    )


def test_it_is_switched_on_and_kept_with_its_author(client, exam):
    assert "Off: learners can answer in several windows" in client.get(f"/teach/exams/{exam.slug}/settings").text
    assert save(client, exam, one_window="y").status_code == 303
    assert save(client, exam, one_window="y").status_code == 303
    db.session.refresh(exam)
    assert exam.one_window is True
    page = client.get(f"/teach/exams/{exam.slug}/settings").text
    assert "before: off. Dr Lind" in page
    assert "Algebra: One window at a time" in client.get(f"/teach/courses/{exam.course.slug}/settings").text
    assert "one at a time" in client.get(f"/teach/exams/{exam.slug}/").text
    assert db.session.query(CourseChange).count() == 1


def test_the_way_there_is_named_after_where_it_leads(client, exam):
    page = client.get(f"/teach/exams/{exam.slug}/").text
    assert f'href="/teach/exams/{exam.slug}/settings">Change settings</a>' in page
    assert (
        f'href="/teach/courses/{exam.course.slug}/settings"' in client.get(f"/teach/courses/{exam.course.slug}/").text
    )


def test_an_empty_request_changes_nothing(client, exam):
    save(client, exam, one_window="y")
    client.post(f"/teach/exams/{exam.slug}/settings", data={"csrf_token": "and nothing else"})
    db.session.refresh(exam)
    assert exam.one_window is True


def test_switched_off_every_window_of_a_running_attempt_may_write(client, exam):
    save(client, exam, one_window="y")
    held = make.attempt(S.STARTED, exam=exam, window_browser="a", window_tab="1", window_device="Firefox on Windows")
    assert "1 attempt is in progress" in client.get(f"/teach/exams/{exam.slug}/settings").text
    save(client, exam)
    db.session.rollback()
    db.session.refresh(held)
    assert (held.window_browser, held.window_tab) == (None, None)


def test_staff_sees_it_and_cannot_change_it(client, sign_in, exam):
    sign_in(make.member(Role.STAFF, course=exam.course))
    page = client.get(f"/teach/exams/{exam.slug}/").text
    assert "unlimited" in page and f"/teach/exams/{exam.slug}/settings" not in page
    assert save(client, exam, one_window="y").status_code == 403


def change_windows(attempt: Attempt) -> None:
    with writing() as session:
        kept = session.get_one(Attempt, attempt.id)
        kept.exam.one_window = True
        old, new = (Window(browser=name, tab=None, device=f"{name} on Windows") for name in ("Firefox", "Edge"))
        active_window.enter(kept, old, now=NOON)
        active_window.take_over(kept, new, kept.learner, now=NOON)


def test_the_team_reads_both_devices_in_the_history(client, exam):
    attempt = make.attempt(S.STARTED, exam=exam)
    change_windows(attempt)
    page = client.get(f"/teach/attempts/{attempt.ref}/").text
    assert "Moved to another window</b>, Firefox on Windows to Edge on Windows" in page


def test_the_reviewer_reads_them_on_the_page_of_the_review(client, sign_in):
    attempt = review_factories.proctored(status=S.STARTED)
    change_windows(attempt)
    with writing():
        attempts.submit(attempts.lock(attempt.id), attempt.learner, now=NOON)
    review_factories.report(attempt)
    sign_in(make.member(Role.REVIEWER, course=attempt.exam.course))
    page = client.get(f"/review/{attempt.ref}").text
    assert "12:00: Firefox on Windows to Edge on Windows." in page


#: Each setting of the table -> what the form sends, and what is kept then. Nothing of this is how an exam begins.
SENT = {
    "one_window": ("y", True),
    "allows_parallel": ("y", True),
    "shuffles_questions": ("y", True),
    "shows_marks": ("y", True),
    "grace_seconds": ("45", 45),
}


@pytest.mark.parametrize("setting", exam_settings.SETTINGS, ids=lambda setting: setting.column)
def test_each_setting_is_on_the_page_is_kept_and_listed(client, exam, setting):
    sent, kept = SENT[setting.column]
    page = client.get(f"/teach/exams/{exam.slug}/settings").text
    assert f'name="{setting.column}"' in page and setting.label in page and setting.effect[:60] in page
    assert save(client, exam, **{setting.column: sent}).status_code == 303
    db.session.refresh(exam)
    assert getattr(exam, setting.column) == kept
    assert f"<b>{setting.label}</b>: {setting.words(kept)}" in client.get(f"/teach/exams/{exam.slug}/settings").text
    course_page = client.get(f"/teach/courses/{exam.course.slug}/settings").text
    assert f"Algebra: {setting.label}" in course_page


@pytest.mark.parametrize("seconds", ["-1", "301", "", "1e9", "half a minute"])
def test_a_number_out_of_bounds_is_refused_at_its_field_and_nothing_else_is_kept(client, exam, seconds):
    refused = save(client, exam, one_window="y", grace_seconds=seconds)
    assert refused.status_code == 422 and 'id="grace_seconds-error"' in refused.text
    db.session.refresh(exam)
    assert (exam.one_window, exam.grace_seconds) == (False, 30)


def test_the_order_of_questions_waits_for_the_last_attempt(client, exam):
    held = make.attempt(S.STARTED, exam=exam)
    refused = save(client, exam, shuffles_questions="y", shows_marks="y")
    assert refused.status_code == 422 and "1 attempt is in progress." in refused.text
    assert 'id="shuffles_questions-error"' in refused.text
    db.session.refresh(exam)
    assert (exam.shuffles_questions, exam.shows_marks) == (False, False)
    with writing():
        attempts.submit(attempts.lock(held.id), held.learner, now=NOON)
    assert save(client, exam, shuffles_questions="y").status_code == 303


def test_grace_reaches_only_who_starts_later(client, exam):
    held = make.attempt(S.STARTED, exam=exam)
    before = held.hard_stop_at
    save(client, exam, grace_seconds="200")
    db.session.refresh(held)
    assert held.hard_stop_at == before
