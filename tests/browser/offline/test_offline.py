"""Without a network: said at once and truthfully, nothing typed is lost, and the end is the portal's."""

import re

import pytest
from playwright.sync_api import expect

from portal.db import db
from portal.models import Answer, Attempt, LateAnswer
from tests.browser.clock.test_hidden_and_woken import asked
from tests.browser.conftest import begin


def answers() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Answer.value)))


def test_offline_for_a_while_keeps_what_is_typed_and_sends_it_when_back(exam_page, context, time):
    exam_page.fill("#value", "ink")
    time.pass_by(3)
    context.set_offline(True)
    time.pass_by(1)
    banner = exam_page.locator("#banners .banner")
    expect(banner).to_contain_text("You have been offline since 12:00. Keep working. Answers up to 12:00 are saved.")
    expect(banner).to_contain_text("New answers are stored on this device. The clock keeps running; your exam ends")
    exam_page.fill("#value", "ink and pen")
    time.pass_by(89)
    expect(exam_page.locator("#save-state")).to_have_text(re.compile(r"Not saved since 12:00: trying"))
    expect(exam_page.locator("#timer-text")).to_contain_text("min")
    assert answers() == ["ink"]
    context.set_offline(False)
    time.pass_by(3)
    expect(banner).to_have_text("Back online. All answers saved 12:02.")
    assert answers() == ["ink and pen"]
    time.pass_by(11)
    expect(banner).to_have_count(0)


def test_a_portal_that_cannot_be_reached_is_said_after_eight_seconds_and_not_before(exam_page, time):
    exam_page.route("**/clock.json*", lambda route: route.abort())
    exam_page.route("**/answers/*", lambda route: route.abort())
    with exam_page.expect_event("requestfailed", lambda request: "/answers/" in request.url):
        exam_page.fill("#value", "ink")
        time.pass_by(2)
    time.pass_by(6)
    expect(exam_page.locator("#banners .banner")).to_have_count(0)
    time.pass_by(3)
    expect(exam_page.locator("#banners .banner")).to_contain_text("The portal has been unreachable since 12:00")


def test_what_a_closed_window_could_not_send_is_offered_on_the_next_visit(exam_page, attempt, context, time):
    context.set_offline(True)
    exam_page.fill("#value", "ink")
    time.pass_by(3)
    exam_page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"/attempts/{attempt.ref}/exam/2")
    expect(again.locator("#value")).to_have_value("")
    expect(again.locator("#banners .banner")).to_contain_text("typed on this device at 12:00 was not sent: ink")
    again.get_by_role("button", name="Use it").click()
    time.pass_by(1)
    expect(again.locator("#value")).to_have_value("ink")
    assert answers() == ["ink"]


@pytest.fixture
def short(context, time, page, let_in) -> Attempt:
    """Two minutes, half a minute gone, an answer saved."""
    attempt = begin(minutes=2)
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    time.hold(page)
    page.fill("#value", "in time")
    time.pass_by(3)
    return attempt


def test_offline_over_zero_counts_what_was_acknowledged_and_keeps_the_rest_apart(short, context, page, time):
    context.set_offline(True)
    page.fill("#value", "too late")
    time.pass_by(90)
    expect(page.locator("#value")).not_to_be_editable()
    expect(page.locator("#banners")).to_contain_text("Time is up. Sending your answers.")
    time.pass_by(40)
    expect(page.locator("#banners")).to_contain_text("The exam ended 12:02. Answers up to 12:00:3")
    expect(page.locator("#banners")).to_contain_text("The course team decides whether they count.")
    context.set_offline(False)
    time.pass_by(17)
    page.wait_for_url("**/status")
    expect(page.locator("h1")).to_have_text("Your exam was submitted")
    time.pass_by(1)
    expect(page.locator("#alert")).to_contain_text("Your exam was submitted. Your offline answers have been sent.")
    expect(page.locator("main")).to_contain_text("1 answer arrived at 12:02. Late answers are stored separately.")
    assert answers() == ["in time"]
    assert db.session.scalars(db.select(LateAnswer.value)).all() == ["too late"]


def test_back_within_the_grace_what_was_typed_in_time_still_counts(short, context, page, time):
    context.set_offline(True)
    page.fill("#value", "just in time")
    time.pass_by(95)
    context.set_offline(False)
    time.pass_by(5)
    expect(page.locator("#banners")).to_contain_text("All your answers are saved")
    assert answers() == ["just in time"]
    time.pass_by(40)
    page.wait_for_url("**/status")


def test_retry_after_is_obeyed(exam_page, time):
    time.pass_by(2)
    exam_page.route("**/clock.json*", lambda route: route.fulfill(status=429, headers={"Retry-After": "100"}, json={}))
    questions = asked(exam_page)
    time.pass_by(60)
    assert len(questions) == 1
    exam_page.unroute_all()
    exam_page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # Otherwise a reason to ask at once.
    time.pass_by(30)
    assert len(questions) == 1
    time.pass_by(50)
    assert len(questions) == 2


def test_failures_are_asked_again_more_and_more_slowly(exam_page, time):
    time.pass_by(2)
    exam_page.route("**/clock.json*", lambda route: route.fulfill(status=503, json={}))
    questions = asked(exam_page)
    time.pass_by(36)
    early = len(questions)
    time.pass_by(240, step=2)
    assert early >= 1
    assert 6 <= len(questions) <= 40
