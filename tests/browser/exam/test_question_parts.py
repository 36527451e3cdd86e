"""Parts of a question: wide tables, pictures that enlarge, a choice taken back, and what the bar says of it all."""

import pytest
from playwright.sync_api import Page, expect

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import time_account
from portal.models import Asset, Question
from tests import make
from tests.browser.windows.test_windows import answers

STAFF = Cause(actor=Actor.STAFF, reason="fire alarm")
PICTURE = "a" * 64
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='400' height='300'><rect width='400' height='300'/></svg>"
TEXT = (
    f'<table dir="ltr"><tr>{"<th>A long heading</th>" * 12}</tr></table>'
    f'<img alt="A cloud" src="asset:{PICTURE}" width="40" height="30">'
)


@pytest.fixture
def first(attempt, context, page, let_in) -> Page:
    """The first question: a choice, with a wide table and a small picture above it."""
    drawn = {"name": "p.svg", "media_type": "image/svg+xml", "content": SVG}
    make.row(Asset(course_id=attempt.exam.course_id, sha256=PICTURE, **drawn))
    with writing():
        db.session.scalars(db.select(Question).order_by(Question.position)).first().text_html = TEXT
    let_in(context, attempt.learner)
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(f"/attempts/{attempt.ref}/exam/1")
    return page


def test_a_wide_table_scrolls_by_itself_and_can_be_reached(first, faults):
    assert first.evaluate("document.documentElement.scrollWidth") == 360
    table = first.get_by_role("region", name="Table")
    assert table.evaluate("(box) => box.scrollWidth > box.clientWidth && box.tabIndex === 0")
    assert table.locator("th").first.evaluate("(one) => getComputedStyle(one).borderTopStyle") == "solid"
    assert not faults(first)


def test_a_picture_enlarges_over_the_question_and_the_focus_comes_back(first, faults):
    first.get_by_role("link", name="A cloud Enlarge this picture").focus()
    first.keyboard.press("Enter")
    large = first.get_by_role("dialog", name="A cloud")
    assert large.locator("img").bounding_box()["width"] > 250
    expect(large.get_by_role("button", name="Close")).to_be_focused()
    assert not faults(first)
    first.keyboard.press("Escape")
    expect(large).to_have_count(0)
    expect(first.get_by_role("link", name="A cloud Enlarge this picture")).to_be_focused()


def test_a_choice_can_be_taken_back(first):
    clear = first.get_by_role("button", name="Clear my choice")
    expect(clear).to_be_hidden()
    with first.expect_response("**/answers/*"):
        first.get_by_label("Choice b").check()
    assert answers() == ["b"]
    with first.expect_response("**/answers/*"):
        clear.click()
    expect(first.get_by_label("Choice a")).to_be_focused()
    expect(clear).to_be_hidden()
    assert answers() == [None]
    expect(first.locator("#questions [data-progress]")).to_have_text("0 of 3 answered, 0 flagged")


def test_an_essay_begins_with_eight_lines(exam_page):
    exam_page.locator("#questions a").last.click()
    expect(exam_page.locator("textarea")).to_be_visible()
    lines = "(box) => box.clientHeight / parseFloat(getComputedStyle(box).lineHeight)"
    assert 8 <= exam_page.locator("textarea").evaluate(lines) < 10


def test_of_two_changes_of_the_time_the_newer_is_shown(exam_page, attempt, time):
    for minutes in (10, 5):
        with writing():
            time_account.add_time(attempts.lock(attempt.id), minutes, STAFF, now=time.portal.now)
        time.pass_by(40)
    expect(exam_page.locator("#banners .banner")).to_have_count(1)
    expect(exam_page.locator("#banners .banner")).to_contain_text("5 minutes added by the course team.")


def test_the_bar_never_says_saved_while_an_answer_is_refused(exam_page, time):
    state = exam_page.locator("#save-state")
    exam_page.locator("#questions a").last.click()
    expect(exam_page.locator("textarea")).to_be_visible()
    exam_page.fill("#value", "é" * 40_000)
    time.pass_by(3)
    expect(state).to_contain_text("This answer is longer than 64 kB.")
    exam_page.locator("#questions a").nth(1).click()
    expect(exam_page.locator("input#value")).to_be_visible()
    exam_page.fill("#value", "ink")
    time.pass_by(3)
    assert answers() == ["ink"]
    expect(state).to_contain_text("Question 3: This answer is longer than 64 kB.")
    exam_page.locator("#questions a").last.click()
    expect(exam_page.locator("textarea")).to_be_visible()
    exam_page.fill("#value", "short")
    time.pass_by(3)
    expect(state).to_contain_text("Saved 12:0")
