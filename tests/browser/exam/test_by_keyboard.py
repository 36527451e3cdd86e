"""An exam by keyboard alone: everything is reached, the place of the focus is always seen, and no press loses it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.db import db
from portal.models import Answer, QuestionKind
from tests import make
from tests.make import PASSWORD

MOST_STOPS = 40
QUESTIONS = [
    {"title": "Pick one"},
    {"kind": QuestionKind.SEVERAL_CHOICES, "title": "Pick some"},
    {"kind": QuestionKind.SHORT_TEXT, "title": "Which word"},
    {"kind": QuestionKind.LONG_TEXT, "title": "Why"},
]
#: What has the focus: its words, whether it is seen, and whether something marks it.
STOP = """() => {
    const one = document.activeElement, { top, left, width, height } = one.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    const looks = [one, one.closest("label"), one.parentElement].filter(Boolean).map((each) => getComputedStyle(each));
    return {
        words: (one.labels?.[0]?.textContent ?? one.getAttribute("aria-label") ?? one.textContent)
            .trim().replace(/\\s+/g, " "),
        isLost: one === document.body,
        isSeen: width > 0 && (one.contains(there) || Boolean(there?.contains(one))),
        isMarked: looks.some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && outlineWidth !== "0px"),
    };
}"""


def tab_to(page: Page, words: str) -> dict[str, Any]:
    """Press Tab until what has the focus says ``words``; every stop on the way must be seen and marked."""
    passed = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        passed.append(stop["words"])
        assert stop["isLost"] or (stop["isSeen"] and stop["isMarked"]), stop
        if stop["words"].startswith(words):
            return stop
    raise AssertionError(f"{words!r} is not among {passed}")


def press(page: Page, words: str, key: str = "Enter") -> None:
    tab_to(page, words)
    page.keyboard.press(key)


def answers() -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Answer.value).order_by(Answer.question_id)))


@pytest.fixture
def started(app, page, live_server) -> Page:
    """Signed in, and at the first question, by keyboard."""
    exam = make.exam(name="Algebra", questions=QUESTIONS)
    learner = make.enrol(exam.course, make.user(password=PASSWORD))
    page.goto("/")
    tab_to(page, "Your email address")
    page.keyboard.type(learner.email)
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/exams/")
    press(page, "Open the exam")
    page.wait_for_url(f"**/exams/{exam.slug}/")
    press(page, "Get ready")
    page.wait_for_url("**/ready")
    press(page, "Start, 60 minutes")
    page.wait_for_url("**/exam/1")
    return page


def answer_each(page: Page) -> None:
    """From the first question to the list of answers."""
    press(page, "Choice a", "Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Choice b")).to_be_checked()
    press(page, "Flag for later", "Space")
    press(page, "Save and next")
    page.wait_for_url("**/exam/2")
    expect(page.locator("#main")).to_be_focused()
    press(page, "Choice c", "Space")
    press(page, "Save and next")
    page.wait_for_url("**/exam/3")
    tab_to(page, "Your answer")
    page.keyboard.type("ink")
    page.keyboard.press("Enter")
    page.wait_for_url("**/exam/4")
    tab_to(page, "Your answer")
    page.keyboard.type("Because it lasts.")
    press(page, "Save and check")
    page.wait_for_url("**/check-answers**")


def test_from_the_first_question_to_the_receipt(started):
    page = started
    answer_each(page)
    assert answers() == ["b", ["c"], "ink", "Because it lasts."]
    press(page, "Pick one")
    page.wait_for_url("**/exam/1")
    page.go_back()
    page.wait_for_url("**/check-answers**")
    press(page, "Submit exam")
    page.wait_for_url("**/end")
    press(page, "Submit exam")
    page.wait_for_url("**/status")
    expect(page.locator(".receipt")).to_contain_text("4 of 4")
    press(page, "Print receipt", "Shift")
    tab_to(page, "Back to my exams")
