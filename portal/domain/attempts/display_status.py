"""Where an attempt stands, in the words that everybody reads, and how to ask the database for it."""

from dataclasses import dataclass
from typing import TypedDict, Unpack

from sqlalchemy import ColumnElement, and_, func, select

from portal.db import db
from portal.domain.timekeeping.exam_clock import AnyRow
from portal.models import Attempt
from portal.models import AttemptStatus as S
from portal.models import ResumeState as R


@dataclass(frozen=True, kw_only=True)
class DisplayStatus:
    """One entry of the vocabulary. ``tone`` names the colour of ``state-<tone>``, ``sign`` the picture."""

    key: str
    words: str
    tone: str
    sign: str
    statuses: frozenset[S]
    paused: bool | None = None
    """Whether the clock is paused; None where that makes no difference."""
    resume_states: frozenset[R] = frozenset(R)
    needs_help: bool = False

    def holds_for(self, status: S, is_paused: bool, resume_state: R) -> bool:
        is_so = self.paused in (None, is_paused)
        return is_so and status in self.statuses and resume_state in self.resume_states

    @property
    def condition(self) -> ColumnElement[bool]:
        """For a query over attempts."""
        wanted: list[ColumnElement[bool]] = [Attempt.status.in_(sorted(self.statuses))]
        if self.paused is not None:
            wanted.append(Attempt.is_paused.is_(self.paused))
        if len(self.resume_states) < len(R):
            wanted.append(Attempt.resume_state.in_(sorted(self.resume_states)))
        return and_(*wanted)


class Conditions(TypedDict, total=False):
    """What an entry asks beside the status."""

    paused: bool
    resume_states: frozenset[R]
    needs_help: bool


def _entry(words: str, tone: str, sign: str, *statuses: S, **more: Unpack[Conditions]) -> DisplayStatus:
    key = words.lower().replace(" ", "-")
    return DisplayStatus(key=key, words=words, tone=tone, sign=sign, statuses=frozenset(statuses), **more)


#: In the order of the course team's interest; every status has exactly one entry.
VOCABULARY = (
    _entry("Suspended", "interrupted", "alert", S.ERROR, resume_states=frozenset({R.RESUMABLE}), needs_help=True),
    _entry("Clock paused", "paused", "pause", S.STARTED, S.READY_TO_SUBMIT, paused=True, needs_help=True),
    _entry("In progress", "progress", "progress", S.STARTED, paused=False),
    _entry("Checking answers", "checking", "progress", S.READY_TO_SUBMIT, paused=False),
    _entry("Ready to start", "ready", "ready", S.READY_TO_START),
    _entry("Setting up", "setup", "gear", S.CREATED, S.DOWNLOAD_SOFTWARE_CLICKED),
    _entry("Submitted", "handed", "tray", S.SUBMITTED, S.TIMED_OUT),
    _entry("Second review", "second", "eye", S.SECOND_REVIEW_REQUIRED),
    _entry("Accepted", "accepted", "tick", S.VERIFIED),
    _entry("Not accepted", "rejected", "cross", S.REJECTED),
    _entry("Ended early", "rejected", "out", S.ERROR, resume_states=frozenset({R.NONE})),
    _entry("Resumed", "closed", "play", S.ERROR, resume_states=frozenset({R.GRANTED, R.RESUMED})),
    _entry("Without proctoring", "closed", "dash", S.DECLINED),
    _entry("Closed", "closed", "lock", S.EXPIRED),
    _entry(
        "Onboarding required",
        "setup",
        "idcard",
        S.ONBOARDING_MISSING,
        S.ONBOARDING_PENDING,
        S.ONBOARDING_FAILED,
        S.ONBOARDING_EXPIRED,
        S.ONBOARDING_RESET,
    ),
)
BY_KEY = {entry.key: entry for entry in VOCABULARY}


def of(attempt: AnyRow | Attempt) -> DisplayStatus:
    return _find(attempt.status, attempt.is_paused, attempt.resume_state)


def count(exam_id: int) -> dict[DisplayStatus, int]:
    """How many of an exam's attempts stand where, archived ones left out; nothing for what nobody is in."""
    columns = (Attempt.status, Attempt.is_paused, Attempt.resume_state)
    query = select(*columns, func.count()).where(Attempt.exam_id == exam_id, Attempt.archived_at.is_(None))
    counts = dict.fromkeys(VOCABULARY, 0)
    for status, is_paused, resume_state, number in db.session.execute(query.group_by(*columns)):
        counts[_find(status, is_paused, resume_state)] += number
    return {entry: number for entry, number in counts.items() if number}


def _find(status: S, is_paused: bool, resume_state: R) -> DisplayStatus:
    return next(entry for entry in VOCABULARY if entry.holds_for(status, is_paused, resume_state))
