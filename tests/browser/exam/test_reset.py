"""An attempt is reset, or its exam closes later, under an open page: the page hears it and leads on by itself."""

from datetime import timedelta

from playwright.sync_api import expect

from portal.db import db, writing
from portal.domain.attempts import attempts, resetting
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import exam_changes
from portal.models import Attempt, Exam
from tests.browser.windows.test_windows import spoken

STAFF = Cause(actor=Actor.STAFF, reason="The wrong room")


def test_the_open_page_of_a_reset_attempt_leads_to_where_one_starts_again(exam_page, attempt, time):
    exam_page.fill("#value", "ink")
    with writing():
        attempts.archive(attempts.lock(attempt.id), STAFF, now=time.portal.now)
    time.pass_by(40)
    expect(exam_page.locator("h1")).to_have_text("This attempt has been reset")
    expect(exam_page.locator("main")).to_contain_text("you can start again here")
    expect(exam_page.locator("#alert")).not_to_contain_text("submitted")
    exam_page.get_by_role("link", name="Start again").click()
    expect(exam_page.get_by_role("button", name="Get ready")).to_be_visible()


def test_a_reset_that_is_undone_leads_back_to_the_questions(exam_page, attempt, time):
    with writing():
        attempts.archive(attempts.lock(attempt.id), STAFF, now=time.portal.now)
    time.pass_by(40)
    expect(exam_page.locator("h1")).to_have_text("This attempt has been reset")
    with writing():
        resetting.undo(attempts.lock(attempt.id), STAFF, now=time.portal.now)
    time.pass_by(40)
    exam_page.get_by_role("button", name="Continue").click()
    expect(exam_page.locator("#timer-text")).to_be_visible()
    assert db.session.get_one(Attempt, attempt.id, populate_existing=True).archived_at is None


def test_a_closing_moved_later_is_heard_without_a_reload(context, time, page, let_in, attempt):
    with writing():
        held = attempts.lock(attempt.id)
        held.promised_close_at = held.window_closes_at = held.deadline_at = time.portal.now + timedelta(minutes=20)
        held.exam.closes_at = held.deadline_at
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    time.hold(page)
    speech = spoken(page)
    with writing():
        exam = db.session.get_one(Exam, attempt.exam_id)
        exam.closes_at = time.portal.now + timedelta(hours=5)
        exam_changes.follow(exam, now=time.portal.now)
    time.pass_by(40)
    assert speech.json_value() == ["40 minutes added by the course team. Your exam ends 13:00."]
