"""Whole ways through an exam: minutes given while it runs, the keyboard alone, and two windows of one person."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal.db import db
from portal.models import Answer, Attempt, EndedBy, QuestionKind, Role
from tests import make
from tests.browser.conftest import PATIENCE_MS
from tests.browser.windows.test_windows import spoken
from tests.make import PASSWORD, S

QUESTIONS = [
    {"title": "Pick one"},
    {"kind": QuestionKind.SHORT_TEXT, "title": "Which word"},
    {"kind": QuestionKind.LONG_TEXT, "title": "Reason"},
]


@pytest.fixture
def another_browser(browser: Browser, live_server: str) -> Iterator[BrowserContext]:
    """Of somebody else, elsewhere."""
    opened = browser.new_context(base_url=live_server)
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    opened.close()


def answers() -> list:
    db.session.rollback()
    return list(db.session.scalars(db.select(Answer.value).order_by(Answer.question_id)))


def outcome() -> tuple:
    db.session.rollback()
    return db.session.execute(db.select(Attempt.status, Attempt.ended_by)).one()


def test_minutes_given_by_the_course_team_reach_the_open_page_and_are_seen(
    attempt, exam_page, another_browser, time, let_in
):
    exam_page.evaluate("window.sameDocument = true")
    exam_page.fill("#value", "half a wo")
    speech = spoken(exam_page)
    member = make.member(Role.INSTRUCTOR, course=attempt.exam.course)
    let_in(another_browser, member)
    team = another_browser.new_page()
    team.goto(f"/teach/attempts/{attempt.ref}/")
    team.get_by_role("link", name="Add time").first.click()
    team.get_by_label("Minutes").fill("10")
    team.get_by_label("Reason").fill("Fire alarm in the building")
    team.get_by_role("button", name="Add time").click()
    expect(team.locator("main")).to_contain_text("Not seen yet on the learner's screen")
    time.pass_by(36)  # One question for the clock: 30 seconds, and a fifth more at most.
    expect(exam_page.locator("#banners .banner")).to_have_text(
        "10 minutes added by the course team. Your exam ends 13:10.Close"
    )
    expect(exam_page.locator("#timer-end")).to_have_text("13:10")
    assert exam_page.evaluate("window.sameDocument && document.getElementById('value').value") == "half a wo"
    time.pass_by(70)
    said = [text for text in speech.json_value() if "added" in text]
    assert said == ["10 minutes added by the course team. Your exam ends 13:10."]
    team.reload()
    expect(team.locator("main")).not_to_contain_text("Not seen yet")
    expect(team.locator("main")).to_contain_text("een on the learner's screen")
    expect(team.locator("main")).to_contain_text("Fire alarm in the building")


@pytest.fixture
def reach(page: Page) -> Callable[[str], None]:
    """Tab to whatever has this name, as a person without a mouse does."""

    def reach(name: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if name in page.evaluate(FOCUSED_NAME):
                return
        raise AssertionError(f"Tab does not lead to {name}")

    return reach


FOCUSED_NAME = """(() => { const focused = document.activeElement;
    return (focused.labels?.length ? focused.labels[0] : focused).innerText.trim(); })()"""


def sign_in(page: Page, learner, reach: Callable[[str], None]) -> None:
    page.goto("/")
    reach("Your email address")
    page.keyboard.type(learner.email)
    reach("Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("My exams")


def press(page: Page, reach: Callable[[str], None], *names: str) -> None:
    for name in names:
        before = page.url
        reach(name)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, before=before: url != before)


def test_by_the_keyboard_alone_from_sign_in_to_the_receipt(page, reach):
    exam = make.exam(name="Algebra", questions=QUESTIONS)
    sign_in(page, make.enrol(exam.course, make.user(password=PASSWORD)), reach)
    press(page, reach, "Algebra", "Get ready", "Start, 60 minutes")
    reach("Skip to the question")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    reach("Choice a")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Choice b")).to_be_checked()
    press(page, reach, "Save and next")
    reach("Your answer")
    page.keyboard.type("ink")
    page.keyboard.press("Enter")
    page.wait_for_url("**/exam/3*")
    reach("Your answer")
    page.keyboard.type("Because it lasts.")
    reach("Flag for later")
    page.keyboard.press("Space")
    press(page, reach, "Save and check")
    expect(page.locator("#banners")).to_contain_text("1 is flagged.")
    press(page, reach, "Submit exam")
    press(page, reach, "Submit exam")
    expect(page.locator("h1")).to_have_text("Your exam was submitted")
    expect(page.locator(".receipt")).to_contain_text("3 of 3")
    assert answers() == ["b", "ink", "Because it lasts."]
    assert outcome() == (S.SUBMITTED, EndedBy.LEARNER)


def test_an_exam_in_two_windows_of_one_person(attempt, context, page, time, let_in):
    let_in(context, attempt.learner)
    first, second = page, context.new_page()
    first.goto(f"/attempts/{attempt.ref}/exam/1")
    second.goto(f"/attempts/{attempt.ref}/exam/2")
    time.hold(first)
    first.get_by_label("Choice b").check()
    second.fill("#value", "ink")
    time.pass_by(3)
    for window in (first, second):
        window.goto(f"/attempts/{attempt.ref}/exam/3")
    first.fill("#value", "Because it lasts.")
    time.pass_by(3)
    second.fill("#value", "I do not know.")
    time.pass_by(3)
    second.get_by_role("button", name="Keep newer").click()
    expect(second.locator("#value")).to_have_value("Because it lasts.")
    first.get_by_role("button", name="Save and check").click()
    first.get_by_role("link", name="Submit exam").click()
    first.get_by_role("button", name="Submit exam").click()
    expect(first.locator("h1")).to_have_text("Your exam was submitted")
    time.pass_by(40)
    second.wait_for_url("**/status")
    assert answers() == ["b", "ink", "Because it lasts."]
    assert outcome() == (S.SUBMITTED, EndedBy.LEARNER)
