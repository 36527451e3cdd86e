"""Who was last heard when, and what silence means. Silence never ends an attempt by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.db import db
from portal.domain.errors import NotNow
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import cases
from portal.domain.providers import provider_options
from portal.domain.providers.provider_options import ProviderOptions
from portal.domain.timekeeping import time_account
from portal.models import Attempt, CaseKind, HeardFrom, Heartbeat, Provider, TimeEntry, TimeEntryKind

#: Silence after which the board and the learner are told.
SILENT_AFTER = timedelta(seconds=provider_options.LEAST_PATIENCE_SECONDS)
#: A source speaks again and again; a row younger than this is not written anew.
LEAST_APART = timedelta(seconds=2)


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """How an attempt stands with its provider at one moment."""

    heard_at: dict[HeardFrom, datetime]
    silent_source: HeardFrom | None
    """Which expected source has been silent the longest, if that is longer than a minute."""
    silent_seconds: int
    has_failed: bool
    """Whether an expected source's last word was that the provider does not answer."""
    is_interrupted: bool
    interrupted_at: datetime | None
    resumes_until_at: datetime | None
    """Reconnected before this moment, the exam resumes by itself."""


def hear(attempt_id: int, source: HeardFrom, *, now: datetime, failed: bool = False, detail: str = "") -> Heartbeat:
    """Note that ``source`` spoke; ``failed``: it said that the provider behind it does not answer.

    Again within two seconds changes nothing. Only rows of its own are touched, so nobody waits for a lock.
    """
    heard = db.session.get(Heartbeat, (attempt_id, source))
    if heard is None:
        heard = Heartbeat(attempt_id=attempt_id, source=source, heard_at=now)
        db.session.add(heard)
    if failed:
        heard.failed_at, heard.detail = now, detail[:200]
        return heard
    if abs(now - heard.heard_at) >= LEAST_APART or heard.failed_at is not None:
        heard.heard_at, heard.failed_at, heard.detail = now, None, detail[:200]
    return heard


def stay_alive(attempt_id: int, source: HeardFrom, *, now: datetime) -> bool:
    """Note a sign of life of a source, unless its last word was that it fails; False then."""
    heard = db.session.get(Heartbeat, (attempt_id, source))
    if heard is not None and heard.failed_at is not None:
        return False
    hear(attempt_id, source, now=now)
    return True


def presence(attempt: Attempt, options: ProviderOptions, *, now: datetime) -> Hearing:
    """Read-only: who was heard when, and whether the silence counts as an interruption."""
    rows = db.session.scalars(select(Heartbeat).where(Heartbeat.attempt_id == attempt.id)).all()
    heard_at = {row.source: row.heard_at for row in rows}
    began_at, expected = attempt.started_at or now, _expected(rows, options)
    oldest = min(
        ((max(heard_at.get(source, began_at), began_at), source) for source in expected),
        default=(now, HeardFrom.PAGE),
    )
    silent = now - oldest[0]
    interruption = _open_interruption(attempt)
    return Hearing(
        heard_at=heard_at,
        silent_source=oldest[1] if silent >= SILENT_AFTER else None,
        silent_seconds=max(0, int(silent.total_seconds())),
        has_failed=any(row.failed_at is not None and row.source in expected for row in rows),
        is_interrupted=interruption is not None,
        interrupted_at=interruption.at if interruption else None,
        resumes_until_at=interruption.at + options.auto_resume if interruption else None,
    )


def list_for(attempt: Attempt) -> Sequence[Heartbeat]:
    query = select(Heartbeat).where(Heartbeat.attempt_id == attempt.id).order_by(Heartbeat.source)
    return db.session.scalars(query).all()


def last_of(attempt: Attempt, source: HeardFrom) -> Heartbeat | None:
    """When this source was last heard; None when it never was."""
    return db.session.get(Heartbeat, (attempt.id, source))


def attend(attempt: Attempt, provider: Provider, *, now: datetime) -> str:
    """Pause the clock of a running attempt that has been silent too long, or resume it when reconnected.

    Returns ``interrupted``, ``resumed`` or an empty word. Harmless to repeat; the attempt is held by the caller.
    """
    options = provider_options.of(provider)
    if not attempt.is_running or not attempt.taking_as_proctored or options.after_silence == "ignore":
        return ""
    time_account.end_break(attempt, now=now)
    hearing = presence(attempt, options, now=now)
    if hearing.is_interrupted:
        is_back = _is_back(hearing, now=now)
        if is_back:
            time_account.resume_clock(attempt, Cause(actor=Actor.PORTAL, reason="Reconnected."), now=now)
        else:
            _call_for_a_person(attempt, hearing, now=now)
        return "resumed" if is_back else ""
    if attempt.is_paused or hearing.silent_seconds < options.patience.total_seconds():
        return ""
    if now - _went_on_at(attempt) < options.patience:
        return ""  # A person has resumed it although the silence lasts; that buys the same patience again.
    return _interrupt(attempt, hearing, provider, now=now)


def _is_back(hearing: Hearing, *, now: datetime) -> bool:
    """Everybody has reconnected in time, and nobody says that the provider is still away."""
    is_heard = hearing.silent_source is None and not hearing.has_failed
    return is_heard and hearing.resumes_until_at is not None and now < hearing.resumes_until_at


def _interrupt(attempt: Attempt, hearing: Hearing, provider: Provider, *, now: datetime) -> str:
    who = provider.name if hearing.silent_source in {HeardFrom.WORKER, HeardFrom.PROVIDER} else "The exam page"
    reason = f"{who} lost its connection for {hearing.silent_seconds} seconds."
    try:
        time_account.pause_clock(attempt, TimeEntryKind.INTERRUPTION, Cause(actor=Actor.PORTAL, reason=reason), now=now)
    except NotNow:
        return ""  # The time is up already; the sweeper submits it.
    return "interrupted"


def _call_for_a_person(attempt: Attempt, hearing: Hearing, *, now: datetime) -> None:
    """It no longer resumes by itself: the course team hears of it, once for each interruption."""
    if hearing.interrupted_at is None or hearing.resumes_until_at is None or now < hearing.resumes_until_at:
        return
    text = f"{attempt.exam.name}: resume a learner's clock. The connection was lost, and the clock is paused."
    key = f"{attempt.ref}.interrupted-{hearing.interrupted_at:%Y%m%dT%H%M%S}"
    course_id = attempt.exam.course_id
    cases.open_case(CaseKind.INTERRUPTED, text, key=key, course_id=course_id, attempt=attempt, now=now)


def _expected(rows: Sequence[Heartbeat], options: ProviderOptions) -> set[HeardFrom]:
    """The page always; the provider's script where it has one; the provider's server once it has spoken."""
    spoke = {row.source for row in rows}
    worker = {HeardFrom.WORKER} if options.worker_js_url or options.desktop_base_url else set()
    return {HeardFrom.PAGE} | worker | (spoke & {HeardFrom.WORKER, HeardFrom.PROVIDER})


def _went_on_at(attempt: Attempt) -> datetime:
    """When the clock of a running attempt last began to run."""
    query = select(func.max(TimeEntry.ended_at)).where(TimeEntry.attempt_id == attempt.id)
    return db.session.scalar(query) or attempt.started_at or attempt.created_at


def _open_interruption(attempt: Attempt) -> TimeEntry | None:
    query = select(TimeEntry).where(
        TimeEntry.attempt_id == attempt.id,
        TimeEntry.kind == TimeEntryKind.INTERRUPTION,
        TimeEntry.ended_at.is_(None),
    )
    return db.session.scalar(query.limit(1)) if attempt.is_paused else None
