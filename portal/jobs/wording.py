"""How mails write times and lengths of time, in the learner's own time zone."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def moment(at: datetime, zone: str) -> str:
    """``Monday 2 March 2026, 13:05 (Europe/Berlin)``: a mail is read elsewhere, so the zone is named."""
    here = at.astimezone(_zone(zone))
    return f"{here:%A} {here.day} {here:%B %Y}, {here:%H:%M} ({zone})"


def length(seconds: int) -> str:
    """``1 hour 30 minutes``; seconds only below a minute."""
    minutes = abs(seconds) // 60
    if minutes == 0:
        return _count(abs(seconds), "second")
    hours, rest = divmod(minutes, 60)
    parts = [_count(hours, "hour")] if hours else []
    return " ".join([*parts, _count(rest, "minute")] if rest else parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
