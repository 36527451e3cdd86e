"""The database goes away under an open exam page: the page says so, keeps what is typed, and resumes by itself."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from portal.db import db
from portal.models import Answer, Attempt, AttemptStatus
from tests.browser.conftest import begin, launch
from tests.postgres import PostgresServer

PATIENCE_MS = 60_000


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """One that the test may stop, whatever database the run is for."""
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture
def own_database(server: PostgresServer) -> str:
    return server.url()


@pytest.fixture
def attempt(portal) -> Attempt:
    attempt = begin()
    portal.serve()
    return attempt


@pytest.fixture
def context(portal, attempt) -> Iterator[BrowserContext]:
    """A Chromium in front of which the learner has signed in."""
    cookie = portal.browser(attempt.learner).headers["Cookie"].partition("=")
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        address = f"http://127.0.0.1:{portal.port}"
        context = browser.new_context(base_url=address)
        context.add_cookies([{"name": cookie[0], "value": cookie[2], "url": address}])
        context.set_default_timeout(PATIENCE_MS)
        yield context
        browser.close()


def see(page: Page, place: str, words: str) -> None:
    expect(page.locator(place)).to_contain_text(re.compile(words), timeout=PATIENCE_MS)


def open_with_everything_kept(context: BrowserContext, attempt: Attempt) -> Page:
    """The second question with an answer that is saved, and the others loaded ahead."""
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    page.fill("#value", "ink")
    see(page, "#save-state", r"Saved \d")
    page.wait_for_function(
        f"caches.keys().then((names) => names[0] && caches.open(names[0]))"
        f".then((cache) => cache && cache.match('/attempts/{attempt.ref}/kept/questions')).then(Boolean)"
    )
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def check_it_continues_without(page: Page) -> None:
    """What is typed stays, the banner is true, other questions open, and so does a reload."""
    page.fill("#value", "ink and paper")
    see(page, "#banners", r"The portal has been unreachable since \d\d:\d\d\. Keep working\. Answers up to")
    see(page, "#banners", "New answers are stored on this device.")
    see(page, "#save-state", "Not saved since")
    assert not page.locator("#sign-in-again").evaluate("(dialog) => dialog.open")
    page.get_by_role("button", name="Save and next").click()
    see(page, "#question-title", "Reason")
    page.fill("#value", "Because it lasts.")
    page.reload()
    see(page, "#banners", "The portal has been unreachable since")
    expect(page.locator("#value")).to_have_value("Because it lasts.", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Previous").click()
    expect(page.locator("#value")).to_have_value("ink and paper", timeout=PATIENCE_MS)


def answers(portal) -> list[str]:
    return list(portal.look(db.select(Answer.value).order_by(Answer.question_id)))


def test_an_exam_outlives_the_absence_of_its_database(portal, server, context, attempt):
    page = open_with_everything_kept(context, attempt)
    db.session.remove()
    db.engine.dispose()
    server.halt()
    check_it_continues_without(page)
    other = context.new_page()
    assert other.goto("/me/exams/").status == 503
    see(other, "main", "The portal cannot reach its database right now. Wait a moment and try again.")
    server.again()
    see(page, "#banners", r"Back online\. All answers saved \d\d:\d\d\.")
    see(page, "#save-state", r"Saved \d")
    assert answers(portal) == ["ink and paper", "Because it lasts."]
    other.reload()
    see(other, "h1", "My exams")
    page.get_by_role("button", name="Check answers").click()
    see(page, "#banners", "1 question has no answer.")
    page.get_by_role("link", name="Submit exam").click()
    page.get_by_role("button", name="Submit exam").click()
    see(page, ".receipt", "2 of 3")
    assert portal.look(db.select(Attempt.status)) == [AttemptStatus.SUBMITTED]
    assert "Traceback" not in portal.log()
