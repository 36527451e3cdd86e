"""An exam for one window at a time where no script runs: a browser is one window, and what was sent is never lost."""

from playwright.sync_api import expect

from portal.models import QuestionKind
from tests import make
from tests.browser.conftest import PATIENCE_MS
from tests.browser.windows.test_one_window import PHONE, stored
from tests.make import S


def test_without_scripts_a_second_browser_takes_over(browser, live_server, let_in):
    texts = [{"kind": QuestionKind.SHORT_TEXT, "title": word} for word in ("One", "Two")]
    attempt = make.attempt(S.READY_TO_START, exam=make.exam(questions=texts, one_window=True))
    pages = []
    for agent in (None, PHONE):
        context = browser.new_context(base_url=live_server, user_agent=agent, java_script_enabled=False)
        context.set_default_timeout(PATIENCE_MS)
        let_in(context, attempt.learner)
        pages.append(context.new_page())
    first, there = pages
    first.goto(f"/attempts/{attempt.ref}/ready")
    first.get_by_role("button", name="Start").click()
    there.goto(f"/attempts/{attempt.ref}/")
    expect(there.locator("#where")).to_contain_text("It is open in Chrome on Linux")
    there.get_by_role("button", name="Use this window instead").click()
    there.fill("#value", "rain")
    there.get_by_role("button", name="Save and next").click()
    first.fill("#value", "hail")
    first.get_by_role("button", name="Save and next").click()
    expect(first.locator("h1")).to_have_text("Your exam is open in another window")
    expect(first.locator("#value")).to_have_value("hail")
    assert stored() == ["rain"]
    first.get_by_role("button", name="Use this window instead, and save this answer").click()
    expect(first.locator("h1")).to_have_text("A newer answer was saved in another window")
    first.get_by_role("button", name="Keep what I just sent").click()
    assert stored() == ["hail"]
    for page in pages:
        page.context.close()
