"""Finding attempts: by text, state and allowance, in order, page by page."""

from datetime import timedelta
from itertools import product

import pytest

from portal.db import db, writing
from portal.domain import pages
from portal.domain.attempts import display_status, search
from portal.domain.attempts.search import PAGE_SIZE, AttemptFilter
from portal.models import Allowance, AllowanceKind, Attempt, ResumeState
from tests import make
from tests.domain.attempts.listing import attempt, names
from tests.make import NOON, S

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def exam():
    return make.exam()


def test_only_attempts_of_this_exam_that_count(exam):
    attempt(exam, "Ada Present")
    attempt(make.exam(), "Bo Elsewhere")
    attempt(exam, "Cy Archived", archived_at=NOON, archive_reason="again")
    assert names(exam) == ["Ada Present"]
    assert names(exam, state="archived") == ["Cy Archived"]


@pytest.mark.parametrize("text", ["rahi", "ADA", "ada@exam", " ada rahimi "])
def test_part_of_the_name_or_address_is_enough(exam, text):
    attempt(exam, "Ada Rahimi")
    attempt(exam, "Bo Lind")
    assert names(exam, text=text) == ["Ada Rahimi"]


def test_the_beginning_of_the_reference_is_enough(exam):
    attempt(exam, "Ada Rahimi", ref="K7F-2QD4")
    attempt(exam, "Bo Lind", ref="M3P-7XA2")
    assert names(exam, text="k7f") == ["Ada Rahimi"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "'"])
def test_signs_of_the_database_are_only_signs(exam, text):
    attempt(exam, "Ada Rahimi")
    assert names(exam, text=text) == []


def test_every_state_finds_its_own(exam):
    attempt(exam, "Run")
    attempt(exam, "Look", S.READY_TO_SUBMIT)
    attempt(exam, "Still", is_paused=True, paused_at=NOON)
    attempt(exam, "Done", S.SUBMITTED)
    attempt(exam, "Lost", S.ERROR, resume_state=ResumeState.RESUMABLE)
    attempt(exam, "Ended", S.ERROR)
    found = {state: names(exam, state=state) for state in display_status.BY_KEY}
    assert {state: people for state, people in found.items() if people} == {
        "in-progress": ["Run"],
        "checking-answers": ["Look"],
        "clock-paused": ["Still"],
        "submitted": ["Done"],
        "suspended": ["Lost"],
        "ended-early": ["Ended"],
    }
    assert names(exam, state="needs-help", sort="learner") == ["Lost", "Still"]
    assert len(names(exam, state="no such state")) == 6


def test_with_and_without_an_allowance(exam):
    extra, _usual = attempt(exam, "Extra"), attempt(exam, "Normal")
    with writing() as session:
        session.add(
            Allowance(
                course_id=exam.course_id,
                learner_id=extra.learner_id,
                kind=AllowanceKind.EXTRA_MINUTES,
                minutes=5,
                granted_at=NOON,
            )
        )
    assert names(exam, allowance="with") == ["Extra"]
    assert names(exam, allowance="without") == ["Normal"]


def test_sorting_goes_both_ways(exam):
    for minutes, name in enumerate(("bo", "Ada", "Cy")):
        attempt(exam, name, at=NOON + timedelta(minutes=minutes))
    assert names(exam, sort="learner") == ["Ada", "bo", "Cy"]
    assert names(exam, sort="-learner") == ["Cy", "bo", "Ada"]
    assert names(exam, sort="started") == ["bo", "Ada", "Cy"]
    assert names(exam) == names(exam, sort="nonsense") == ["Cy", "Ada", "bo"]


def test_pages(exam, monkeypatch):
    monkeypatch.setattr(search, "PAGE_SIZE", 2)
    for name in "ABCDE":
        attempt(exam, name)
    found = search.search(exam, AttemptFilter(sort="learner", page=2), now=NOON)
    assert ([a.learner_name for a in found.items], found.pages, found.first, found.last) == (["C", "D"], 3, 3, 4)
    last = search.search(exam, AttemptFilter(sort="learner", page=99), now=NOON)
    assert ([a.learner_name for a in last.items], last.page) == (["E"], 3)


def test_an_empty_list_is_one_empty_page(exam):
    found = search.search(exam, AttemptFilter(), now=NOON)
    assert (found.items, found.total, found.pages, found.first, found.last) == ([], 0, 1, 0, 0)
    assert PAGE_SIZE == 50


@pytest.mark.parametrize("status", S)
def test_every_status_has_one_word(status):
    may_pause = status in {S.STARTED, S.READY_TO_SUBMIT}
    for resume_state, is_paused in product(ResumeState, {False, may_pause}):
        assert sum(one.holds_for(status, is_paused, resume_state) for one in display_status.VOCABULARY) == 1


def test_counts_by_state(exam):
    attempt(exam, "A")
    attempt(exam, "B")
    attempt(exam, "C", is_paused=True, paused_at=NOON)
    attempt(exam, "D", archived_at=NOON, archive_reason="again")
    assert {one.words: number for one, number in display_status.count(exam.id).items()} == {
        "Clock paused": 1,
        "In progress": 2,
    }


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"resume_state": ResumeState.RESUMABLE}, "Suspended"),
        ({"resume_state": ResumeState.GRANTED}, "Resumed"),
        ({}, "Ended early"),
    ],
)
def test_what_was_suspended_stands_where_a_person_left_it(app, facts, words):
    broken = make.attempt(S.ERROR, **facts)
    assert display_status.of(broken).words == words
    assert [one.words for one in display_status.count(broken.exam_id)] == [words]
    holds = [
        one.words for one in display_status.VOCABULARY if db.session.scalar(db.select(Attempt.id).where(one.condition))
    ]
    assert holds == [words]


def test_many_are_counted_only_so_far_and_further_as_pages_are_turned(exam, monkeypatch):
    monkeypatch.setattr(search, "PAGE_SIZE", 1)
    monkeypatch.setattr(pages, "COUNTED", 3)
    for name in "ABCDE":
        attempt(exam, name)
    counted = {}
    for page in (1, 3, 4, 5, 9):
        found = search.search(exam, AttemptFilter(sort="learner", page=page), now=NOON)
        counted[page] = (found.page, found.total, found.is_more, [one.learner_name for one in found.items])
    assert counted == {
        1: (1, 3, True, ["A"]),
        3: (3, 4, True, ["C"]),
        4: (4, 5, False, ["D"]),
        5: (5, 5, False, ["E"]),
        9: (5, 5, False, ["E"]),
    }
