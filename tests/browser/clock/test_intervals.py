"""How often pages ask: what they ask is counted by the page's own clock, and each interval has its random part."""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.db import writing
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import time_account
from portal.models import Attempt, ProviderKind, TimeEntryKind
from tests import fake_providers, make
from tests.browser.clock.test_hidden_and_woken import set_hidden
from tests.make import NOON, S

Gaps = list[float]
#: Notes the moment of every question in the page itself, before it is sent.
NOTED = """window.asked = []; const send = window.fetch;
    window.fetch = (url, given) => { asked.push([String(url), performance.now()]); return send(url, given); };"""


@pytest.fixture
def open_page(context: BrowserContext, time, page, let_in) -> Callable[[Attempt, str], Page]:
    """``open_page(attempt, "setup")``: the page, its time standing still, its questions noted."""

    def open_page(attempt: Attempt, name: str) -> Page:
        page.add_init_script(NOTED)
        let_in(context, attempt.learner)
        page.goto(f"/attempts/{attempt.ref}/{name}")
        time.hold(page)
        return page

    return open_page


def moments(page: Page, name: str) -> list[float]:
    """When the page asked, in seconds of its own."""
    return [at / 1000 for url, at in page.evaluate("asked") if name in url]


def gaps(page: Page, name: str, after: float = 0, before: float = 1e9) -> Gaps:
    found = moments(page, name)
    return [later - at for at, later in pairwise(found) if after <= at < before]


def around(seconds: float, found: Gaps, slack: float = 0.1) -> bool:
    """Each within a fifth of it, and not all the same."""
    fits = all(seconds * 0.8 - slack <= gap <= seconds * 1.2 + slack for gap in found)
    return fits and len({round(gap, 2) for gap in found}) > len(found) // 2 and len(found) >= 3


@pytest.fixture
def set_up(app, open_page) -> Page:
    fake_providers.provider(kind=ProviderKind.PRACTICE, client=False)
    page = open_page(fake_providers.attempt(S.CREATED), "setup")
    expect(page.locator("#tasks")).to_be_visible()
    return page


def test_the_set_up_page_asks_often_in_the_first_minute_and_then_more_seldom(set_up, time):
    time.pass_by(300, step=0.5)
    ends = [0, 60, 180, 1e9]
    for wanted, after, before in zip([3, 6, 10], ends, ends[1:], strict=False):
        assert around(wanted, gaps(set_up, "setup.json", after, before)), wanted


def test_the_set_up_page_rests_while_hidden_and_asks_when_it_is_looked_at(set_up, time):
    set_hidden(set_up, True)
    before = len(moments(set_up, "setup.json"))
    time.pass_by(30)
    assert len(moments(set_up, "setup.json")) == before
    set_hidden(set_up, False)
    assert len(moments(set_up, "setup.json")) == before + 1


def test_the_set_up_page_asks_nothing_while_somebody_writes(set_up, time):
    set_up.locator("summary", has=set_up.locator("xpath=following-sibling::*//textarea")).first.click()
    set_up.locator("textarea").first.focus()
    before = len(moments(set_up, "setup.json"))
    time.pass_by(30)
    assert len(moments(set_up, "setup.json")) == before


def test_the_page_of_a_paused_exam_asks_every_five_seconds(app, open_page, time):
    attempt = make.attempt(S.STARTED)
    with writing() as session:
        cause = Cause(actor=Actor.STAFF, reason="fire alarm")
        time_account.pause_clock(session.get_one(Attempt, attempt.id), TimeEntryKind.PAUSE, cause, now=NOON)
    page = open_page(attempt, "interrupted")
    time.pass_by(60, step=0.25)
    assert around(5, gaps(page, "clock.json")[1:], slack=0.4)


@pytest.mark.parametrize(("wanted", "seconds"), [(7_000, 7), (1_000, 5), (600_000, 120)])
def test_the_exam_page_asks_as_often_as_the_server_wants_within_bounds(app, open_page, time, page, wanted, seconds):
    def say(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=json.dumps({**answer.json(), "poll_ms": wanted}))

    page.route("**/clock.json*", say)
    open_page(make.attempt(S.STARTED), "exam/1")
    step = seconds / 40
    time.pass_by(seconds * 6, step=step)
    assert around(seconds, gaps(page, "clock.json")[1:], slack=2 * step)  # Each end of a gap is seen to within a step.


@pytest.mark.parametrize(("minutes", "seconds"), [(30, 30), (8, 15), (1.9, 10)])
def test_the_server_wants_more_of_it_towards_the_end(app, open_page, time, minutes, seconds):
    exam = make.exam(time_limit_minutes=60)
    page = open_page(make.attempt(S.STARTED, exam=exam, at=NOON - timedelta(minutes=60 - minutes)), "exam/1")
    time.pass_by(min(seconds * 6, minutes * 60 - 45), step=0.5)
    found = gaps(page, "clock.json")[1:]
    assert found and all(seconds * 0.8 - 0.1 <= gap <= seconds * 1.2 + 0.6 for gap in found)


WORKER = """onmessage = ({ data: { type, attemptExternalId } }) => {
    const error = `Close the other programs, ${attemptExternalId}.`;
    if (type === "startExamAttempt") postMessage({ type: "%s", error });
    if (type === "ping") postMessage({ type: "echo" });
};"""


@pytest.fixture
def watched(app, httpserver) -> Callable[..., Attempt]:
    """``watched(status, answer)``: an attempt at a provider whose script answers the start with that."""

    def watched(status: S, answer: str = "examAttemptStarted", **facts: object) -> Attempt:
        httpserver.expect_request("/worker.js").respond_with_data(WORKER % answer, content_type="text/javascript")
        options = {"worker_js_url": httpserver.url_for("/worker.js"), "ping_interval_seconds": 60}
        fake_providers.provider(client=False, options=options)
        return fake_providers.attempt(status, rules_read_at=NOON, **facts)

    return watched


def test_start_waits_for_the_providers_word(watched, open_page):
    attempt = watched(S.READY_TO_START)
    page = open_page(attempt, "ready")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/exam/1")


def test_a_provider_that_cannot_start_says_why_and_the_time_does_not_begin(watched, open_page):
    attempt = watched(S.READY_TO_START, "examAttemptStartFailed")
    page = open_page(attempt, "ready")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#provider-says")).to_have_text(f"Acme: Close the other programs, {attempt.ref}.")
    assert fake_providers.status_of(attempt) is S.READY_TO_START


@pytest.mark.parametrize(("name", "seconds"), [("exam/1", 20), ("interrupted", 5)])
def test_the_page_and_the_providers_script_give_signs_of_life(watched, open_page, time, page, name, seconds):
    facts = {"is_paused": True, "paused_at": NOON} if name == "interrupted" else {}
    sent: list[str] = []
    page.route(
        "**/heartbeat", lambda route: (sent.append(route.request.post_data_json["source"]), route.fulfill(json={}))
    )
    open_page(watched(S.STARTED, **facts), name)
    time.pass_by(120)
    assert sent.count("page") == pytest.approx(120 / seconds + 1, abs=1)
    assert sent.count("worker") in {1, 2}, "half an interval late, and then each minute"
