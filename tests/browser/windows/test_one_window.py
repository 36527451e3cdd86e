"""An exam for one window at a time, in two real browsers of one person, and in two windows of one browser."""

import pytest
from playwright.sync_api import Page, Route, expect

from portal import clock
from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.models import Answer, Attempt, Event, HistoryEntry, LateAnswer, QuestionKind
from tests import make
from tests.browser.conftest import PATIENCE_MS
from tests.browser.exam_time import PATIENCE_STEPS, STEP_MS, ExamTime
from tests.make import S

PHONE = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Mobile Safari/537.36"
ELSEWHERE = "Your exam continues in another window."


@pytest.fixture
def attempt(app) -> Attempt:
    texts = [
        {"kind": QuestionKind.SHORT_TEXT, "title": "Which word"},
        {"kind": QuestionKind.LONG_TEXT, "title": "Reason"},
    ]
    return make.attempt(S.READY_TO_START, exam=make.exam(name="Algebra", questions=texts, one_window=True))


@pytest.fixture
def first(attempt, context, time, page, let_in) -> Page:
    """The window in which the exam was started, at its first question."""
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/ready")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/exam/1")
    time.hold(page)
    time.pass_by(1)
    return page


@pytest.fixture
def phone(browser, live_server, attempt, let_in, the_clock):
    """A second device of the same person."""
    context = browser.new_context(base_url=live_server, user_agent=PHONE)
    context.set_default_timeout(PATIENCE_MS)
    let_in(context, attempt.learner)
    yield context
    context.close()


def stored() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Answer.value).order_by(Answer.question_id)))


def changes() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(HistoryEntry.reason).filter_by(event=Event.WINDOW_CHANGED)))


@pytest.fixture
def there(first, phone, attempt, time) -> Page:
    """The second device, where somebody opened the exam while it was open in the first."""
    page = phone.new_page()
    page.clock.install(time=time.portal.now)
    page.goto(f"/attempts/{attempt.ref}/exam/1")
    return page


def take_over(page: Page) -> None:
    page.get_by_role("button", name="Use this window instead").click()
    page.wait_for_url("**/exam/1")


def write_there(there: Page, text: str, time: ExamTime) -> None:
    there.clock.pause_at(time.portal.now)
    there.fill("#value", text)
    there.clock.run_for(3000)
    expect(there.locator("#save-state")).to_contain_text("Saved")


def test_taking_over_on_a_second_device(first, there, attempt, time):
    first.fill("#value", "snow")
    time.pass_by(3)
    expect(first.locator("#save-state")).to_contain_text("Saved")
    first.route("**/answers/*", lambda route: route.abort())
    first.fill("#value", "snow and")
    time.pass_by(2)
    expect(there.locator("h1")).to_have_text("Your exam is open in another window")
    expect(there.locator("#where")).to_contain_text("It is open in Chrome on Linux, last active 12:00.")
    take_over(there)
    expect(there.locator("#value")).to_have_value("snow")
    assert changes() == ["Chrome on Linux to Chrome on Android"]
    first.unroute("**/answers/*")
    time.pass_by(40)
    box = first.locator("#banners .banner", has_text=ELSEWHERE)
    for words in (ELSEWHERE, "It is open in Chrome on Android", "stored on this device"):
        expect(box).to_contain_text(words)
    expect(first.locator("#value")).to_have_js_property("readOnly", True)
    expect(first.locator("#value")).to_have_value("snow and")
    assert stored() == ["snow"], "what the first window had left is not merged"
    write_there(there, "rain", time)
    assert stored() == ["rain"]
    db.session.refresh(attempt)
    assert attempt.status is S.STARTED


def test_a_window_in_which_nothing_is_typed_hears_of_it_from_the_clock(first, there, time):
    first.route("**/window/here", lambda route: route.abort())  # Saying that it is still there would tell it, too.
    take_over(there)
    time.pass_by(40)
    expect(first.locator("#banners")).to_contain_text(ELSEWHERE)  # Beside it may stand that a request failed.


def test_coming_back_offers_what_was_kept_and_asks_before_it_replaces(first, there, attempt, time):
    take_over(there)
    first.fill("#value", "hail")
    time.pass_by(3)
    expect(first.locator("#banners")).to_contain_text(ELSEWHERE)
    expect(first.locator("#save-state")).to_contain_text("Not saved: stored on this device")
    write_there(there, "rain", time)
    first.get_by_role("button", name="Use this window instead").click()
    box = first.locator("#banners .banner", has_text="was not sent: hail")
    expect(box).to_be_visible()
    expect(first.locator("#value")).to_have_value("rain")
    time.pass_by(5)
    assert stored() == ["rain"], "never by itself"
    box.get_by_role("button", name="Use it").click()
    time.pass_by(3)
    assert stored() == ["hail"]
    assert changes() == ["Chrome on Linux to Chrome on Android", "Chrome on Android to Chrome on Linux"]


