"""In a language that runs from right to left, what belongs together stands together, and begins at the right."""

import pytest
from playwright.sync_api import Page

from tests.browser.pages.places import furnish

TOUCHING = 24


@pytest.fixture
def arabic(app, page: Page, context, let_in):
    """Opens a page of the furnished portal by its name."""
    furnished = furnish(language="ar")
    let_in(context, furnished.learner)

    def arabic(name: str) -> Page:
        page.goto(furnished.places[name].address)
        return page

    return arabic


def edges(page: Page, place: str) -> tuple[float, float]:
    box = page.locator(place).first.bounding_box()
    return box["x"], box["x"] + box["width"]


def ink(page: Page, place: str) -> tuple[float, float]:
    """From where to where the words of an element stand, whatever room it takes."""
    return tuple(page.locator(place).first.evaluate(
        "(one) => { const range = document.createRange(); range.selectNodeContents(one);"
        " const { left, right } = range.getBoundingClientRect(); return [left, right]; }"
    ))  # fmt: skip


@pytest.mark.parametrize("width", [360, 1000])
def test_a_unit_stands_right_behind_its_field(arabic, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    arabic("question 4")
    assert 0 <= edges(page, "#value")[0] - ink(page, "#unit")[1] < TOUCHING


def test_the_reference_of_a_receipt_begins_where_the_receipt_does(arabic):
    page = arabic("status submitted")
    assert abs(ink(page, ".receipt-code")[1] - edges(page, ".receipt dl")[1]) < 2
    assert "، " in page.locator(".receipt dd").first.text_content()


def test_title_text_and_choices_of_a_question_begin_on_the_same_side(arabic):
    page = arabic("question 1")
    places = ("#question-title", "#question-text", ".choices")
    lefts = [ink(page, place)[0] for place in places[:2]] + [edges(page, places[2])[0]]
    assert max(lefts) - min(lefts) < 2


def test_what_is_used_of_the_time_begins_at_the_right(arabic):
    page = arabic("interrupted")
    page.goto(page.url)
    used, kept = (ink(page, f"svg.rule text >> nth={number}") for number in (0, 1))
    assert used[0] > kept[1]
