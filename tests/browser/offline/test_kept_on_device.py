"""The line is lost for long: every question is there, a reload shows the exam, and devices forget at the right time."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal import clock
from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.models import Asset, Attempt, Question, QuestionKind
from tests import make
from tests.browser.exam_time import ExamTime
from tests.browser.offline.test_offline import answers
from tests.make import PASSWORD

TITLES = [f"Question about {word}" for word in ("rain", "snow", "hail", "fog", "dew", "frost")]
PICTURE = "a" * 64
KEPT = "caches.keys().then((all) => all.filter((one) => one.startsWith('invigil-exam')))"


@pytest.fixture
def attempt(app) -> Attempt:
    """A running exam of an hour with two dozen questions, more than are loaded at once; one has a picture."""
    texts = [{"kind": QuestionKind.SHORT_TEXT, "title": f"{title} {part}"} for part in range(4) for title in TITLES]
    exam = make.exam(name="Weather", questions=texts, time_limit_minutes=60)
    person = make.enrol(exam.course, make.user(password=PASSWORD))
    drawn = {"name": "p.svg", "media_type": "image/svg+xml", "content": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
    make.row(Asset(course_id=exam.course_id, sha256=PICTURE, **drawn))
    with writing():
        third = db.session.scalars(db.select(Question).order_by(Question.position)).all()[2]
        third.text_html = f'<p>Look.</p><img alt="A cloud" src="asset:{PICTURE}">'
        return attempts.start(attempts.create(exam, person, now=clock.now()), person, now=clock.now())


@pytest.fixture
def kept(attempt, context, time, page, let_in) -> Page:
    """The first question, two minutes after the start: all is kept."""
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/1")
    time.hold(page)
    for _ in range(90):
        time.pass_by(1)
        page.wait_for_timeout(20)  # Until the browser has stored it: that takes time of its own.
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def all_of(attempt: Attempt) -> Iterator[str]:
    return (f"answer {number}" for number in range(1, 25))


def lose(context: BrowserContext, page: Page, time: ExamTime) -> None:
    context.set_offline(True)
    time.pass_by(1)
    expect(page.locator("#banners")).to_contain_text("You have been offline since 12:02.")


def test_eight_minutes_without_a_line_every_question_visited_and_answered(kept, attempt, context, time):
    lose(context, kept, time)
    for number, text in enumerate(all_of(attempt), 1):
        is_at(kept, number)
        kept.fill("#value", text)
        time.pass_by(20)
        kept.get_by_role("button", name=re.compile("Save and")).click()
    expect(kept.locator("h1")).to_have_text("Check your answers")
    expect(kept.locator("main tbody tr")).to_have_count(24)
    expect(kept.locator("main tbody")).not_to_contain_text("no answer")
    kept.locator("main tbody a").nth(2).click()
    expect(kept.locator("#value")).to_have_value("answer 3")
    assert kept.locator("#main img").evaluate("(img) => img.complete && !img.hidden")
    kept.go_back()
    expect(kept.locator("h1")).to_have_text("Check your answers")
    kept.go_back()
    expect(kept.locator("#value")).to_have_value("answer 24")
    assert answers() == []
    context.set_offline(False)
    time.pass_by(20)
    expect(kept.locator("#save-state")).to_contain_text("Saved 12:10")
    assert sorted(answers()) == sorted(all_of(attempt))
    expect(kept.locator("#questions [data-progress]")).to_have_text("24 of 24 answered, 0 flagged")


@pytest.fixture
def typed(kept, context, time) -> Page:
    """The first question saved, then the line is lost, then the second one typed; whatever the browser asks, yes."""
    kept.fill("#value", "saved with the portal")
    time.pass_by(3)
    kept.get_by_role("button", name="Save and next").click()
    is_at(kept, 2)
    time.pass_by(2)
    lose(context, kept, time)
    kept.fill("#value", "only typed")
    time.pass_by(2)
    kept.wait_for_timeout(200)
    kept.on("dialog", lambda dialog: dialog.accept())
    return kept


def is_at(page: Page, number: int) -> None:
    expect(page.locator("h1.number")).to_have_attribute("aria-label", f"Question {number} of 24")


def test_a_reload_without_a_line_shows_the_question_with_what_was_typed(typed, context, time):
    typed.reload()
    expect(typed.locator("#value")).to_have_value("only typed")
    is_at(typed, 2)
    banners = typed.locator("#banners")
    expect(banners).to_contain_text("New answers are stored on this device. The clock keeps running;")
    typed.get_by_role("button", name="Previous").click()
    expect(typed.locator("#value")).to_have_value("saved with the portal")
    typed.reload()
    expect(typed.locator("#value")).to_have_value("saved with the portal")
    context.set_offline(False)
    time.pass_by(10)
    assert sorted(answers()) == ["only typed", "saved with the portal"]


def test_a_clock_that_was_kept_is_never_shown_as_if_it_were_checked(typed, context, time):
    typed.reload()
    expect(typed.locator("#timer-text")).to_have_text(re.compile(r"^about 57 min"))
    expect(typed.locator("#timer-note")).to_have_text("checked 12:02")
    time.pass_by(120, step=5)
    expect(typed.locator("#timer-text")).to_have_text(re.compile(r"^about 55 min"))
    context.set_offline(False)
    time.pass_by(10)
    expect(typed.locator("#timer-text")).to_have_text(re.compile(r"^55 min"))
    expect(typed.locator("#timer-note")).to_be_empty()


def test_every_address_of_the_exam_opens_without_a_line(typed, attempt, time):
    typed.goto(f"/attempts/{attempt.ref}/exam/24")
    is_at(typed, 24)
    typed.goto(f"/attempts/{attempt.ref}/check-answers")
    expect(typed.locator("h1")).to_have_text("Check your answers")
    time.pass_by(1)
    typed.wait_for_timeout(200)
    typed.goto(f"/attempts/{attempt.ref}/")  # Where they were last.
    expect(typed.locator("h1")).to_have_text("Check your answers")


def test_from_the_real_check_one_goes_back_to_a_question_without_a_line(kept, attempt, context, time):
    kept.get_by_role("button", name="Check answers").click()
    expect(kept.locator("main")).to_contain_text("questions have no answer")
    context.set_offline(True)
    kept.get_by_role("button", name=f"{TITLES[3]} 0").click()
    is_at(kept, 4)
    expect(kept.locator("#banners")).to_contain_text("You have been offline")


def test_other_pages_of_the_portal_are_never_kept(kept, attempt, context):
    context.set_offline(True)
    for address in ("/me/exams/", f"/attempts/{attempt.ref}/status", f"/attempts/{attempt.ref}/end"):
        assert (
            kept.evaluate("(address) => fetch(address).then(() => 'answered', () => 'no line')", address) == "no line"
        )
    kept.on("dialog", lambda dialog: dialog.accept())
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        kept.goto("/me/exams/")


def ended(attempt: Attempt, page: Page, time: ExamTime) -> None:
    page.goto(f"/attempts/{attempt.ref}/end")
    page.get_by_role("button", name="Submit exam").click()
    page.wait_for_url("**/status")


def signed_out(attempt: Attempt, page: Page, time: ExamTime) -> None:
    page.goto("/me/exams/")
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/signin*")


@pytest.mark.parametrize("what", [ended, signed_out])
def test_nothing_is_kept_any_more_once(kept, attempt, context, time, what):
    assert len(kept.evaluate(KEPT)) == 1
    what(attempt, kept, time)
    kept.wait_for_function(f"{KEPT}.then((all) => !all.length)")
    kept.wait_for_function("navigator.serviceWorker.getRegistrations().then((all) => !all.length)")
    context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        kept.goto(f"/attempts/{attempt.ref}/exam/1")


def test_what_one_person_left_is_gone_with_the_first_exam_page_of_another(kept, attempt, context, time, let_in):
    other = make.enrol(attempt.exam.course, make.user())
    with writing():
        theirs = attempts.start(attempts.create(attempt.exam, other, now=clock.now()), other, now=clock.now())
    let_in(context, other)
    kept.goto(f"/attempts/{theirs.ref}/exam/1")
    kept.wait_for_function(f"{KEPT}.then((all) => !all.some((one) => one.includes('{attempt.ref}')))")
    context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        kept.goto(f"/attempts/{attempt.ref}/exam/1")
