"""The pictures of the course team's pages as numbers in per cent; the templates draw them as SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.answers.scores import Score
from portal.domain.attempts.display_status import DisplayStatus
from portal.domain.timekeeping import exam_clock
from portal.models import Attempt, TimeEntry
from portal.web.teach.labels import STOPPED

TALLEST = 100


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of a bar, in per cent of its width."""

    x: float
    width: float
    tone: str
    words: str
    count: int = 0
    key: str = ""


def stacked(counts: Mapping[DisplayStatus, int]) -> list[Piece]:
    """One bar that holds every attempt, a piece for each state."""
    total, at, pieces = sum(counts.values()), 0, []
    for entry, count in counts.items():
        pieces.append(
            Piece(
                x=_percent(at, total),
                width=_percent(count, total),
                tone=entry.tone,
                words=entry.words,
                count=count,
                key=entry.key,
            )
        )
        at += count
    return pieces


@dataclass(frozen=True, kw_only=True)
class Clock:
    """An attempt's time as a ruler: where the clock ran, where it was paused, and where now is."""

    runs: list[Piece]
    stops: list[Piece]
    now: float | None
    begins_at: datetime
    ends_at: datetime


def ruler(
    attempt: Attempt, rows: Sequence[TimeEntry], *, ended_at: datetime | None = None, now: datetime
) -> Clock | None:
    """None before the start. ``ended_at``: when it ended in a way that the attempt itself keeps no time of."""
    if attempt.started_at is None or attempt.deadline_at is None:
        return None
    begins_at = attempt.started_at
    ends_at = exam_clock.deadline_of(attempt, now=now) or attempt.deadline_at
    until = min(now if attempt.is_running else attempt.completed_at or ended_at or now, ends_at)
    whole = (ends_at - begins_at).total_seconds() or 1

    def piece(first: datetime, last: datetime, tone: str = "") -> Piece:
        x = _percent((first - begins_at).total_seconds(), whole)
        return Piece(x=x, width=max(0.0, _percent((last - first).total_seconds(), whole)), tone=tone, words="")

    still = [row for row in rows if row.kind in STOPPED and row.at < until]
    stops = [piece(row.at, row.ended_at or until, "" if row.ended_at else "state-interrupted") for row in still]
    edges = [begins_at, *(at for row in still for at in (row.at, row.ended_at or until)), until]
    runs = [piece(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True)]
    mark = _percent((now - begins_at).total_seconds(), whole) if attempt.is_running and now < ends_at else None
    return Clock(runs=runs, stops=stops, now=mark, begins_at=begins_at, ends_at=ends_at)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the histogram: its lowest mark, how many learners, its height in pixels."""

    least: int
    most: int
    count: int
    height: int
    x: float
    width: float


def histogram(scores: Sequence[Score], possible: int) -> list[Column]:
    """Learners by marks, in at most eleven steps of equal width."""
    if not scores or possible < 1:
        return []
    step = max(1, -(-possible // 10))
    counts = [0] * (possible // step + 1)
    for score in scores:
        counts[min(max(int(score.points), 0), possible) // step] += score.learners
    tallest, wide = max(counts), 100 / len(counts)
    return [
        Column(
            least=i * step,
            most=min(i * step + step - 1, possible),
            count=count,
            height=round(TALLEST * count / tallest),
            x=round(i * wide, 2),
            width=round(wide, 2),
        )
        for i, count in enumerate(counts)
    ]


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
