"""The list of questions and its count never say different things, whichever way an answer came to be."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.db import writing
from portal.domain.answers import answers
from portal.domain.answers.answers import Said
from portal.domain.attempts import attempts

COUNT = "#questions [data-progress]"


def turn_to(page: Page, number: int) -> None:
    page.locator("#questions a").nth(number - 1).click()
    page.wait_for_url(f"**/exam/{number}")
    expect(page.locator("#main")).to_be_focused()


def signs(page: Page) -> str:
    """One letter for each question: t(ick), f(lag), a(lert) or d(ash)."""
    uses = page.locator("#questions .icon use").all()
    return "".join(re.search(r"#(\w)", use.get_attribute("href")).group(1) for use in uses)


def save_elsewhere(attempt, number: int, value: str, now, *, is_flagged: bool = False) -> None:
    with writing():
        held = attempts.lock(attempt.id)
        question = answers.ordered_questions(held)[number - 1]
        answers.save(held, question.id, Said(value=value, seen_version=0, is_flagged=is_flagged), now=now)


def test_what_another_window_saved_is_in_the_list_at_the_next_turn(exam_page, attempt, time):
    save_elsewhere(attempt, 1, "b", time.portal.now)
    save_elsewhere(attempt, 3, "Because.", time.portal.now, is_flagged=True)
    assert signs(exam_page) == "ddd"
    exam_page.fill("#value", "ink")
    turn_to(exam_page, 3)
    expect(exam_page.locator(COUNT)).to_have_text("3 of 3 answered, 1 flagged")
    assert signs(exam_page) == "ttf"


def test_the_newer_answer_of_another_window_has_its_tick_when_it_is_kept(exam_page, attempt, time):
    save_elsewhere(attempt, 2, "paper", time.portal.now, is_flagged=True)
    exam_page.fill("#value", "ink")
    time.pass_by(2)
    assert signs(exam_page) == "ddd"
    exam_page.get_by_role("button", name="Keep newer").click()
    expect(exam_page.locator("#value")).to_have_value("paper")
    expect(exam_page.get_by_label("Flag for later")).to_be_checked()
    expect(exam_page.locator(COUNT)).to_have_text("1 of 3 answered, 1 flagged")
    assert signs(exam_page) == "dfd"


@pytest.mark.parametrize(("typed", "said"), [("\ufeff", "1 of 3"), ("   ", "0 of 3")])
def test_the_portal_says_what_is_an_answer_and_a_reload_changes_nothing(exam_page, time, typed, said):
    exam_page.fill("#value", typed)
    time.pass_by(2)
    for _ in range(2):
        expect(exam_page.locator(COUNT)).to_have_text(f"{said} answered, 0 flagged")
        assert signs(exam_page) == ("dtd" if said.startswith("1") else "ddd")
        exam_page.reload()
