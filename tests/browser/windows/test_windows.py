"""Several windows of one attempt: one asks and speaks, all show the same; a stale answer is never kept unasked."""

import pytest
from playwright.sync_api import Page, expect

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import time_account
from portal.models import Answer
from tests.browser.clock.test_hidden_and_woken import asked, set_hidden


@pytest.fixture
def two(attempt, context, time, page, let_in) -> tuple[Page, Page]:
    let_in(context, attempt.learner)
    second = context.new_page()
    for one in (page, second):
        one.goto(f"/attempts/{attempt.ref}/exam/2")
    time.hold(page)
    return page, second


def spoken(page: Page):
    """Collects every text that the live regions of the page say from now on."""
    return page.evaluate_handle("""() => {
        const said = [];
        for (const region of [document.getElementById("polite"), document.getElementById("alert")])
            new MutationObserver(() => { if (region.textContent) said.push(region.textContent); })
                .observe(region, { childList: true, subtree: true, characterData: true });
        return said;
    }""")


def test_only_one_window_asks_and_both_know(two, time):
    first, second = (asked(page) for page in two)
    time.pass_by(120)
    assert len(first) + len(second) <= 6, "as many as one window would ask"
    assert not (first and second) or min(len(first), len(second)) <= 1
    time.portal.advance(minutes=10)
    time.pass_by(40)
    assert [page.inner_text("#timer-text") for page in two] == ["46 min left"] * 2


def test_time_given_shows_in_both_windows_and_is_spoken_once(two, attempt, time):
    speeches = [spoken(page) for page in two]
    with writing():
        account = attempts.lock(attempt.id)
        time_account.add_time(account, 10, Cause(actor=Actor.STAFF, reason="fire alarm"), now=time.portal.now)
    time.pass_by(40)
    for page in two:
        expect(page.locator("#banners .banner")).to_have_count(1)
        expect(page.locator("#banners .banner")).to_contain_text("10 minutes added")
        expect(page.locator("#timer-end")).to_have_text("13:10")
    said = [text for speech in speeches for text in speech.json_value()]
    assert said == ["10 minutes added by the course team. Your exam ends 13:10."]


def test_the_other_window_leads_when_the_first_is_closed(two, time):
    time.pass_by(2)
    two[0].close()
    questions = asked(two[1])
    time.pass_by(40)
    assert questions


def test_a_window_nobody_looks_at_hands_over(two, time):
    time.pass_by(2)
    set_hidden(two[0], True)
    set_hidden(two[1], False)
    first, second = (asked(page) for page in two)
    time.pass_by(40)
    assert second and not first


def test_where_windows_cannot_agree_each_asks_half_as_often(attempt, context, time, page, let_in):
    context.add_init_script("Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })")
    let_in(context, attempt.learner)
    second = context.new_page()
    for one in (page, second):
        one.goto(f"/attempts/{attempt.ref}/exam/2")
    time.hold(page)
    time.pass_by(5)
    first, other = asked(page), asked(second)
    time.pass_by(240, step=4)
    assert 3 <= len(first) <= 5 and 3 <= len(other) <= 5, "every minute, give or take a fifth"


def test_a_stale_answer_is_asked_about_and_each_choice_is_kept(two, attempt, time):
    first, second = two
    first.fill("#value", "ink")
    time.pass_by(2)
    second.fill("#value", "pen")
    time.pass_by(2)
    box = second.locator("#banners .banner")
    expect(box).to_contain_text("A newer answer was saved in another window at 12:00: ink")
    expect(second.locator("#save-state")).to_contain_text("Not saved")
    assert answers() == ["ink"]
    box.get_by_role("button", name="Keep this one").click()
    time.pass_by(1)
    assert answers() == ["pen"]
    first.fill("#value", "quill")
    time.pass_by(2)
    first.get_by_role("button", name="Keep newer").click()
    expect(first.locator("#value")).to_have_value("pen")
    assert answers() == ["pen"]


def answers() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Answer.value)))
