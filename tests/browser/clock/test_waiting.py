"""Pages that wait look again by themselves: the opening counts down, a moved opening shows, a pause ends."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.db import db, writing
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import time_account
from portal.models import Attempt, Exam, TimeEntryKind
from tests import make
from tests.browser.pages.proctored_places import furnish
from tests.make import NOON, S


@pytest.fixture
def exam(app) -> Exam:
    """Opens in half an hour."""
    return make.exam(name="Algebra", opens_at=NOON + timedelta(minutes=30), closes_at=NOON + timedelta(hours=5))


@pytest.fixture
def entry(exam, context, time, page, let_in) -> Page:
    let_in(context, make.enrol(exam.course))
    page.goto(f"/exams/{exam.slug}/")
    time.hold(page)
    time.pass_by(1)
    return page


def test_the_entry_counts_down_and_opens_by_itself(entry, time):
    entry.evaluate("window.sameDocument = true")
    expect(entry.locator("#opens-in")).to_have_text("Opens in 30 minutes")
    expect(entry.get_by_role("button", name="Get ready")).to_have_count(0)
    time.jump(27 * 60)
    time.pass_by(60)
    expect(entry.locator("#opens-in")).to_have_text("Opens in 89 seconds")
    time.pass_by(95)
    expect(entry.get_by_role("button", name="Get ready")).to_be_visible()
    expect(entry.locator("#polite")).to_have_text("The exam is open.")
    assert entry.evaluate("window.sameDocument")
    entry.get_by_role("button", name="Get ready").click()
    expect(entry.locator("h1")).to_contain_text("Ready to start")


def test_a_moved_opening_shows_without_a_reload(entry, exam, time):
    with writing():
        db.session.get_one(Exam, exam.id).opens_at = NOON + timedelta(hours=2)
    time.pass_by(40)
    expect(entry.locator("#opens-in")).to_have_text("Opens in 119 minutes")
    expect(entry.locator("#polite")).to_contain_text("This page has changed")


def test_nothing_is_said_or_changed_while_nothing_changes(entry, time):
    entry.evaluate("document.querySelector('h1').dataset.mine = 'kept'")
    time.pass_by(120)
    assert entry.evaluate("document.querySelector('h1').dataset.mine") == "kept"
    expect(entry.locator("#polite")).to_have_text("")


def test_a_paused_exam_resumes_by_itself_also_after_a_time_offline(context, time, page, let_in):
    stands = make.attempt(S.STARTED)
    cause = Cause(actor=Actor.STAFF, reason="fire alarm")
    with writing():
        time_account.pause_clock(db.session.get_one(Attempt, stands.id), TimeEntryKind.PAUSE, cause, now=NOON)
    let_in(context, stands.learner)
    page.goto(f"/attempts/{stands.ref}/interrupted")
    time.hold(page)
    expect(page.locator("main")).to_contain_text("1 hour left")
    context.set_offline(True)
    time.pass_by(20)
    expect(page.locator("h1")).to_have_text("Your exam is paused")
    with writing():
        time_account.resume_clock(db.session.get_one(Attempt, stands.id), cause, now=time.portal.now)
    context.set_offline(False)
    time.pass_by(3)
    page.wait_for_url("**/exam/1")
    expect(page.locator("#timer-text")).to_contain_text("min left")


@pytest.mark.parametrize("place", ["interrupted proctored", "interrupted", "setup waiting", "break"])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_page_says_that_it_changes_by_itself_only_where_it_does(app, browser, live_server, let_in, place, scripts):
    furnished = furnish()
    context = browser.new_context(base_url=live_server, java_script_enabled=scripts)
    let_in(context, furnished.learner)
    page = context.new_page()
    page.goto(furnished.places[place].address)
    expect(page.get_by_text("It updates automatically.")).to_be_visible(visible=scripts)
    context.close()
