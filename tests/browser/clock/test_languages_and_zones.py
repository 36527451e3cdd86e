"""The timer in another script and in other zones: digits keep their order, and the end is right when clocks change."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import time_account
from tests import make
from tests.browser.conftest import begin
from tests.browser.exam_time import ExamTime

#: Left edges of the visible characters of an element, in the order they are written.
EDGES = """element => {
    const edges = [], walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        for (let at = 0; at < node.length; at += 1) {
            range.setStart(node, at); range.setEnd(node, at + 1);
            if (node.data[at].trim()) edges.push(range.getBoundingClientRect().left);
        }
    return edges;
}"""


@pytest.fixture
def arabic_page(context, time, page, let_in) -> Page:
    attempt = begin(minutes=30, language="ar")
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    time.attempt = attempt
    return page


def edges(page: Page, place: str) -> list[float]:
    return page.locator(place).evaluate(EDGES)


def test_in_arabic_the_page_runs_from_the_right_and_digits_keep_their_order(arabic_page, time):
    page = arabic_page
    assert page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == ["rtl", "ar"]
    before = page.inner_text("#timer-end")
    time.hold(page)
    time.pass_by(2)
    time.jump(25 * 60)
    time.pass_by(1)
    expect(page.locator("#timer-text b")).to_have_text("4:27")
    expect(page.locator("#timer-end")).to_have_text(before)
    assert before == "12:30"
    for place in ("#timer-text b", "#timer-end"):
        assert edges(page, place) == sorted(edges(page, place)), "digits run from the left, also in Arabic"


def test_in_arabic_the_number_stands_inside_its_sentence(arabic_page, time):
    page = arabic_page
    time.hold(page)
    time.pass_by(2)
    number = page.locator("#timer-text b")
    expect(number).to_have_text("29")
    box, bar = number.bounding_box(), page.locator("#timer-text").bounding_box()
    assert bar["x"] <= box["x"] <= bar["x"] + bar["width"] - box["width"]
    assert "{" not in page.inner_text("#timer-bar") + page.get_attribute("#timer", "aria-label")
    with writing():
        locked = attempts.lock(time.attempt.id)
        time_account.add_time(locked, 10, Cause(actor=Actor.STAFF, reason="fire alarm"), now=time.portal.now)
    time.pass_by(40)
    expect(page.locator("#banners .banner")).to_contain_text("10")
    expect(page.locator("#banners .banner")).to_contain_text("12:40")
    expect(page.locator("#timer-end")).to_have_text("12:40")


@pytest.fixture
def sit_at(context, the_clock, page, let_in) -> Callable[[datetime], tuple[Page, ExamTime]]:
    """Puts somebody in Berlin in front of an exam of an hour that begins then."""

    def sit_at(starts: datetime) -> tuple[Page, ExamTime]:
        the_clock.now = starts
        time = ExamTime(context, the_clock)
        attempt = begin(time_zone="Europe/Berlin")
        let_in(context, attempt.learner)
        page.goto(f"/attempts/{attempt.ref}/exam/2")
        return page, time

    return sit_at


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "03:30"),  # Berlin goes from two to three o'clock.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02:30"),  # Berlin has the hour from two to three twice.
    ],
    ids=["spring", "autumn"],
)
def test_the_end_is_right_when_the_clocks_change_during_the_exam(sit_at, starts, ends):
    page, time = sit_at(starts)
    assert page.inner_text("#timer-end") == ends
    time.hold(page)
    time.pass_by(2)
    expect(page.locator("#timer-text")).to_have_text("59 min left")
    time.jump(31 * 60)
    time.pass_by(2)
    expect(page.locator("#timer-text")).to_have_text("28 min left")
    expect(page.locator("#timer-end")).to_have_text(ends)
    page.fill("#value", "ink")
    time.pass_by(3)
    expect(page.locator("#save-state")).to_have_text("Saved 03:01" if ends == "03:30" else "Saved 02:01")


@pytest.mark.parametrize(("device", "is_offered"), [("Asia/Tehran", True), ("Africa/Abidjan", False)])
def test_who_reads_another_zone_than_their_device_can_change_it(browser, live_server, let_in, device, is_offered):
    """Abidjan keeps the time of UTC, so there is nothing to say."""
    context = browser.new_context(base_url=live_server, timezone_id=device)
    let_in(context, make.user())
    page = context.new_page()
    page.goto("/me/exams/")
    expect(page.get_by_text("Times are in your time zone: UTC")).to_be_visible()
    expect(page.locator("#zone-offer")).to_be_visible(visible=is_offered)
    if is_offered:
        expect(page.locator("#zone-offer")).to_contain_text("Your device uses the time zone of Tehran.")
        page.get_by_role("button", name="Use the time zone of my device").click()
        expect(page.get_by_text("Times are in your time zone: Tehran")).to_be_visible()
        expect(page.locator("#zone-offer")).to_be_hidden()
    context.close()
