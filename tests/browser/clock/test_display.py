"""What the timer shows and says as time goes on: its looks, its number, its title, and each moment once."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.models import Announcements, TimeDisplay
from tests.browser.conftest import begin
from tests.browser.windows.test_windows import spoken
from tests.make import NOON


@pytest.fixture
def sit(context, time, page, let_in):
    """Puts somebody described in front of the second question of an exam of so many minutes."""

    def sit(minutes: int, **learner) -> Page:
        attempt = begin(minutes=minutes, **learner)
        let_in(context, attempt.learner)
        page.goto(f"/attempts/{attempt.ref}/exam/2")
        time.hold(page)
        time.pass_by(2)
        time.end = NOON + timedelta(minutes=minutes)
        return page

    return sit


def until(time, seconds_left: int) -> None:
    """Go on until the clock has just ticked to so many seconds."""
    time.jump((time.end - time.portal.now).total_seconds() - seconds_left - 0.5)
    time.pass_by(1)


def look(page: Page) -> tuple[str, str, str]:
    """Colour, sign and word."""
    sign = page.get_attribute("#timer use", "href").partition("#")[2]
    return (
        page.get_attribute("#timer-bar", "class").removeprefix("timer-bar").strip(),
        sign,
        page.inner_text("#timer-word"),
    )


NORMAL, LOW = ("", "clock", ""), ("is-low", "low", "Little time left")
CRITICAL = ("is-critical", "critical", "Ending soon")


@pytest.mark.parametrize(("minutes", "low", "critical"), [(8, 96, 24), (20, 300, 60), (90, 600, 120), (135, 600, 120)])
def test_looks_change_at_the_learners_own_thresholds(sit, time, minutes, low, critical):
    page = sit(minutes)
    for seconds_left, expected in ((low + 1, NORMAL), (low, LOW), (critical + 1, LOW), (critical, CRITICAL)):
        until(time, seconds_left)
        assert look(page) == expected, f"{seconds_left} s before the end"


def test_minutes_are_rounded_down_until_the_last_five_tick(sit, time):
    page = sit(60)
    for seconds_left, shown in ((601, "10 min left"), (599, "9 min left"), (301, "5 min left"), (300, "5:00 left")):
        until(time, seconds_left)
        assert page.inner_text("#timer-text") == shown
    until(time, 59)
    assert page.inner_text("#timer-text") == "0:59 left"
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # Painted between two ticks.
    assert page.inner_text("#timer-text") == "0:59 left", "a second is over when it is over"
    expect(page.locator("#timer-end")).to_have_text("13:00")


def test_the_title_carries_the_time_at_five_two_and_one_minute_only(sit, time):
    page = sit(60)
    titles = []
    for seconds_left in (310, 290, 239, 181, 115, 65, 55):
        until(time, seconds_left)
        titles.append(page.title().partition(" left, ")[0] if " left, " in page.title() else "")
    assert titles == ["", "5 min", "", "", "2 min", "2 min", "1 min"]
    assert page.title().startswith("1 min left, Question 2 of 3")


MOMENTS = (1800, 900, 600, 300, 120, 60, 30)


@pytest.mark.parametrize(
    ("announcements", "expected"),
    [
        (Announcements.ALL, ["45 minutes", "30 minutes", "15 minutes", "10 minutes", "5 minutes", "2 minutes"]),
        (Announcements.LAST_TEN, ["10 minutes", "5 minutes", "2 minutes"]),
        (Announcements.END, []),
    ],
)
def test_each_moment_is_said_once_and_the_end_always(sit, time, announcements, expected):
    page = sit(90, announcements=announcements)
    speech = spoken(page)
    for seconds_left in (2700, *MOMENTS):
        until(time, seconds_left + 1)
        time.pass_by(3)
    said = [text.partition(" left")[0] for text in speech.json_value()]
    assert said == [*expected, "1 minute", "30 seconds"]
    last = "30 seconds left. Your exam ends 13:30. We will submit your saved answers for you."
    assert speech.json_value()[-1] == last


def test_moments_slept_through_are_not_read_out_one_after_another(sit, time):
    page = sit(60, announcements=Announcements.LAST_TEN)
    until(time, 1900)
    speech = spoken(page)
    until(time, 290)
    time.pass_by(2)
    assert [text.partition(".")[0] for text in speech.json_value()] == ["5 minutes left"]


def test_nothing_is_said_for_three_minutes_in_which_nothing_is_due(exam_page, time):
    time.pass_by(2)
    speech = spoken(exam_page)
    phrases = exam_page.evaluate_handle("""() => { const seen = []; new MutationObserver(() =>
        seen.push(document.getElementById("timer").getAttribute("aria-label")))
        .observe(document.getElementById("timer"), { attributes: true }); return seen; }""")
    time.pass_by(180)
    assert speech.json_value() == []
    assert phrases.json_value() == [f"{left} minutes left, ends 13:00" for left in (58, 57, 56)]


def press(page: Page, name: str) -> None:
    """By the keyboard alone: Tab to the button of this name, then Enter."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim()") == name:
            return page.keyboard.press("Enter")
    raise AssertionError(f"no way to {name} by Tab")


def test_time_is_hidden_and_shown_by_the_keyboard_and_the_last_five_minutes_show_it(sit, time):
    page = sit(60)
    text = page.locator("#timer-text")
    press(page, "Hide time")
    expect(text).to_have_text("Time hidden")
    assert page.evaluate("document.activeElement.innerText.trim()") == "Show time", "the focus stays"
    page.reload()
    time.pass_by(1)
    expect(text).to_have_text("Time hidden")
    press(page, "Show time")
    expect(text).to_have_text("59 min left")
    time.pass_by(6)
    expect(text).to_have_text("Time hidden")
    until(time, 299)
    expect(text).to_have_text("4:59 left")


def test_time_hidden_by_a_setting_is_shown_for_good_on_request(sit, time):
    page = sit(60, time_display=TimeDisplay.HIDDEN)
    expect(page.locator("#timer-text")).to_have_text("Time hidden")
    page.get_by_role("button", name="Show time").click()
    page.get_by_role("button", name="Keep showing").click()
    time.pass_by(10)
    expect(page.locator("#timer-text")).to_have_text("59 min left")


def test_the_time_is_read_out_on_request_also_twice_the_same(exam_page, time):
    time.pass_by(2)
    speech = spoken(exam_page)
    exam_page.get_by_role("button", name="Read time").click()
    time.pass_by(0.1)
    exam_page.focus("#value")
    exam_page.keyboard.press("Alt+Shift+T")
    time.pass_by(0.1)
    assert speech.json_value() == ["59 minutes left, ends 13:00"] * 2
    expect(exam_page.locator("#value")).to_have_value("")
    expect(exam_page.locator("#read-time")).to_have_attribute("aria-keyshortcuts", "Alt+Shift+T")


def test_what_has_the_focus_is_never_under_the_bar(exam_page):
    exam_page.set_viewport_size({"width": 400, "height": 300})
    exam_page.locator("#questions a").last.focus()
    for _ in range(7):
        exam_page.keyboard.press("Shift+Tab")
        under = exam_page.evaluate(
            """() => { const bar = document.getElementById("timer-bar"), focused = document.activeElement;
                const [over, here] = [bar, focused].map((one) => one.getBoundingClientRect());
                return bar.contains(focused) ? 0 : over.bottom - here.top; }"""
        )
        assert under <= 1, exam_page.evaluate("document.activeElement.outerHTML")
