"""The receipt on paper: the button prints it alone, the browser's own Print the page without its ways elsewhere."""

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.make import S

PRINTED = "window.print = () => { window.printed = document.documentElement.className; }"


@pytest.fixture
def status_page(context, page, let_in, app) -> Page:
    exam = make.exam(name="Algebra", course=make.course(name="Numbers", contact="team@example.edu"))
    attempt = make.attempt(S.SUBMITTED, exam=exam, learner=make.user(name="Ava Rahimi"), ref="K7F-2QD4")
    let_in(context, attempt.learner)
    page.add_init_script(PRINTED)
    page.goto(f"/attempts/{attempt.ref}/status")
    return page


def test_paper_carries_the_receipt_and_no_ways_elsewhere(status_page):
    status_page.emulate_media(media="print", color_scheme="dark")
    for said in ("K7F-2QD4", "Algebra", "Numbers", "Ava Rahimi", "12:00 (UTC)", "12:10 (UTC), by you", "0 of 3"):
        expect(status_page.locator(".receipt")).to_contain_text(said)
    expect(status_page.locator(".receipt")).to_be_visible()
    assert status_page.locator("a:visible, button:visible, summary:visible").all_inner_texts() == ["Invigil"]
    assert status_page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert status_page.pdf(format="A4").count(b"/Type /Page\n") == 1


def test_the_button_prints_the_receipt_alone_and_the_page_is_whole_again(status_page):
    status_page.get_by_role("button", name="Print receipt").click()
    assert "receipt-only" in status_page.evaluate("window.printed")
    status_page.emulate_media(media="print")
    expect(status_page.get_by_role("heading", name="Status")).to_be_hidden()
    expect(status_page.locator(".receipt")).to_be_visible()
    status_page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(status_page.get_by_role("heading", name="Status")).to_be_visible()


def test_without_a_script_there_is_no_button_that_does_nothing(browser, live_server, let_in, app):
    attempt = make.attempt(S.SUBMITTED)
    plain = browser.new_context(base_url=live_server, java_script_enabled=False)
    let_in(plain, attempt.learner)
    page = plain.new_page()
    page.goto(f"/attempts/{attempt.ref}/status")
    expect(page.locator(".receipt")).to_contain_text(attempt.ref)
    expect(page.locator("#print")).to_be_hidden()
    plain.close()
