"""Breaks and a reopened exam in the browser: the page changes by itself, says so once, and brings nothing twice."""

import pytest
from playwright.sync_api import Page, expect

from portal.db import db, writing
from portal.domain.attempts import attempts, reopening
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import breaks, granting, time_account
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import AllowanceKind, Attempt
from tests.browser.conftest import begin
from tests.browser.windows.test_windows import answers

STAFF = Cause(actor=Actor.STAFF, reason="fire alarm")


def bank(attempt: Attempt, minutes: int, time) -> None:
    terms = Terms(kind=AllowanceKind.BREAK_BANK, minutes=minutes, exam=attempt.exam)
    with writing():
        granting.grant(attempt.exam.course, attempt.learner, terms, by=None, reason="", now=time.portal.now)


@pytest.fixture
def attempt(app) -> Attempt:
    return begin(minutes=60)


@pytest.fixture
def question(attempt, context, time, page, let_in) -> Page:
    """The second of its questions, with five minutes in the bank."""
    bank(attempt, 5, time)
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    time.hold(page)
    time.pass_by(3)
    return page


def take_a_break(page: Page, time) -> None:
    page.get_by_role("button", name="Take a break").click()
    page.wait_for_url("**/interrupted?to=2")
    time.pass_by(1)


def test_a_break_saves_hides_and_comes_back_to_the_same_question(question, time):
    question.fill("#value", "ink")
    take_a_break(question, time)
    assert answers() == ["ink"]
    expect(question.locator("h1")).to_have_text("You are on a break")
    expect(question.locator("main")).to_contain_text("Paused. 59 minutes will be left.")
    expect(question.locator("#value")).to_have_count(0)
    expect(question.locator("#resumes-in")).to_contain_text("Your break ends in 5 minutes")
    time.pass_by(180, step=5)
    expect(question.locator("main")).to_contain_text("Paused. 59 minutes will be left.")
    expect(question.locator("#resumes-in")).to_contain_text("seconds")
    question.get_by_role("button", name="Continue").click()
    question.wait_for_url("**/exam/2")
    time.pass_by(3)
    expect(question.locator("#value")).to_have_value("ink")
    expect(question.locator("#timer-text")).to_contain_text("59 min left")
    expect(question.get_by_role("button", name="Take a break")).to_contain_text("minute")


def test_an_empty_bank_brings_back_by_itself_and_says_so_once(question, attempt, time):
    take_a_break(question, time)
    time.pass_by(296, step=4)
    assert question.url.endswith("/interrupted?to=2")
    time.pass_by(8)
    question.wait_for_url("**/exam/2")
    time.pass_by(2)
    said = "Your break is over, and your clock is running again. Your exam ends 13:05."
    expect(question.locator("#banners .is-info")).to_contain_text(said)
    expect(question.locator("#polite")).to_have_text(said)
    expect(question.locator("#timer-text")).to_contain_text("min left")
    question.reload()
    time.pass_by(3)
    expect(question.locator("#banners .is-info")).to_have_count(0)
    expect(question.locator("#polite")).to_have_text("")
    assert db.session.get_one(Attempt, attempt.id, populate_existing=True).status == "started"


def test_minutes_granted_during_a_break_show_without_a_reload(question, attempt, time):
    take_a_break(question, time)
    question.evaluate("window.sameDocument = true")
    bank(attempt, 20, time)
    time.pass_by(8)
    expect(question.locator("#resumes-in")).to_contain_text("Your break ends in 20 minutes")
    assert question.evaluate("window.sameDocument")


def test_a_pause_by_the_team_takes_the_page_away_and_what_was_typed_comes_back(question, attempt, time):
    with writing():
        breaks.pause(attempts.lock(attempt.id), STAFF, now=time.portal.now)
    time.portal.advance(seconds=31)  # So that nothing is on its way any more.
    question.fill("#value", "typed into a pause")
    question.focus("#value")
    time.pass_by(12)
    question.wait_for_url("**/interrupted?to=2")
    expect(question.locator("h1")).to_have_text("Your exam is paused")
    expect(question.get_by_role("button", name="Continue")).to_have_count(0)
    with writing():
        time_account.resume_clock(attempts.lock(attempt.id), STAFF, now=time.portal.now)
    time.pass_by(8)
    question.wait_for_url("**/exam/2")
    time.pass_by(4)
    assert answers() == ["typed into a pause"]


def test_the_status_page_offers_to_continue_by_itself(attempt, context, time, page, let_in):
    with writing():
        attempts.submit(attempts.lock(attempt.id), attempt.learner, now=time.portal.now)
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/status")
    time.hold(page)
    page.evaluate("window.sameDocument = true")
    time.pass_by(30)
    expect(page.get_by_role("button", name="Continue")).to_have_count(0)
    with writing():
        reopening.reopen(attempts.lock(attempt.id), 10, STAFF, now=time.portal.now)
    time.pass_by(26)
    expect(page.locator("h1")).to_have_text("You can continue your exam")
    expect(page.locator("#polite")).to_have_text("This page has changed: You can continue your exam - Invigil")
    assert page.evaluate("window.sameDocument")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/exam/1")
    time.pass_by(2)
    expect(page.locator("#timer-text")).to_contain_text("9 min left")
