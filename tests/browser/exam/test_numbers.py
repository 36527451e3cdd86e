"""The page says how a number is read, while it is typed and without scripts; what is none has no tick."""

import os

import pytest
from playwright.sync_api import Page, expect

from portal.models import QuestionKind
from tests import make
from tests.make import S

SHOTS = os.environ.get("PORTAL_TEST_SHOTS")


def shoot(page: Page, name: str) -> None:
    """For people who look at the pages; in a test run nobody asks for pictures."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.fixture
def number_page(context, let_in, time, page):
    """An exam of two numbers, at its first question."""
    asked = [{"kind": QuestionKind.NUMBER, "title": title, "key": {"value": "1000"}} for title in ("Metres", "Grams")]
    attempt = make.attempt(S.STARTED, exam=make.exam(name="Units", questions=asked))
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/1")
    time.hold(page)
    return page


@pytest.mark.parametrize(
    ("typed", "says", "sign"),
    [
        ("1000", None, "answered"),
        ("1/3", "Read as 0.3333.", "answered"),
        ("1,000", "Read as 1. If you mean thousands, leave out the comma.", "answered"),
        ("1 000,5", "Read as 1000.5.", "answered"),
    ],
)
def test_how_a_number_is_read_stands_beside_it(number_page, time, typed, says, sign):
    number_page.fill("#value", typed)
    time.pass_by(2)
    read = number_page.locator("#number-read")
    expect(number_page.locator("#questions a").first).to_contain_text(sign)
    if says:
        expect(read).to_have_text(says)
    else:
        expect(read).to_be_hidden()
    shoot(number_page, f"number-{typed.replace('/', 'over')}")


def test_what_is_no_number_is_told_at_once_and_has_no_tick(number_page, time):
    number_page.fill("#value", "1/0")
    time.pass_by(2)
    link = number_page.locator("#questions a").first
    expect(link).to_contain_text("not a number")
    expect(number_page.locator("#value")).to_have_attribute("aria-invalid", "true")
    expect(number_page.locator("#not-a-number")).to_be_visible()
    shoot(number_page, "no-number")
    number_page.fill("#value", "1/2")
    time.pass_by(2)
    expect(number_page.locator("#not-a-number")).to_be_hidden()
    expect(link).not_to_contain_text("not a number")
