"""From question to question, and out of the exam's pages: at once where it can be, held and said where it cannot."""

import pytest
from playwright.sync_api import Page, expect

from portal.models import Attempt
from tests.browser.conftest import begin
from tests.browser.windows.test_windows import answers

TITLE = "#answer-form legend"


def go(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_the_next_question_comes_without_a_new_page_and_the_answer_is_saved(exam_page, time):
    exam_page.evaluate("window.sameDocument = true")
    exam_page.fill("#value", "ink")
    go(exam_page, "Save and next")
    expect(exam_page.locator(TITLE)).to_have_text("Reason")
    exam_page.wait_for_url("**/exam/3")
    expect(exam_page.locator("#main")).to_be_focused()
    expect(exam_page).to_have_title("Question 3 of 3, Algebra - Invigil")
    expect(exam_page.locator("#questions [aria-current]")).to_contain_text("3")
    exam_page.fill("#value", "Because it lasts.")
    go(exam_page, "Previous")
    expect(exam_page.locator("#value")).to_have_value("ink")
    exam_page.go_back()
    expect(exam_page.locator("#value")).to_have_value("Because it lasts.")
    exam_page.locator("#questions a").first.click()
    exam_page.get_by_label("Choice b").check()
    time.pass_by(2)
    assert sorted(answers()) == ["Because it lasts.", "b", "ink"]
    expect(exam_page.locator("#questions [data-progress]")).to_have_text("3 of 3 answered, 0 flagged")
    assert exam_page.evaluate("window.sameDocument")


def test_a_step_inside_the_question_leaves_it_as_it_stands(exam_page):
    """The link that skips to the question changes the address, too; the question must not be loaded anew for it."""
    asked = []
    exam_page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    exam_page.fill("#value", "ink")
    main = exam_page.locator("#main").element_handle()
    exam_page.get_by_role("link", name="Skip to the question").focus()
    exam_page.keyboard.press("Enter")
    exam_page.wait_for_url("**/exam/2#main")
    exam_page.locator("#value").focus()
    exam_page.keyboard.press("End")
    exam_page.keyboard.type(" and paper")
    exam_page.go_back()
    exam_page.wait_for_url("**/exam/2")
    expect(exam_page.locator("#value")).to_have_value("ink and paper")
    expect(exam_page.locator("#value")).to_be_focused()
    assert exam_page.evaluate("(main) => main.isConnected", main)
    assert exam_page.url not in asked


def test_without_a_line_the_questions_loaded_ahead_are_there_with_what_was_typed(exam_page, context, time):
    time.pass_by(40)
    context.set_offline(True)
    expect(exam_page.locator("#banners")).to_contain_text("You have been offline since 12:01.")
    exam_page.fill("#value", "ink")
    go(exam_page, "Save and next")
    expect(exam_page.locator(TITLE)).to_have_text("Reason")
    expect(exam_page.locator("#banners")).to_contain_text("You have been offline since 12:01.")  # It came along.
    exam_page.fill("#value", "Because it lasts.")
    go(exam_page, "Previous")
    time.pass_by(1)
    context.set_offline(False)
    time.pass_by(5)
    expect(exam_page.locator("#save-state")).to_contain_text("Saved 12:01")
    assert sorted(answers()) == ["Because it lasts.", "ink"]
    expect(exam_page.locator("#value")).to_have_value("ink")


def test_a_question_that_is_not_loaded_is_held_and_comes_by_itself(attempt, context, page, time, let_in):
    let_in(context, attempt.learner)
    for address in ("**/exam/3", "**/ahead.json*"):
        page.route(address, lambda route: route.abort())
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    time.hold(page)
    page.fill("#value", "ink")
    go(page, "Save and next")
    expect(page.locator("#banners")).to_contain_text("Not loaded yet; we try again every few seconds.")
    time.pass_by(7)
    expect(page.locator("#value")).to_have_value("ink")
    page.unroute_all()
    time.pass_by(4)
    expect(page.locator(TITLE)).to_have_text("Reason")
    expect(page.locator("#banners")).not_to_contain_text("Not loaded yet")
    assert answers() == ["ink"]


@pytest.mark.parametrize("name", ["Check answers", "Save and check"])
def test_without_a_line_the_check_is_of_this_device_until_all_is_saved(attempt, context, page, time, let_in, name):
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/3")
    time.hold(page)
    context.set_offline(True)
    expect(page.locator("#banners")).to_contain_text("You have been offline")
    page.fill("#value", "Because it lasts.")
    go(page, name)
    said = "Your answer is not saved yet. The next page opens as soon as it is."
    expect(page.locator("#banners")).to_contain_text(said)
    expect(page.locator("h1")).to_have_text("Check your answers")
    expect(page.locator("main tbody tr").last).to_contain_text("answered, not sent yet")
    time.pass_by(4)
    page.go_back()
    expect(page.locator("#value")).to_have_value("Because it lasts.")
    page.go_forward()
    expect(page.locator("main")).to_contain_text("There is no connection.")
    context.set_offline(False)
    time.pass_by(10)
    expect(page.locator("main")).to_contain_text("Your answers are saved")
    page.wait_for_url("**/check-answers")
    assert answers() == ["Because it lasts."]


def test_handing_in_waits_for_the_line(attempt, context, page, time, let_in):
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/end")
    time.hold(page)
    context.set_offline(True)
    expect(page.locator("#banners")).to_contain_text("You have been offline")
    go(page, "Submit exam")
    expect(page.locator("#banners")).to_contain_text("we try again every few seconds")
    assert page.url.endswith("/end")
    context.set_offline(False)
    time.pass_by(4)
    page.wait_for_url("**/status")
    expect(page.locator("h1")).to_have_text("Your exam was submitted")


def test_a_choice_between_two_answers_goes_along_to_the_next_question(exam_page, attempt, context, time):
    other = context.new_page()
    other.goto(f"/attempts/{attempt.ref}/exam/2")
    other.fill("#value", "pen")
    time.pass_by(3)
    exam_page.fill("#value", "ink")
    time.pass_by(3)
    go(exam_page, "Save and next")
    expect(exam_page.locator(TITLE)).to_have_text("Reason")
    exam_page.get_by_role("button", name="Keep this one").click()
    time.pass_by(2)
    assert answers() == ["ink"]


@pytest.fixture
def over(context, time, page, let_in) -> Attempt:
    """Two minutes that are up, on the second question."""
    attempt = begin(minutes=2)
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    time.hold(page)
    time.pass_by(92)
    return attempt


def test_after_zero_the_other_questions_can_be_read_and_not_changed(over, page):
    go_link = page.locator("#questions a").last
    go_link.click()
    expect(page.locator(TITLE)).to_have_text("Reason")
    expect(page.locator("#value")).not_to_be_editable()


def test_a_long_text_says_how_long_it_is_and_when_it_is_too_long(exam_page, time):
    go(exam_page, "Save and next")
    written = exam_page.locator("#words-written")
    expect(written).to_have_text("0 words")
    exam_page.fill("#value", "Because it lasts.")
    expect(written).to_have_text("3 words")
    exam_page.fill("#value", "word " * 11_000)
    expect(written).to_have_text("11000 words, 54 of 64 kB used")
    exam_page.fill("#value", "é" * 40_000)
    expect(written).to_have_text("Too long by 7232 characters: shorten it, or it cannot be saved")
    time.pass_by(3)
    expect(exam_page.locator("#save-state")).to_contain_text("This answer is longer than 64 kB.")
    assert answers() == []
