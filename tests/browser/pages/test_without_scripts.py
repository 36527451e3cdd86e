"""JavaScript off: the whole way from sign-in to the receipt, with a clock that tells the time in a frame of its own."""

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.db import db
from portal.models import Answer, Attempt, EndedBy, LateAnswer, QuestionKind, Theme, TimeDisplay
from tests import make
from tests.browser.conftest import PATIENCE_MS, begin
from tests.make import PASSWORD, S


@pytest.fixture
def plain(browser: Browser, live_server: str):
    """A browser that runs no scripts."""
    context = browser.new_context(base_url=live_server, java_script_enabled=False)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def line(page: Page):
    """What the clock's frame says."""
    return page.frame_locator(".clock-frame").locator("h1")


def again(page: Page) -> None:
    """The frame refreshes itself; the test does not wait a minute for it."""
    expect(line(page)).to_be_visible()
    frame = page.frame(url="**/clock")
    frame.goto(frame.url)


def answers() -> list:
    db.session.rollback()
    return list(db.session.scalars(db.select(Answer.value).order_by(Answer.question_id)))


QUESTIONS = [
    {"title": "Pick one"},
    {"kind": QuestionKind.SHORT_TEXT, "title": "Which word"},
    {"kind": QuestionKind.LONG_TEXT, "title": "Reason"},
]


def test_from_sign_in_to_the_receipt(plain, the_clock):
    exam = make.exam(name="Algebra", questions=QUESTIONS)
    learner = make.enrol(exam.course, make.user(password=PASSWORD))
    page = plain.new_page()
    page.goto("/")
    page.get_by_label("Your email address").fill(learner.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Algebra").first.click()
    page.get_by_role("button", name="Get ready").click()
    page.get_by_role("button", name="Start, 60 minutes").click()
    expect(page.locator("#timer")).to_contain_text("60 min left")
    expect(page.locator("#timer-at")).to_have_text("at 12:00:00")
    expect(line(page)).to_have_text("1 hour left at 12:00:00, ends 13:00")
    page.get_by_label("Choice b").check()
    page.get_by_role("button", name="Save and next").click()
    page.get_by_label("Your answer").fill("ink")
    page.get_by_role("button", name="Save and next").click()
    page.get_by_label("Your answer").fill("Because it lasts.")
    page.get_by_label("Flag for later").check()
    page.get_by_role("button", name="Save and check").click()
    expect(page.locator("#banners")).to_contain_text("1 is flagged.")
    the_clock.advance(minutes=20)
    page.get_by_role("link", name="Submit exam").click()
    page.get_by_role("button", name="Submit exam").click()
    expect(page.locator("h1")).to_have_text("Your exam was submitted")
    expect(page.locator(".receipt")).to_contain_text("3 of 3")
    assert answers() == ["b", "ink", "Because it lasts."]
    assert db.session.scalars(db.select(Attempt.ended_by)).one() is EndedBy.LEARNER


@pytest.fixture
def writing_page(plain, let_in) -> Page:
    """The second question of a running exam of an hour."""
    attempt = begin()
    let_in(plain, attempt.learner)
    page = plain.new_page()
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    return page


def test_the_clock_resumes_in_its_frame_and_what_is_typed_stays(writing_page, the_clock):
    writing_page.fill("#value", "half a word")
    the_clock.advance(minutes=36, seconds=10)
    again(writing_page)
    expect(line(writing_page)).to_have_text("23 minutes left at 12:36:10, ends 13:00")
    expect(writing_page.locator("#value")).to_have_value("half a word")
    assert writing_page.frame(url="**/clock").locator("meta[http-equiv=refresh]").get_attribute("content") == "60"
    the_clock.advance(minutes=20)
    again(writing_page)
    assert writing_page.frame(url="**/clock").locator("meta[http-equiv=refresh]").get_attribute("content") == "15"
    assert writing_page.locator("meta[http-equiv=refresh]").count() == 0, "a page with fields never refreshes itself"


def test_at_zero_the_frame_says_what_to_do_and_a_save_in_time_counts(writing_page, the_clock):
    writing_page.fill("#value", "first")
    writing_page.get_by_role("button", name="Save and next").click()
    writing_page.get_by_role("button", name="Previous").click()
    the_clock.advance(minutes=60, seconds=5)
    again(writing_page)
    expect(line(writing_page)).to_have_text("Time is up. Press Save now; accepted until 13:01:30.")
    writing_page.fill("#value", "last words")
    the_clock.advance(seconds=80)
    writing_page.get_by_role("button", name="Save and next").click()
    assert "last words" in answers()


def test_a_form_that_comes_after_the_hard_stop_is_kept_apart_and_the_status_says_so(writing_page, the_clock):
    writing_page.fill("#value", "too late")
    the_clock.advance(minutes=62)
    writing_page.get_by_role("button", name="Save and next").click()
    expect(writing_page.locator("h1")).to_have_text("Your exam was submitted")
    said = "1 answer arrived at 13:02. Late answers are stored separately."
    expect(writing_page.locator("main")).to_contain_text(said)
    assert answers() == []
    assert db.session.scalars(db.select(LateAnswer.value)).all() == ["too late"]
    assert db.session.scalars(db.select(Attempt.status)).one() is S.SUBMITTED


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("display", ["minutes", "never"])
def test_the_line_of_the_clock_fits_into_its_frame(plain, let_in, width, display):
    attempt = begin(time_display=TimeDisplay(display), theme=Theme.DARK)
    let_in(plain, attempt.learner)
    page = plain.new_page()
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"/attempts/{attempt.ref}/exam/1")
    clock = page.frame_locator(".clock-frame")
    if display == "never":
        clock.locator("summary").click()
    expect(line(page)).to_be_visible()
    frame = page.locator(".clock-frame").bounding_box()
    said = line(page).bounding_box()
    assert frame["y"] <= said["y"]
    assert said["y"] + said["height"] <= frame["y"] + frame["height"]
    assert said["x"] + said["width"] <= width
    expect(clock.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_question_begins_beside_its_number(plain, let_in):
    attempt = begin()
    let_in(plain, attempt.learner)
    page = plain.new_page()
    page.goto(f"/attempts/{attempt.ref}/exam/1")
    number, title = (page.locator(place).bounding_box() for place in ("h1.number", "#question-title"))
    assert abs(number["y"] - title["y"]) < number["height"]
