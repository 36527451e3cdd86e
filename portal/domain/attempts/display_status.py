"""Where an attempt stands, in the words that everybody reads, and how to ask the database for it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select

from portal.db import db
from portal.models import Attempt
from portal.models import AttemptStatus as S


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One entry of the vocabulary. ``tone`` names the colour of ``state-<tone>``, ``sign`` the picture."""

    key: str
    words: str
    tone: str
    sign: str
    statuses: frozenset[S]
    paused: bool | None = None
    """Whether the clock stands still; None where that makes no difference."""
    resumable: bool | None = None
    resumed: bool | None = None
    """Whether a person has let the learner go on in another attempt."""
    needs_help: bool = False

    def holds_for(self, status: S, *, is_paused: bool, is_resumable: bool, is_resumed: bool) -> bool:
        if status not in self.statuses:
            return False
        wanted = ((self.paused, is_paused), (self.resumable, is_resumable), (self.resumed, is_resumed))
        return all(want in (None, given) for want, given in wanted)

    @property
    def condition(self) -> ColumnElement[bool]:
        """For a query over attempts."""
        wanted: list[ColumnElement[bool]] = [Attempt.status.in_(sorted(self.statuses))]
        if self.paused is not None:
            wanted.append(Attempt.is_paused.is_(self.paused))
        if self.resumable is not None:
            wanted.append(Attempt.is_resumable.is_(self.resumable))
        if self.resumed is not None:
            wanted.append(Attempt.ready_to_resume.is_(self.resumed))
        return and_(*wanted)


def _entry(words: str, tone: str, sign: str, *statuses: S, **more: bool) -> Standing:
    key = words.lower().replace(" ", "-")
    return Standing(key=key, words=words, tone=tone, sign=sign, statuses=frozenset(statuses), **more)


#: In the order of the course team's interest; every status has exactly one entry.
VOCABULARY = (
    _entry("Suspended", "interrupted", "alert", S.ERROR, resumable=True, needs_help=True),
    _entry("Clock paused", "paused", "pause", S.STARTED, S.READY_TO_SUBMIT, paused=True, needs_help=True),
    _entry("In progress", "progress", "progress", S.STARTED, paused=False),
    _entry("Checking answers", "checking", "progress", S.READY_TO_SUBMIT, paused=False),
    _entry("Ready to start", "ready", "ready", S.READY_TO_START),
    _entry("Setting up", "setup", "gear", S.CREATED, S.DOWNLOAD_SOFTWARE_CLICKED),
    _entry("Submitted", "handed", "tray", S.SUBMITTED, S.TIMED_OUT),
    _entry("Second review", "second", "eye", S.SECOND_REVIEW_REQUIRED),
    _entry("Accepted", "accepted", "tick", S.VERIFIED),
    _entry("Not accepted", "rejected", "cross", S.REJECTED),
    _entry("Ended early", "rejected", "out", S.ERROR, resumable=False, resumed=False),
    _entry("Resumed", "closed", "play", S.ERROR, resumable=False, resumed=True),
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
FACTS = ("is_paused", "is_resumable", "is_resumed")
BY_KEY = {standing.key: standing for standing in VOCABULARY}


def of(attempt: Attempt) -> Standing:
    facts = {"is_paused": attempt.is_paused, "is_resumable": attempt.is_resumable}
    return _find(attempt.status, **facts, is_resumed=attempt.ready_to_resume)


def count(exam_id: int) -> dict[Standing, int]:
    """How many of an exam's attempts stand where, archived ones left out; nothing for what nobody is in."""
    columns = (Attempt.status, Attempt.is_paused, Attempt.is_resumable, Attempt.ready_to_resume)
    query = select(*columns, func.count()).where(Attempt.exam_id == exam_id, Attempt.archived_at.is_(None))
    counts = dict.fromkeys(VOCABULARY, 0)
    for status, *facts, number in db.session.execute(query.group_by(*columns)):
        counts[_find(status, **dict(zip(FACTS, facts, strict=True)))] += number
    return {standing: number for standing, number in counts.items() if number}


def _find(status: S, **facts: bool) -> Standing:
    return next(standing for standing in VOCABULARY if standing.holds_for(status, **facts))
