"""What a page costs on the wire, cold: few requests, few bytes."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.pages.proctored_places import furnish

MOST_BYTES, MOST_REQUESTS = 60_000, 12
LEARNER = (
    "sign in", "exams", "settings", "entry open", "entry coming", "ready", "question 1", "question 5", "question 6",
    "check", "end", "interrupted", "break", "other window", "status submitted", "status rejected", "status error",
    "help", "ask", "entry proctored", "waiting", "rules", "device", "without proctoring", "onboarding", "setup new",
    "setup waiting", "ready proctored", "interrupted proctored", "status held", "status not accepted",
    "appeal not accepted", "appeal answered",
)  # fmt: skip


def measured(page: Page, address: str) -> tuple[int, int]:
    """Requests, and bytes as they came over the wire, until the page has been quiet for half a second."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    received, asked = [], []
    devtools.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    devtools.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return len(asked), round(sum(received))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_learner_pages_are_light(app, browser: Browser, live_server, let_in, language):
    furnished, costs = furnish(language=language), {}
    for name in LEARNER:
        place = furnished.places[name]
        context = browser.new_context(base_url=live_server)  # A browser that was never here.
        if place.who:
            let_in(context, place.who)
        costs[name] = measured(context.new_page(), place.address)
        context.close()
    heavy = {name: (asked, size) for name, (asked, size) in costs.items() if asked > MOST_REQUESTS or size > MOST_BYTES}
    assert not heavy
    assert all(asked >= 3 and size > 5000 for asked, size in costs.values()), "measured too little to be true"


def test_what_the_exam_page_loads_ahead_is_light_too(app, browser: Browser, live_server, let_in):
    place = furnish().places["question 1"]
    context = browser.new_context(base_url=live_server)
    let_in(context, place.who)
    context.clock.install()
    page = context.new_page()
    page.goto(place.address)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    received, asked = [], []
    devtools.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    devtools.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    page.clock.run_for(25_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    context.close()
    assert any("ahead.json" in one for one in asked)
    assert len(asked) <= MOST_REQUESTS
    assert sum(received) < MOST_BYTES