def test_on_the_way_to_another_question_nothing_kept_is_lost(first, there, time):
    take_over(there)
    first.fill("#value", "hail")
    time.pass_by(3)
    expect(first.locator("#banners")).to_contain_text(ELSEWHERE)
    first.locator("#questions a").nth(1).click()
    first.wait_for_url("**/window")
    expect(first.locator("#where")).to_contain_text("It is open in Chrome on Android")
    take_over(first)
    expect(first.locator("#banners")).to_contain_text("was not sent: hail")
    assert stored() == []


def test_what_is_kept_when_the_other_window_hands_in_goes_to_the_team_apart(first, there, attempt, time):
    take_over(there)
    first.fill("#value", "hail")
    time.pass_by(3)
    expect(first.locator("#banners")).to_contain_text(ELSEWHERE)
    with writing():
        attempts.submit(attempts.lock(attempt.id), attempt.learner, now=clock.now())
    time.pass_by(40)
    first.wait_for_url("**/status")
    assert stored() == []
    assert [late.value for late in db.session.scalars(db.select(LateAnswer))] == ["hail"]


def test_a_second_window_of_the_same_browser_can_be_read_until_it_takes_over(first, context, attempt, time):
    second = context.new_page()
    second.goto(f"/attempts/{attempt.ref}/exam/1")
    time.pass_by(2)
    expect(second.locator("#banners")).to_contain_text("another window of this browser, last active 12:00")
    expect(second.locator("#value")).to_have_js_property("readOnly", True)
    second.get_by_role("button", name="Check answers").click()
    expect(second.get_by_role("button", name="Use this window instead")).to_be_focused()
    second.get_by_role("button", name="Use this window instead").click()
    expect(second.locator("#value")).to_have_js_property("readOnly", False)
    time.pass_by(40)
    expect(first.locator("#banners")).to_contain_text(ELSEWHERE)
    second.fill("#value", "snow")
    time.pass_by(3)
    assert stored() == ["snow"]


def test_a_reload_and_a_window_opened_anew_are_not_another_window(first, context, attempt, time):
    first.reload()
    time.pass_by(2)
    expect(first.locator("#banners .banner")).to_have_count(0)
    first.close()
    second = context.new_page()
    second.goto("/me/exams/")
    let_go(second)
    second.goto(f"/attempts/{attempt.ref}/exam/1")
    time.pass_by(2)
    expect(second.locator("#banners .banner")).to_have_count(0)
    second.fill("#value", "snow")
    time.pass_by(3)
    assert stored() == ["snow"]


def let_go(page: Page) -> None:
    """Until the browser has noticed that a window is closed; no time passes meanwhile."""
    held = "navigator.locks.query().then(({ held }) => held.some(({ name }) => name.startsWith('invigil-visit')))"
    for _ in range(10 * PATIENCE_STEPS):
        if not page.evaluate(held):
            return
        page.wait_for_timeout(STEP_MS)


def test_a_clock_that_was_asked_before_the_window_came_proves_nothing(first, context, attempt, time):
    first.close()
    second = context.new_page()
    second.goto("/me/exams/")
    let_go(second)
    held: list[Route] = []
    second.route("**/window/here", lambda route: held.append(route))
    second.goto(f"/attempts/{attempt.ref}/exam/1")
    with second.expect_response("**/clock.json*"):
        second.clock.run_for(2000)
    held[0].continue_()
    time.pass_by(1)
    expect(second.locator("#banners .banner")).to_have_count(0)
    expect(second.locator("#value")).to_have_js_property("readOnly", False)


def test_a_copied_tab_is_another_window(first, context, attempt, time):
    kept = first.evaluate("JSON.stringify(sessionStorage)")
    copy = context.new_page()
    copy.add_init_script(f"if (!sessionStorage.length) Object.assign(sessionStorage, {kept})")
    copy.goto(f"/attempts/{attempt.ref}/exam/1")
    time.pass_by(2)
    expect(copy.locator("#banners")).to_contain_text("another window of this browser")
    expect(first.locator("#value")).to_have_js_property("readOnly", False)


def test_an_open_window_is_seen_though_nothing_is_typed(first, attempt, time):
    time.pass_by(200, step=5)
    db.session.rollback()
    db.session.refresh(attempt)
    assert (time.portal.now - attempt.window_seen_at).total_seconds() <= 72


def test_a_window_is_readable_from_question_to_question(first, context, attempt, time):
    second = context.new_page()
    second.goto(f"/attempts/{attempt.ref}/exam/1")
    time.pass_by(2)
    second.locator("#questions a").nth(1).click()
    expect(second.locator("#question-title")).to_have_text("Reason")
    expect(second.locator("#value")).to_have_js_property("readOnly", True)
