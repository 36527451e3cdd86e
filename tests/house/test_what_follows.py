"""Each edge of the lifecycle says what follows from it; and writing a line of history sends nothing by itself."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from portal.db import db, writing
from portal.domain.lifecycle import consequences, history, status_labels, transitions
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import webhook_events
from portal.models import AttemptStatus as S
from portal.models import Event, OutboxMessage
from portal.web.teach.attempts import history_labels
from tests import make
from tests.make import NOON

PORTAL = Path(__file__).parents[2] / "portal"
#: Of these something follows, so they are written by the lifecycle alone.
LOUD = {Event.MOVED, *consequences.FOLLOWS_EVENT, *webhook_events.OF_EVENT}

BEFORE_START = (S.CREATED, S.DOWNLOAD_SOFTWARE_CLICKED, S.READY_TO_START)
WITH_CLOCK = (S.STARTED, S.READY_TO_SUBMIT)
STOP, RECEIPT = "provider.stop", "email attempt_submitted"
ERROR = ("provider.error", "email attempt_error", "credit failed")
ACCEPTED = ("email review_passed", "credit satisfied")
NOT_ACCEPTED = ("email review_failed", "credit failed", "grade overridden", "certificate invalidated")
#: to -> from -> what is enqueued for a proctored attempt that counts, in a course that lowers grades.
EDGES: dict[S, dict[S, tuple[str, ...]]] = {
    S.DOWNLOAD_SOFTWARE_CLICKED: {S.CREATED: ()},
    S.READY_TO_START: {S.CREATED: (), S.DOWNLOAD_SOFTWARE_CLICKED: ()},
    S.STARTED: {S.READY_TO_START: ("provider.start",), S.READY_TO_SUBMIT: (), S.SUBMITTED: ("email reopened",)},
    S.READY_TO_SUBMIT: {S.STARTED: ()},
    S.SUBMITTED: dict.fromkeys(WITH_CLOCK, (STOP, RECEIPT, "credit submitted")),
    S.TIMED_OUT: dict.fromkeys(WITH_CLOCK, (STOP, RECEIPT)),
    S.EXPIRED: dict.fromkeys(BEFORE_START, ()),
    S.DECLINED: dict.fromkeys(BEFORE_START, ("email declined", "credit declined")),
    S.ERROR: dict.fromkeys((*BEFORE_START, *WITH_CLOCK, S.SUBMITTED, S.SECOND_REVIEW_REQUIRED), ERROR),
    S.SECOND_REVIEW_REQUIRED: {S.SUBMITTED: ()},
    S.VERIFIED: dict.fromkeys((S.SUBMITTED, S.SECOND_REVIEW_REQUIRED, S.REJECTED, S.ERROR), ACCEPTED),
    S.REJECTED: dict.fromkeys((S.SUBMITTED, S.SECOND_REVIEW_REQUIRED, S.VERIFIED, S.ERROR), NOT_ACCEPTED),
    S.ONBOARDING_RESET: dict.fromkeys(
        (S.SUBMITTED, S.SECOND_REVIEW_REQUIRED, S.VERIFIED, S.REJECTED, S.ERROR, S.DECLINED, S.TIMED_OUT), ()
    ),
}
#: A step that history knows by a name of its own, which decides what follows.
BY_EVENT = {(S.SUBMITTED, S.STARTED): Event.REOPENED}
EACH = [(was, to) for to, rows in EDGES.items() for was in rows]


def test_each_edge_has_its_row():
    assert set(EACH) == {(was, to) for was, rows in transitions.MAY_FOLLOW.items() for to in rows}


@pytest.fixture
def course(app):
    return make.course(overrides_grade=True)


def attempt(course, status, **given):
    """With every time that any status needs."""
    exam = make.exam(course=course, is_proctored=True, provider_slug="proctorco")
    times = {"started_at": NOON, "deadline_at": NOON + timedelta(hours=1), "completed_at": NOON, "promised_at": NOON}
    times["hard_stop_at"] = times["deadline_at"] + timedelta(seconds=30)
    return make.attempt(status, exam=exam, taking_as_proctored=True, **{**times, **given})


def enqueued():
    db.session.rollback()
    rows = db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id)).all()
    said = (row.payload.get("template") or row.payload.get("standing") or "" for row in rows)
    return tuple(f"{row.topic} {what}".strip() for row, what in zip(rows, said, strict=True))


@pytest.mark.parametrize(("was", "to"), EACH)
def test_each_edge_enqueues_what_its_row_says(course, was, to):
    held = attempt(course, was, is_sample=to is S.ONBOARDING_RESET)
    action, event = Cause(actor=min(transitions.MAY_FOLLOW[was][to])), BY_EVENT.get((was, to), Event.MOVED)
    with writing():
        transitions.move(held, to, action, now=NOON, event=event)
    assert enqueued() == EDGES[to][was]


@pytest.mark.parametrize("status", transitions.FIRST)
def test_nothing_follows_from_a_beginning(course, status):
    held = attempt(course, S.CREATED)
    with writing():
        transitions.begin(held, status, Cause(actor=min(transitions.FIRST[status])), now=NOON)
    assert (held.status, enqueued()) == (status, ())


@pytest.mark.parametrize("status", S)
def test_each_status_is_decided_on(status):
    """Whether anything follows from it, what platforms call it, and how the team reads it."""
    assert status in consequences.FOLLOWS
    assert f"attempt.{status}" in webhook_events.TYPES
    assert status in history_labels.MOVES and status_labels.of(status)


@pytest.mark.parametrize("event", Event)
def test_a_line_of_history_sends_nothing_by_itself(course, event):
    held = attempt(course, S.SUBMITTED)
    with writing():
        history.record(held, Cause(actor=Actor.STAFF, reason="because"), from_status=S.STARTED, now=NOON, event=event)
    assert enqueued() == ()


@pytest.mark.parametrize("path", sorted(PORTAL.rglob("*.py")), ids=lambda path: path.relative_to(PORTAL).as_posix())
def test_nobody_else_writes_a_line_from_which_something_follows(path):
    tree = ast.parse(path.read_text())
    lines = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "history.record"
    ]
    if not lines or path.name == "transitions.py":
        return
    for line in lines:
        [event] = [keyword.value for keyword in line.keywords if keyword.arg == "event"]  # Without: it moves.
        named = event if isinstance(event, ast.Attribute) else tree  # A variable may hold any that the file names.
        assert not {Event[name] for name in names_of_events(named)} & LOUD


def names_of_events(tree):
    return {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Event"
    }
