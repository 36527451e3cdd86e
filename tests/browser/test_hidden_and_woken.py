"""A page that nobody looks at rests, and is right again the moment somebody does."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import begin


def set_hidden(page: Page, is_hidden: bool) -> None:
    """As if the person changed to another tab, or came back."""
    page.evaluate(
        """isHidden => {
            Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )


def asked(page: Page) -> list[str]:
    """Collects every question for the clock that the page asks from now on."""
    found: list[str] = []
    page.on("request", lambda request: "clock.json" in request.url and found.append(request.url))
    return found


def test_ten_hidden_minutes_cost_few_questions_and_are_right_at_once_on_return(exam_page, time):
    time.pass_by(5)
    set_hidden(exam_page, True)
    questions = asked(exam_page)
    changes = exam_page.evaluate_handle("""() => { const seen = []; new MutationObserver((all) => seen.push(...all))
        .observe(document.getElementById("timer-text"), { childList: true, subtree: true }); return seen; }""")
    time.pass_by(600, step=5)
    assert 7 <= len(questions) <= 13, "one a minute, give or take a fifth"
    assert changes.evaluate("seen => seen.length") <= len(questions) * 2, "it does not tick, it only takes in answers"
    questions.clear()
    set_hidden(exam_page, False)
    time.pass_by(0.1)
    assert exam_page.inner_text("#timer-text") == "49 min left"
    assert len(questions) == 1


def test_a_frozen_page_asks_as_soon_as_it_is_woken(exam_page, time):
    """The headless build freezes no page on command, so the browser's own event is sent by hand."""
    time.pass_by(5)
    questions = asked(exam_page)
    time.portal.advance(minutes=20)
    exam_page.evaluate("document.dispatchEvent(new Event('resume'))")
    expect(exam_page.locator("#timer-text")).to_have_text("39 min left")
    assert len(questions) == 1


def test_back_from_the_browsers_memory_of_pages_it_asks_at_once_and_leads_again(exam_page, time):
    time.pass_by(5)
    questions = asked(exam_page)
    exam_page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    time.portal.advance(minutes=20)
    exam_page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    time.pass_by(0.1)
    expect(exam_page.locator("#timer-text")).to_have_text("39 min left")
    time.pass_by(40)
    assert len(questions) >= 2


def test_a_late_tick_is_checked(exam_page, time):
    time.pass_by(5)
    exam_page.route("**/clock.json*", lambda route: None)
    time.jump(12)
    assert exam_page.inner_text("#timer-text") == "Checking the time"


def test_a_hidden_page_hands_over_at_zero(context, time, page, let_in):
    attempt = begin(minutes=2)
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    time.hold(page)
    time.pass_by(60)
    set_hidden(page, True)
    time.pass_by(110)
    page.wait_for_url("**/status")
