"""Each event has its row in every table that is keyed by events: a new one cannot be half done."""

import re
from pathlib import Path

import pytest

from portal.domain.lifecycle import consequences
from portal.domain.outbox import webhook_events
from portal.domain.proctoring import setup_messages
from portal.domain.proctoring.practice_proctor import ACTIONS, NOTED
from portal.domain.timekeeping import time_account
from portal.domain.timekeeping.running_clock import PAUSES
from portal.models import AttemptStatus as S
from portal.models import Event, HistoryEntry
from portal.web.review.console import ASKED
from portal.web.teach.attempts import history_labels as words

ROOT = Path(__file__).parents[2]
#: Every event but the one whose word is the status itself.
NAMED = set(Event) - {Event.MOVED}


@pytest.mark.parametrize(
    ("told", "not_told"),
    [
        (consequences.FOLLOWS_EVENT, consequences.NOTHING_FOLLOWS),
        (webhook_events.OF_EVENT, webhook_events.NOT_TOLD),
    ],
)
def test_what_follows_is_decided_for_each(told, not_told):
    assert set(told) | not_told == NAMED
    assert not set(told) & not_told and all(told.values())


def test_the_course_team_reads_a_word_of_its_own_for_each():
    assert set(words.EVENTS) == NAMED


@pytest.mark.parametrize("status", S)
def test_the_course_team_reads_a_word_for_each_move(status):
    assert words.history_sign(HistoryEntry(event=Event.MOVED, from_status=None, to_status=status)).words


def test_a_line_of_a_newer_version_is_still_shown():
    line = HistoryEntry(event="moon_landed", from_status="started", to_status="started")
    assert words.history_sign(line).words == "Other event"


def test_a_clock_that_stops_and_one_that_continues_are_called_something():
    assert set(time_account.BEGAN) == set(time_account.ENDED) == set(PAUSES)
    events = [*time_account.BEGAN.values(), *time_account.ENDED.values()]
    assert len(set(events)) == len(events)


def test_what_is_only_noted_can_be_done_and_is_told_to_the_learner():
    assert set(NOTED) <= set(ACTIONS)
    assert set(NOTED.values()) == set(setup_messages.EVENTS)


def test_asking_for_what_is_hidden_is_noted_and_nobody_else_hears_of_it():
    assert set(ASKED) <= consequences.NOTHING_FOLLOWS & webhook_events.NOT_TOLD


def test_each_type_that_a_platform_can_ask_for_is_documented():
    page = (ROOT / "docs" / "webhooks.md").read_text()
    rows = re.findall(r"^\| `([a-z._]+)` \| \S.+ \|$", page, re.MULTILINE)
    assert sorted(rows) == sorted(webhook_events.TYPES)
    assert f"`{webhook_events.TEST}`" in page
