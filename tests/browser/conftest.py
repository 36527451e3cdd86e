"""A real Chromium against the portal on a real port, with the portal's clock in the test's hands."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect, sync_playwright

from portal import clock
from portal.db import writing
from portal.domain.attempts import attempts
from portal.models import Attempt, QuestionKind, User
from portal.web.gate import sessions
from tests import make
from tests.browser.exam_time import ExamTime

ROOT = Path(__file__).parents[2]
CHROMIUM = ROOT / ".cache" / "chromium"
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)  # A slow machine is no fault of the page.
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"


def launch(kind: BrowserType, *arguments: str, **given: Any) -> Browser:
    """The Chromium that ``dev.py test`` installs, or the one that ``PORTAL_CHROMIUM`` names."""
    named = os.environ.get("PORTAL_CHROMIUM")
    libraries = {"LD_LIBRARY_PATH": str(CHROMIUM / "lib"), "FONTCONFIG_FILE": str(CHROMIUM / "fonts.conf")}
    return kind.launch(
        executable_path=named or str(CHROMIUM / "chromium"),
        args=["--no-zygote", *arguments],
        env=dict(os.environ) if named else {**os.environ, **libraries},
        chromium_sandbox=False,
        **given,
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = launch(playwright.chromium)
        yield launched
        launched.close()


@pytest.fixture(autouse=True)
def _forms_are_guarded(app, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against forgery, as in production: a browser has the page with the token."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


@pytest.fixture
def context(browser: Browser, live_server: str) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=live_server)
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    for page in opened.pages:
        page.unroute_all(behavior="ignoreErrors")  # What a test holds back may still be on its way.
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page that fails its test when a script on it fails."""
    opened = context.new_page()
    opened.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
    return opened


@pytest.fixture
def let_in(app, live_server: str) -> Callable[[BrowserContext, User], None]:
    """Put a person in front of a browser, by the cookie their sign-in would have given."""

    def let_in(context: BrowserContext, user: User) -> None:
        with app.test_request_context():
            signer = app.session_interface.get_signing_serializer(app)
            value = signer.dumps(sessions.contents(user))
        context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": live_server}])

    return let_in


@pytest.fixture
def faults() -> Callable[[Page], list[str]]:
    """What axe finds on a page, each as rule and place."""
    source = AXE.read_text()

    def faults(page: Page) -> list[str]:
        page.evaluate(source)
        found = page.evaluate("axe.run(document).then((r) => r.violations)")
        return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]

    return faults


@pytest.fixture
def time(context: BrowserContext, the_clock) -> ExamTime:
    """Both clocks in the test's hands. Asked for before the page is opened."""
    return ExamTime(context, the_clock)


@pytest.fixture
def attempt(app) -> Attempt:
    """A running exam of an hour, begun now: one choice, then a short text, then a long one."""
    return begin()


def begin(minutes: int = 60, **learner) -> Attempt:
    """A running exam of so many minutes for somebody described."""
    texts = [
        {"kind": QuestionKind.SHORT_TEXT, "title": "Which word"},
        {"kind": QuestionKind.LONG_TEXT, "title": "Reason"},
    ]
    questions = [{"title": "Pick one", "key": {"choice": "b"}}, *texts]
    exam = make.exam(name="Algebra", questions=questions, time_limit_minutes=minutes)
    person = make.enrol(exam.course, make.user(**learner))
    now = clock.now()
    with writing():
        return attempts.start(attempts.create(exam, person, now=now), person, now=now)


@pytest.fixture
def exam_page(attempt, context, time, page, let_in) -> Page:
    """The second question of the running exam, with time standing still half a minute after its start."""
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    time.hold(page)
    return page
