"""The question that was left is there again: after a crash of the browser, and after a pause met elsewhere."""

import pytest
from playwright.sync_api import expect

from portal import clock
from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import breaks, time_account

STAFF = Cause(actor=Actor.STAFF, reason="fire alarm")


def turn_to(page, number: int) -> None:
    page.locator("#questions a").nth(number - 1).click()
    page.wait_for_url(f"**/exam/{number}")


def test_a_browser_that_crashed_opens_my_exams_and_is_at_the_question_again(exam_page, context, time):
    exam_page.fill("#value", "ink")
    time.pass_by(2)
    turn_to(exam_page, 3)
    exam_page.close()
    again = context.new_page()
    again.goto("/me/exams/")
    again.get_by_role("link", name="Continue").click()
    again.wait_for_url("**/exam/3")
    expect(again.locator("#answer-form legend")).to_have_text("Reason")


def test_a_question_shown_without_a_line_is_the_one_to_come_back_to(exam_page, context, attempt, time):
    time.pass_by(40)
    exam_page.wait_for_function("document.cookie.includes('.2')")
    context.set_offline(True)
    time.pass_by(20)
    exam_page.get_by_text("You have been offline since").first.wait_for()
    turn_to(exam_page, 3)
    exam_page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"/attempts/{attempt.ref}/")
    again.wait_for_url("**/exam/3")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_pause_met_on_another_page_leads_back_to_the_question(browser, live_server, attempt, let_in, scripts):
    context = browser.new_context(base_url=live_server, java_script_enabled=scripts)
    let_in(context, attempt.learner)
    page = context.new_page()
    page.goto(f"/attempts/{attempt.ref}/exam/3")
    page.goto("/me/settings")
    with writing():
        breaks.pause(attempts.lock(attempt.id), STAFF, now=clock.now())
    page.goto("/me/exams/")
    page.get_by_role("link", name="Continue").click()
    expect(page.locator("h1")).to_have_text("Your exam is paused")
    with writing():
        time_account.resume_clock(attempts.lock(attempt.id), STAFF, now=clock.now())
    if not scripts:
        page.get_by_role("link", name="Try to continue").click()
    page.wait_for_url("**/exam/3")
    context.close()
