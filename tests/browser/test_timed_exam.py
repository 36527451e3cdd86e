"""A timed exam in Chromium: the clock ticks, answers save themselves, time given is seen, zero hands in."""

import pytest
from playwright.sync_api import expect

from portal.db import db, writing
from portal.domain import attempts, time_account
from portal.domain.history import Actor, Deed
from portal.models import Answer, Attempt, QuestionKind
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
        time_account.add_time(locked, 10, Deed(actor=Actor.STAFF, reason="fire alarm"), now=NOON)
    exam_page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(exam_page.locator("#banners .banner")).to_contain_text("10 minutes added by the course team")
    expect(exam_page.locator("#timer-text")).to_contain_text("70")
    assert exam_page.evaluate("window.sameDocument")
    exam_page.wait_for_function("performance.getEntriesByType('resource').some((r) => r.name.endsWith('/seen'))")
    db.session.rollback()
    assert db.session.get_one(Attempt, attempt.id).seen_revision == 2


def test_a_device_clock_a_day_off_changes_nothing(attempt, context, page, let_in):
    let_in(context, attempt.learner)
    page.add_init_script("const real = Date.now; Date.now = () => real() + 86400000;")
    page.goto(f"/attempts/{attempt.ref}/exam/1")
    expect(page.locator("#timer-text")).to_contain_text("59 min")


def test_axe_finds_nothing_light_or_dark(exam_page, attempt, faults):
    for scheme in ("light", "dark"):
        exam_page.emulate_media(color_scheme=scheme)
        for place in ("exam/1", "exam/2", "end"):
            exam_page.goto(f"/attempts/{attempt.ref}/{place}")
            assert faults(exam_page) == []
    for place in ("/me/exams/", "/me/settings", f"/exams/{attempt.exam.slug}/"):
        exam_page.goto(place)
        assert faults(exam_page) == []
