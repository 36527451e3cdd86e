"""Signed out in the middle of an exam: a dialog over the untouched page, and nothing typed is lost."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.db import db, writing
from portal.domain.accounts import people
from portal.domain.attempts import case_answers
from portal.models import Attempt, Role, SupportCase, User
from tests import make
from tests.browser.conftest import begin
from tests.browser.windows.test_windows import answers
from tests.make import PASSWORD


@pytest.fixture
def attempt(app) -> Attempt:
    return begin(password=PASSWORD)


def sign_out(attempt: Attempt) -> None:
    """Everywhere, as from another device."""
    with writing():
        people.sign_out_everywhere(db.session.get_one(User, attempt.learner_id))


def sign_in(context: BrowserContext, attempt: Attempt) -> Page:
    other = context.new_page()
    other.goto("/signin")
    other.get_by_label("Your email address").fill(attempt.learner.email)
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.locator("h1")).not_to_have_text("Sign in")
    return other


def test_a_save_that_is_refused_asks_to_sign_in_over_the_page_and_is_sent_afterwards(exam_page, attempt, context, time):
    exam_page.evaluate("window.sameDocument = true")
    exam_page.fill("#value", "ink")
    sign_out(attempt)
    time.pass_by(3)
    dialog = exam_page.locator("#sign-in-again")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Your text is still on this page.")
    expect(exam_page.locator("#value")).to_have_value("ink")
    dialog.get_by_role("button", name="I am signed in again").click()
    time.pass_by(1)
    expect(dialog).to_be_visible()
    sign_in(context, attempt)
    dialog.get_by_role("button", name="I am signed in again").click()
    time.pass_by(2)
    expect(dialog).to_be_hidden()
    expect(exam_page.locator("#polite")).to_have_text("You are signed in again. Your answer is still here.")
    assert exam_page.evaluate("window.sameDocument && document.activeElement.id") == "value"
    assert answers() == ["ink"]


def test_a_refused_question_for_the_clock_asks_too_and_the_time_is_right_again(exam_page, attempt, context, time):
    time.pass_by(2)
    sign_out(attempt)
    time.pass_by(40)
    expect(exam_page.locator("#sign-in-again")).to_be_visible()
    time.portal.advance(minutes=10)
    sign_in(context, attempt)
    exam_page.evaluate("dispatchEvent(new Event('focus'))")
    time.pass_by(2)
    expect(exam_page.locator("#sign-in-again")).to_be_hidden()
    assert exam_page.inner_text("#timer-text") == "48 min left"


def test_who_stays_signed_out_over_zero_is_submitted_and_the_rest_is_kept_apart(context, time, page, let_in):
    attempt = begin(minutes=2, password=PASSWORD)
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    time.hold(page)
    page.fill("#value", "in time")
    time.pass_by(3)
    page.fill("#value", "never sent")
    sign_out(attempt)
    time.pass_by(130)
    expect(page.locator("#sign-in-again")).to_be_visible()
    sign_in(context, attempt)
    page.locator("#sign-in-again").get_by_role("button", name="I am signed in again").click()
    time.pass_by(20)
    page.wait_for_url("**/status")
    expect(page.locator("main")).to_contain_text("stored separately")
    assert answers() == ["in time"]


def test_the_dialog_signs_in_and_comes_back_to_the_question(exam_page, attempt, time):
    exam_page.evaluate("window.sameDocument = true")
    exam_page.fill("#value", "ink")
    sign_out(attempt)
    time.pass_by(3)
    dialog = exam_page.locator("#sign-in-again")
    expect(dialog).to_contain_text(attempt.learner.email)
    dialog.get_by_label("Password").fill("wrong password")
    exam_page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("is not right. Check both and try again.")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog).to_be_hidden()
    time.pass_by(1)
    assert exam_page.evaluate("window.sameDocument && document.activeElement.id") == "value"
    assert answers() == ["ink"]


def test_from_the_keyboard_the_team_is_asked_and_its_answer_comes_to_the_question(exam_page, attempt, time):
    exam_page.fill("#value", "ink")
    exam_page.get_by_role("link", name="Ask the course team").focus()
    exam_page.keyboard.press("Enter")
    exam_page.wait_for_url("**/ask?to=2")
    assert answers() == ["ink"]
    exam_page.get_by_label("What do you want to ask").fill("Is a calculator allowed?")
    exam_page.keyboard.press("Tab")
    exam_page.keyboard.press("Enter")
    expect(exam_page.locator("main")).to_contain_text("Your message was sent to the course team.")
    expect(exam_page.locator("main")).to_contain_text("Not answered yet.")
    exam_page.get_by_role("link", name="Go back to question 2").click()
    exam_page.wait_for_url("**/exam/2")
    team = make.member(Role.INSTRUCTOR, course=attempt.exam.course)
    with writing():
        case = db.session.scalars(db.select(SupportCase)).one()
        case_answers.answer(case, team, "Yes, a simple one.", now=time.portal.now)
    time.pass_by(45)
    expect(exam_page.locator("#banners")).to_contain_text("The course team answered your message: Yes, a simple one.")
    exam_page.goto(f"/attempts/{attempt.ref}/ask?to=2")
    expect(exam_page.locator("main")).to_contain_text("Yes, a simple one.")
