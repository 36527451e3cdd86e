"""The line of the recording as numbers in per cent; the template draws it as SVG, and the same facts as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.providers.port import SUSPICIOUS, VIOLATION
from portal.models import Attempt, ReviewComment, TimeEntry, TimeEntryKind
from portal.web.review.labels import STILL

#: How much of a break is drawn that lasts still, where nothing else is known of the time after it.
NOT_OVER = timedelta(minutes=1)
#: Thinner ones could not be seen.
THINNEST = 0.6
TONES = {VIOLATION: "is-bad", SUSPICIOUS: "is-warn"}


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A part of the line, in per cent of its length."""

    x: float
    width: float
    tone: str
    words: str
    begins_at: datetime
    ends_at: datetime | None
    pattern: str = ""


@dataclass(frozen=True, kw_only=True)
class Recording:
    begins_at: datetime
    ends_at: datetime
    incidents: list[Stretch]
    saved: list[float]
    """Where answers were saved."""
    runs: list[Stretch]
    stops: list[Stretch]

    @property
    def minutes(self) -> int:
        return round((self.ends_at - self.begins_at).total_seconds() / 60)


def recording(
    attempt: Attempt, incidents: Sequence[ReviewComment], rows: Sequence[TimeEntry], saved_at: Sequence[datetime]
) -> Recording | None:
    """From the start of the exam to its end, or to the last thing known of it. None before the start."""
    begins_at = attempt.started_at
    if begins_at is None:
        return None
    last = max((max(one.stop_seconds, one.start_seconds) for one in incidents), default=0)
    seen = [row.ended_at or row.at + NOT_OVER for row in rows if row.kind in STILL]
    known = [attempt.completed_at, *seen, *saved_at[-1:], begins_at + timedelta(seconds=max(last, 60))]
    ends_at = max(at for at in known if at is not None)
    line = _Line(begins_at, ends_at)
    stops = [line.stop(row) for row in rows if row.kind in STILL and row.at < ends_at]
    return Recording(
        begins_at=begins_at,
        ends_at=ends_at,
        incidents=[line.incident(number, one) for number, one in enumerate(incidents, start=1) if one.is_timed],
        saved=[line.place(at) for at in saved_at if begins_at <= at <= ends_at],
        runs=line.between(stops),
        stops=stops,
    )


@dataclass(frozen=True)
class _Line:
    begins_at: datetime
    ends_at: datetime

    def place(self, at: datetime) -> float:
        whole = (self.ends_at - self.begins_at).total_seconds()
        part = (min(max(at, self.begins_at), self.ends_at) - self.begins_at).total_seconds()
        return round(100 * part / whole, 2)

    def stretch(self, first: datetime, last: datetime, *, tone: str, words: str, pattern: str = "") -> Stretch:
        x = min(self.place(first), 100 - THINNEST)
        width = max(self.place(last) - x, THINNEST)
        return Stretch(
            x=round(x, 2), width=round(width, 2), tone=tone, words=words, begins_at=first, ends_at=last, pattern=pattern
        )

    def incident(self, number: int, one: ReviewComment) -> Stretch:
        first = self.begins_at + timedelta(seconds=max(0, one.start_seconds))
        seconds = max(one.stop_seconds - one.start_seconds, one.duration_seconds, 0)
        tone = TONES.get(one.status, "")
        return self.stretch(
            first, first + timedelta(seconds=seconds), tone=tone, words=f"Incident {number}: {one.comment}"
        )

    def stop(self, row: TimeEntry) -> Stretch:
        is_broken = row.kind is TimeEntryKind.INTERRUPTION
        pattern = "broken" if is_broken else "allowed"
        return self.stretch(row.at, row.ended_at or self.ends_at, tone="", words=STILL[row.kind], pattern=pattern)

    def between(self, stops: Sequence[Stretch]) -> list[Stretch]:
        """Where the clock ran."""
        edges = [self.begins_at, *(at for one in stops for at in (one.begins_at, one.ends_at or self.ends_at))]
        pairs = zip(edges[::2], [*edges[1::2], self.ends_at], strict=True)
        return [self.stretch(a, b, tone="state-handed", words="Clock running") for a, b in pairs if b > a]
