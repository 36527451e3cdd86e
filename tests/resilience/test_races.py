"""Sixteen at once who all want the same: one gets it, the others are told, and history says so once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.db import db
from portal.models import Attempt, HistoryEntry, OutboxMessage, Registration, Role
from tests import fake_providers, make
from tests.make import S
from tests.resilience.whole_portal import free_port

CLIENTS, ATTEMPTS = 16, 150


def race(browsers, goals, act):
    """Every browser acts on every goal, all at the same moment; what each was answered, goal by goal."""
    barrier = threading.Barrier(len(browsers))

    def run(browser):
        answered = []
        for goal in goals:
            barrier.wait(60)
            answered.append(act(browser, goal))
        return answered

    with ThreadPoolExecutor(len(browsers)) as pool:
        return list(zip(*pool.map(run, browsers), strict=True))


def history(portal):
    """How often each line stands in each attempt's history."""
    line = (HistoryEntry.attempt_id, HistoryEntry.from_status, HistoryEntry.to_status, HistoryEntry.event)
    return Counter(portal.look(db.select(*line)))


@pytest.fixture
def taken(portal):
    """An exam with many attempts that run."""
    exam = make.exam()
    for _ in range(ATTEMPTS):
        make.attempt(exam=exam)
    return exam


def test_of_sixteen_who_submit_the_same_attempt_one_does(portal, taken):
    portal.serve(PORTAL_WORKER="off")
    team = [portal.browser(make.member(Role.INSTRUCTOR, course=taken.course)) for _ in range(CLIENTS)]
    refs = portal.look(db.select(Attempt.ref))
    answered = race(
        team, refs, lambda browser, ref: browser.post(f"/teach/attempts/{ref}/do/end-exam", reason="Fire").status
    )
    assert Counter(status for one in answered for status in one) == {303: ATTEMPTS, 409: ATTEMPTS * (CLIENTS - 1)}
    assert {one.count(303) for one in answered} == {1}
    ids = set(portal.look(db.select(Attempt.id).where(Attempt.status == S.SUBMITTED)))
    assert history(portal) == {(attempt_id, "started", "submitted", "moved"): 1 for attempt_id in ids}
    assert len(ids) == ATTEMPTS
    enqueued = portal.look(db.select(OutboxMessage.attempt_id, OutboxMessage.topic))
    assert set(Counter(enqueued).values()) == {1}
    assert {attempt_id for attempt_id, _ in enqueued} == ids


def test_sixteen_windows_of_one_learner_begin_one_attempt_each_time(portal):
    exams = [make.exam(allows_parallel=True) for _ in range(10)]
    learner = make.user()
    for exam in exams:
        make.enrol(exam.course, learner)
    portal.serve(PORTAL_WORKER="off")
    windows = [portal.browser(learner) for _ in range(CLIENTS)]

    def begin_and_start(browser, slug):
        begun = browser.post(f"/exams/{slug}/begin")
        if begun.status != 303:
            return begun.status, ""
        return browser.post(f"{begun.location}start").status, begun.location

    answered = race(windows, [exam.slug for exam in exams], begin_and_start)
    assert {status for one in answered for status, _ in one} <= {303, 409}
    attempts = portal.look(db.select(Attempt))
    assert sorted(attempt.exam_id for attempt in attempts) == sorted(exam.id for exam in exams)
    steps = [(None, "created"), ("created", "ready_to_start"), ("ready_to_start", "started")]
    expected = {(attempt.id, was, became, "moved"): 1 for attempt in attempts for was, became in steps}
    assert history(portal) == expected


def test_sixteen_tabs_ask_a_provider_for_one_place(portal):
    """It is away, so every tab ends on the page that waits; none is told that it has lost."""
    fake_providers.provider(base_url=f"http://127.0.0.1:{free_port()}")
    exams = [fake_providers.exam() for _ in range(5)]
    learner = make.user()
    for exam in exams:
        make.enrol(exam.course, learner)
    portal.serve(PORTAL_WORKER="off")
    tabs = [portal.browser(learner) for _ in range(CLIENTS)]
    answered = race(tabs, [exam.slug for exam in exams], lambda tab, slug: tab.post(f"/exams/{slug}/begin"))
    for exam, one in zip(exams, answered, strict=True):
        assert {(said.status, said.location) for said in one} == {(303, f"/exams/{exam.slug}/waiting")}
    assert sorted(portal.look(db.select(Registration.exam_id))) == sorted(exam.id for exam in exams)
    assert portal.look(db.select(OutboxMessage.topic)) == ["provider.register"] * len(exams)


def test_whoever_wants_something_else_at_the_same_moment_never_breaks_anything(portal):
    exam = make.exam()
    attempts = [make.attempt(exam=exam) for _ in range(15)]
    portal.serve(PORTAL_WORKER="off")
    team = [portal.browser(make.member(Role.INSTRUCTOR, course=exam.course)) for _ in range(CLIENTS)]
    wishes = ["end-exam", "pause-clock", "resume-clock", "reset"]
    wants = {browser: wishes[number % len(wishes)] for number, browser in enumerate(team)}

    def act(browser, ref):
        return browser.post(f"/teach/attempts/{ref}/do/{wants[browser]}", reason="Fire").status

    answered = race(team, [attempt.ref for attempt in attempts], act)
    assert {status for one in answered for status in one} <= {303, 409}
    lines = history(portal)
    assert {event for (_, _, _, event) in lines} >= {"moved", "archived"}
    assert all(number == 1 for (_, _, _, event), number in lines.items() if event in {"moved", "archived"})
