"""Time that comes only when it is asked for, and the keys that ask: each person's own choice (WCAG 2.1.4)."""

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.models import TimeDisplay
from tests.browser.clock.test_display import look, press, sit, until  # noqa: F401 - a fixture among them.
from tests.browser.conftest import begin
from tests.browser.windows.test_windows import spoken

NORMAL = ("", "clock", "")


@pytest.fixture
def calm_page(sit) -> Page:  # noqa: F811
    """An hour for somebody who wants the time never to come by itself."""
    return sit(60, time_display=TimeDisplay.NEVER)


def test_never_holds_to_the_end_and_the_end_is_said(calm_page, time):
    title = calm_page.title()
    for seconds_left in (3500, 601, 290, 59, 10):
        until(time, seconds_left)
        expect(calm_page.locator("#timer-text")).to_have_text("Time hidden")
        assert calm_page.get_attribute("#timer", "aria-label") == "Time hidden, ends 13:00"
        assert calm_page.get_attribute("#timer-rule", "width") == "0%"
        assert (look(calm_page), calm_page.title()) == (NORMAL, title)
    speech = spoken(calm_page)
    time.pass_by(12)
    expect(calm_page.locator("#banners")).to_contain_text("Time is up.")
    expect(calm_page.locator("#timer-text")).to_have_text("0:00 left")
    assert speech.json_value()[-1] == "Time is up. Your answers are being submitted."


def test_never_is_asked_by_the_keyboard_for_five_seconds_and_can_be_hidden_sooner(calm_page, time):
    text, button = calm_page.locator("#timer-text"), calm_page.locator("#hide-time")
    until(time, 200)
    press(calm_page, "Show time")
    expect(text).to_have_text("3:20 left")
    assert look(calm_page)[0] == "is-low"
    expect(button).to_have_text("Hide time")
    time.pass_by(6)
    expect(text).to_have_text("Time hidden")
    assert look(calm_page) == NORMAL
    calm_page.keyboard.press("Enter")
    time.pass_by(1)
    expect(text).to_contain_text("3:")
    calm_page.keyboard.press("Enter")
    expect(text).to_have_text("Time hidden")


def test_hidden_time_can_be_read_out_and_the_reader_meets_it_no_sooner(sit, time):  # noqa: F811
    page = sit(60, time_display=TimeDisplay.HIDDEN)
    assert page.get_attribute("#timer", "aria-label") == "Time hidden, ends 13:00"
    speech = spoken(page)
    page.get_by_role("button", name="Read time").click()
    time.pass_by(0.1)
    assert speech.json_value() == ["59 minutes left, ends 13:00"]
    until(time, 290)
    assert page.get_attribute("#timer", "aria-label") == "4 minutes left, ends 13:00"


def test_on_a_telephone_hidden_time_can_be_asked_for(calm_page):
    calm_page.set_viewport_size({"width": 360, "height": 700})
    calm_page.get_by_role("button", name="Show time").click()
    expect(calm_page.locator("#timer-text")).to_contain_text("59")
    assert calm_page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(("display", "is_hidden"), [(TimeDisplay.NEVER, True), (TimeDisplay.MINUTES, False)])
def test_without_a_script_the_time_stands_behind_a_summary(browser: Browser, live_server, let_in, display, is_hidden):
    attempt = begin(time_display=display)
    plain = browser.new_context(base_url=live_server, java_script_enabled=False)
    let_in(plain, attempt.learner)
    page = plain.new_page()
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    expect(page.locator("#timer-text")).to_have_text("Time hidden" if is_hidden else "60 min left")
    frame = page.frame_locator(".clock-frame")
    expect(frame.locator("h1")).to_be_visible(visible=not is_hidden)
    if is_hidden:
        frame.get_by_text("Show time").click()
    expect(frame.locator("h1")).to_have_text("1 hour left at 12:00:00, ends 13:00")
    plain.close()


@pytest.mark.parametrize(("letter", "pressed", "is_read"), [("R", "R", 1), ("R", "T", 0), ("", "T", 0)])
def test_the_keys_that_read_the_time_are_the_ones_chosen(sit, time, letter, pressed, is_read):  # noqa: F811
    page = sit(60, read_time_letter=letter)
    speech = spoken(page)
    page.focus("#value")
    page.keyboard.press(f"Alt+Shift+{pressed}")
    time.pass_by(0.1)
    assert len(speech.json_value()) == is_read
    keys = f"Alt+Shift+{letter}" if letter else None
    assert page.get_attribute("#read-time", "aria-keyshortcuts") == keys
    help_words = page.locator("#read-time-keys")
    assert help_words.all_inner_texts() == (
        [f"Press {keys} to hear the time. You can change or turn off this shortcut in your settings."] if keys else []
    )


def test_where_the_key_carries_another_alphabet_its_place_counts(exam_page, time):
    time.pass_by(2)
    speech = spoken(exam_page)
    exam_page.evaluate(
        """document.dispatchEvent(
            new KeyboardEvent("keydown", { altKey: true, shiftKey: true, key: "ف", code: "KeyT" }))"""
    )
    time.pass_by(0.1)
    assert len(speech.json_value()) == 1
