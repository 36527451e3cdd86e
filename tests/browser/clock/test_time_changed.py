"""Time given, taken, or standing still while the exam runs: seen without a reload, said once, the end moved."""

from playwright.sync_api import expect

from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import time_account
from portal.models import TimeEntryKind
from tests.browser.conftest import begin
from tests.browser.windows.test_windows import answers, spoken

STAFF = Cause(actor=Actor.STAFF, reason="fire alarm")


def change(attempt, minutes: int, time) -> None:
    with writing():
        time_account.add_time(attempts.lock(attempt.id), minutes, STAFF, now=time.portal.now)


def test_a_save_that_carries_a_newer_revision_shows_the_new_time_at_once(exam_page, attempt, time):
    time.pass_by(3)
    exam_page.evaluate("window.sameDocument = true")
    speech = spoken(exam_page)
    change(attempt, 10, time)
    exam_page.fill("#value", "ink")
    exam_page.focus("#value")
    time.pass_by(3)
    assert exam_page.inner_text("#timer-text") == "69 min left"
    assert exam_page.evaluate("window.sameDocument && document.activeElement.id") == "value"
    assert speech.json_value() == ["10 minutes added by the course team. Your exam ends 13:10."]


def test_time_taken_away_is_an_alert(exam_page, attempt, time):
    time.pass_by(3)
    change(attempt, -20, time)
    time.pass_by(40)
    expect(exam_page.locator("#alert")).to_have_text("20 minutes removed by the course team. Your exam ends 12:40.")
    expect(exam_page.locator("#banners .is-warn")).to_contain_text("20 minutes removed")
    assert exam_page.inner_text("#timer-text") == "38 min left"


def test_time_given_in_the_grace_opens_the_fields_again(context, time, page, let_in):
    attempt = begin(minutes=2)
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    time.hold(page)
    time.pass_by(95)
    expect(page.locator("#value")).not_to_be_editable()
    expect(page.locator("#banners")).to_contain_text("Time is up")
    change(attempt, 10, time)
    time.pass_by(8)
    expect(page.locator("#value")).to_be_editable()
    expect(page.locator("#banners")).not_to_contain_text("Time is up")
    page.fill("#value", "ink")
    time.pass_by(2)
    assert answers() == ["ink"]
    time.pass_by(60)
    assert page.url.endswith("/exam/2")


def test_time_given_makes_a_red_clock_calm_again(context, time, page, let_in):
    attempt = begin(minutes=30)
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    time.hold(page)
    time.jump(28.5 * 60)
    time.pass_by(2)
    expect(page.locator("#timer-bar")).to_have_class("timer-bar is-critical")
    change(attempt, 60, time)
    time.pass_by(15)
    expect(page.locator("#timer-bar")).to_have_class("timer-bar")
    assert page.get_attribute("#timer use", "href").endswith("#clock")


def test_a_pause_hides_the_questions_and_going_on_brings_them_back(exam_page, attempt, time):
    time.pass_by(3)
    with writing():
        time_account.pause_clock(attempts.lock(attempt.id), TimeEntryKind.PAUSE, STAFF, now=time.portal.now)
    exam_page.fill("#value", "ink")
    time.pass_by(35)
    exam_page.wait_for_url("**/interrupted?to=2")
    assert answers() == ["ink"]
    with writing():
        time_account.resume_clock(attempts.lock(attempt.id), STAFF, now=time.portal.now)
    time.pass_by(10)
    exam_page.wait_for_url("**/exam/2")
