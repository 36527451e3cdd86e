"""The time shown is the portal's: whatever the device's clock says, however slow the line, also after a sleep."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.models import TimeDisplay
from tests.browser.conftest import begin
from tests.make import NOON


def shown(page) -> str:
    return page.inner_text("#timer-text")


@pytest.mark.parametrize("hours", [-24, 24])
def test_a_device_clock_a_day_off_changes_nothing(attempt, context, time, page, let_in, hours):
    page.add_init_script(f"const real = Date.now; Date.now = () => real() + {hours * 3600_000};")
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/1")
    time.hold(page)
    time.pass_by(40)  # Well inside the minute: the text may be a second old.
    assert shown(page) == "58 min left"
    expect(page.locator("#timer-end")).to_have_text("13:00")


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_device_clock_set_during_the_exam_is_checked_and_changes_nothing(exam_page, time, hours):
    time.pass_by(5)
    exam_page.route("**/clock.json*", lambda route: None)
    time.device_only(exam_page, hours * 3600)
    time.pass_by(1)
    assert shown(exam_page) == "Checking the time"
    exam_page.unroute_all(behavior="ignoreErrors")
    time.pass_by(20)
    expect(exam_page.locator("#timer-text")).to_have_text("59 min left")


def test_after_a_sleep_the_time_is_checked_first_and_then_right(exam_page, time):
    time.pass_by(5)
    asked = []
    exam_page.route("**/clock.json*", lambda route: asked.append(route))
    time.sleep(exam_page, 20 * 60)
    time.pass_by(1)
    assert shown(exam_page) == "Checking the time"
    assert len(asked) == 1
    asked[0].continue_()
    time.pass_by(1)
    expect(exam_page.locator("#timer-text")).to_have_text("39 min left")


def test_after_a_sleep_without_a_network_the_device_bridges_the_gap_and_says_about(exam_page, context, time):
    time.pass_by(5)
    context.set_offline(True)
    time.sleep(exam_page, 20 * 60)
    time.pass_by(7)
    assert shown(exam_page) == "about 39 min"
    expect(exam_page.locator("#timer-note")).to_contain_text("checked 12:0")


def test_a_slow_line_costs_no_more_than_half_the_round_trip_and_a_fast_answer_mends_it(context, time, page, let_in):
    """Two seconds on the way there, none on the way back: the worst that halving the round trip can do."""
    attempt = begin(time_display=TimeDisplay.SECONDS)
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/1")
    time.hold(page)
    time.pass_by(10)
    assert seconds(page) == pytest.approx(left(time), abs=1)
    held = []
    page.route("**/clock.json*", lambda route: held.append(route))
    time.device_only(page, 60)  # What was known before is doubted, so only the slow answer counts.
    time.pass_by(3)
    with page.expect_response("**/clock.json*"):
        held[0].continue_()
    page.unroute_all(behavior="ignoreErrors")
    time.pass_by(1)
    assert seconds(page) == pytest.approx(left(time), abs=2)
    time.pass_by(40)
    assert seconds(page) == pytest.approx(left(time), abs=1)


def left(time) -> int:
    """Seconds until one o'clock, when the exam ends."""
    return round((NOON + timedelta(hours=1) - time.portal.now).total_seconds())


def seconds(page) -> int:
    minutes, rest = shown(page).split()[0].split(":")
    return int(minutes) * 60 + int(rest)


def test_words_say_how_old_the_estimate_is(exam_page, context, time):
    time.pass_by(5)
    context.set_offline(True)
    time.pass_by(100)
    assert re.fullmatch(r"about 5\d min", shown(exam_page))
    expect(exam_page.locator("#timer-note")).to_have_text(re.compile("checked 12:0[01]"))
    time.pass_by(240)
    assert re.fullmatch(r"Time not checked since 12:0[01]", shown(exam_page))
    expect(exam_page.locator("#timer-end")).to_have_text("13:00")
    context.set_offline(False)
    time.pass_by(35)
    expect(exam_page.locator("#timer-text")).to_have_text("53 min left")
