"""A timed exam in real time: an answer saves itself, time given is seen, and all of it is open to everybody."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.db import db, writing
from portal.domain.accounts import people
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import time_account
from portal.models import Answer, Attempt, QuestionKind, User
from tests import make
from tests.make import NOON

QUESTIONS = [{"title": "Pick one", "key": {"choice": "b"}}, {"kind": QuestionKind.SHORT_TEXT, "title": "Which word"}]


@pytest.fixture
def attempt(app) -> Attempt:
    exam = make.exam(name="Algebra", questions=QUESTIONS)
    learner = make.enrol(exam.course)
    with writing():
        return attempts.start(attempts.create(exam, learner, now=NOON), learner, now=NOON)


@pytest.fixture
def exam_page(attempt, context, page, let_in):
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    return page


def test_an_answer_saves_itself_and_says_so(exam_page, attempt):
    exam_page.fill("#value", "ink")
    expect(exam_page.locator("#save-state")).to_contain_text("Saved", timeout=10_000)
    db.session.rollback()
    assert db.session.scalars(db.select(Answer.value)).all() == ["ink"]


def test_minutes_given_are_seen_without_reload_and_the_portal_knows(exam_page, attempt):
    exam_page.evaluate("window.sameDocument = true")
    with writing():
        locked = attempts.lock(attempt.id)
        time_account.add_time(locked, 10, Cause(actor=Actor.STAFF, reason="fire alarm"), now=NOON)
    with exam_page.expect_response("**/seen"):
        exam_page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(exam_page.locator("#banners .banner")).to_contain_text("10 minutes added by the course team")
    expect(exam_page.locator("#timer-text")).to_contain_text("70")
    assert exam_page.evaluate("window.sameDocument")
    db.session.rollback()
    assert db.session.get_one(Attempt, attempt.id).seen_revision == 2


def test_what_the_scripts_make_is_open_to_everybody(attempt, context, page, let_in, the_clock, faults):
    """Ending soon, offline and not saved; then signed out: none of it stands on the page as the portal sends it."""
    the_clock.now = attempt.deadline_at - timedelta(seconds=90)
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/2")
    expect(page.locator("#timer-bar")).to_have_class("timer-bar is-critical")
    context.set_offline(True)
    page.fill("#value", "ink")
    expect(page.locator("#banners")).to_contain_text("You have been offline")
    expect(page.locator("#save-state")).to_contain_text("Not saved")
    found = seen(page, faults)
    with writing():
        people.sign_out_everywhere(db.session.get_one(User, attempt.learner_id))
    context.set_offline(False)
    expect(page.locator("#sign-in-again")).to_be_visible()
    assert found + seen(page, faults) == []


def seen(page, faults) -> list[str]:
    """What axe finds, in both colours."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += faults(page)
    return found
