"""A page that nobody looks at rests, and is right again the moment somebody does."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import begin, launch
from tests.browser.exam_time import PATIENCE_STEPS, STEP_MS, ExamTime

#: Why this Chromium kept a page out of its memory although the page did nothing against it.
OF_THE_BROWSER = {"BackForwardCacheDisabledForDelegate", "BrowsingInstanceNotSwapped"}
NO_STORE = {
    "CacheControlNoStoreCookieModified", "MainResourceHasCacheControlNoStore",
    "JsNetworkRequestReceivedCacheControlNoStoreResource",
}  # fmt: skip


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


@pytest.fixture
def own_window(browser, attempt, let_in) -> Iterator[BrowserContext]:
    """A Chromium as people have it, with the learner signed in.

    Playwright keeps each page of its own in the focus, so none of them ever freezes; and it switches the memory of
    pages off.
    """
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    launched = launch(
        browser.browser_type, f"--remote-debugging-port={port}", ignore_default_args=["--disable-back-forward-cache"]
    )
    attached = browser.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}", no_defaults=True)
    let_in(attached.contexts[0], attempt.learner)
    yield attached.contexts[0]
    attached.close()
    launched.close()


def test_a_frozen_page_asks_nothing_until_it_is_woken_and_then_at_once(
    own_window, the_clock, attempt, live_server, let_in
):
    time = ExamTime(own_window, the_clock)
    page = own_window.new_page()
    page.goto(f"{live_server}/attempts/{attempt.ref}/exam/2")
    time.hold(page)
    time.pass_by(5)
    page.evaluate("""() => { window.seen = [];
        for (const name of ["freeze", "resume"])
            document.addEventListener(name, ({ isTrusted }) => seen.push([name, isTrusted])); }""")
    lifecycle = own_window.new_cdp_session(page)
    questions = asked(page)
    lifecycle.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.portal.advance(minutes=20)
    until(page, [["freeze", True]])
    assert page.evaluate("document.visibilityState") == "hidden"
    assert not questions
    lifecycle.send("Page.setWebLifecycleState", {"state": "active"})
    until(page, [["freeze", True], ["resume", True]])
    expect(page.locator("#timer-text")).to_have_text("39 min left")
    assert page.evaluate("document.visibilityState") == "hidden", "it was not the look at it that made it ask"
    assert len(questions) == 1


def until(page: Page, seen: list[list[object]]) -> None:
    """The browser freezes and wakes a page in its own time; what it told the page is the browser's own word."""
    for _ in range(PATIENCE_STEPS):
        if page.evaluate("seen") == seen:
            return
        page.wait_for_timeout(STEP_MS)
    assert page.evaluate("seen") == seen


def test_why_the_return_from_the_browsers_memory_of_pages_is_played(own_window, attempt, live_server):
    """``dev.py test`` installs the headless shell of Chromium, which says of every page that its window cannot keep
    pages in memory (``BackForwardCacheDisabledForDelegate``), whatever the switches. So the next test sends the events
    by hand. A Chromium that can (``PORTAL_CHROMIUM``) comes back here for real: then the page must be right at once.

    In either the page itself must not stand in the way: no ``unload``, nothing held. That no page is kept on the
    device (``no-store``) is meant so, and Chromium then keeps it in memory for a short while only, if at all.
    """
    page = own_window.new_page()
    page.goto(f"{live_server}/attempts/{attempt.ref}/exam/2")
    devtools = own_window.new_cdp_session(page)
    devtools.send("Page.enable")
    told: list[list[dict[str, str]]] = []
    devtools.on("Page.backForwardCacheNotUsed", lambda event: told.append(event["notRestoredExplanations"]))
    with page.expect_response("**/clock.json*"):
        page.evaluate("window.isTheSame = true")
    page.goto(f"{live_server}/me/settings")
    with page.expect_response("**/clock.json*"):
        page.go_back(wait_until="commit")
    reasons = {one["reason"] for one in told[0]} if told else set()
    assert page.evaluate("Boolean(window.isTheSame)") is not bool(reasons)
    assert not reasons or "BackForwardCacheDisabledForDelegate" in reasons, "this one can: play nothing any more"
    assert reasons <= OF_THE_BROWSER | NO_STORE


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
