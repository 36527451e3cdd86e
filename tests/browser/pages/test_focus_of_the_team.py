"""Where the keyboard is after a page of the team has opened and after a press; and how these pages read on a phone."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.models import Attempt, ResumeState, Role
from tests import fake_providers, make, review_factories
from tests.make import NOON, S

TOPS = """cells => cells.map(cell => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return new Set([...range.getClientRects()].map(line => Math.round(line.top))).size;
})"""


@pytest.fixture
def attempt(app) -> Attempt:
    fake_providers.provider("proctorco", base_url="https://proctorco.example", client=False)
    return review_factories.waiting(learner=make.user(name="Ada Rahimi"))


@pytest.fixture
def team(attempt, context, let_in, page):
    """An instructor's page; the instructor reviews, too."""
    let_in(context, make.member(Role.INSTRUCTOR, course=attempt.exam.course, user=make.user(name="Dr Lind")))
    return page


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def test_the_console_opens_on_its_heading(team, attempt):
    team.goto(f"/review/{attempt.ref}")
    expect(team.locator("h1")).to_be_focused()
    press(team, "Tab Enter")  # The first thing behind the heading asks for the name.
    expect(team.get_by_text("Ada Rahimi")).to_be_visible()
    expect(team.locator("h1")).to_be_focused()
    team.goto(f"/review/{attempt.ref}#keys")
    expect(team.locator("#keys")).to_be_focused()


def test_after_a_decision_it_is_on_the_next_attempt_and_after_undo_on_what_is_said(team, attempt):
    following = review_factories.waiting(exam=attempt.exam)
    team.goto(f"/review/{attempt.ref}")
    press(team, "n 1 n 1 a Enter")
    team.wait_for_url(f"**/review/{following.ref}?show=waiting")
    expect(team.locator("h1")).to_be_focused()
    expect(team.locator("main .banner:not(form)")).to_have_count(1)
    press(team, "u")
    expect(team.get_by_text("Undone. Nothing was sent.")).to_be_visible()
    expect(team.locator(".banner.is-ok")).to_be_focused()


def test_what_is_wrong_has_the_focus(team, attempt):
    team.goto(f"/review/{attempt.ref}")
    press(team, "r")
    team.locator("#decision").evaluate("form => { form.noValidate = true; form.submit(); }")
    expect(team.locator("#decision .errors")).to_be_focused()


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_after_a_press_it_is_on_the_answer(browser, live_server, let_in, attempt, has_scripts):
    runs = review_factories.proctored(exam=attempt.exam, status=S.STARTED)
    context: BrowserContext = browser.new_context(base_url=live_server, java_script_enabled=has_scripts)
    let_in(context, make.member(Role.INSTRUCTOR, course=attempt.exam.course))
    page = context.new_page()
    page.goto(f"/teach/attempts/{runs.ref}/do/pause-clock")
    page.get_by_label("Reason").fill(" ")
    page.get_by_role("button", name="Pause clock").click()
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_label("Reason").fill("Fire alarm")
    page.get_by_role("button", name="Pause clock").click()
    expect(page.get_by_text("The clock is paused.")).to_be_visible()
    expect(page.get_by_role("status")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)  # And not in the head of the page.
    context.close()


def test_on_a_phone_the_actions_stand_before_the_answers(team, attempt):
    runs = review_factories.proctored(exam=attempt.exam, status=S.STARTED)
    team.set_viewport_size({"width": 360, "height": 740})
    team.goto(f"/teach/attempts/{runs.ref}/")
    tops = [team.locator(f"h2:has-text('{words}')").bounding_box()["y"] for words in ("Actions", "Time log")]
    tops.append(team.locator("#answers").bounding_box()["y"])
    assert tops == sorted(tops)


@pytest.mark.parametrize("width", [1280, 1024])
def test_the_clock_column_does_not_wrap(team, attempt, width):
    exam = attempt.exam
    long = make.user(
        name="Maximiliane Freifrau von Rosenhagen-Wittelsbek", email="maximiliane.von.rosenhagen@example.edu"
    )
    review_factories.proctored(exam=exam, status=S.STARTED, is_paused=True, paused_at=NOON, learner=long)
    review_factories.proctored(
        exam=exam, status=S.ERROR, resume_state=ResumeState.RESUMABLE, time_remaining_seconds=3599
    )
    review_factories.proctored(exam=exam, status=S.STARTED)
    team.set_viewport_size({"width": width, "height": 800})
    team.goto(f"/teach/exams/{exam.slug}/attempts")
    lines = team.locator("td[data-label=Clock]").evaluate_all(TOPS)
    assert lines == [1, 1, 1, 1]
