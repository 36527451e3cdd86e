"""How times and durations read on a page, in the time zone of the person who looks."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, current_app
from flask_login import current_user

#: Languages the pages are written in; anyone else reads the first.
WRITTEN_IN = ("en",)
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def init_app(app: Flask) -> None:
    for words in (clock_time, date_time, minutes_text):
        app.add_template_filter(words)
        app.add_template_global(words)
    app.context_processor(_page)


def zone_of(name: str) -> tzinfo:
    """The named time zone; UTC when nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def zone_name() -> str:
    """The time zone of whoever looks, as a name such as ``Europe/Berlin``."""
    return str(current_user.time_zone) if current_user.is_authenticated else "UTC"


def local(at: datetime) -> datetime:
    return at.astimezone(zone_of(zone_name()))


def clock_time(at: datetime | None) -> str:
    """``14:05``; nothing for None."""
    return local(at).strftime("%H:%M") if at else ""


def date_time(at: datetime | None) -> str:
    """``Fri 20 November 2026, 15:54``; nothing for None."""
    if at is None:
        return ""
    here = local(at)
    return f"{DAYS[here.weekday()]} {here.day} {MONTHS[here.month - 1]} {here.year}, {here:%H:%M}"


def minutes_text(minutes: int | float) -> str:
    """``45 minutes``, ``1 hour 30 minutes``, ``2 hours``; whole minutes, rounded down."""
    hours, rest = divmod(int(minutes), 60)
    parts = [_count(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(_count(rest, "minute"))
    return " ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _page() -> dict[str, str]:
    wanted = current_user.language if current_user.is_authenticated else WRITTEN_IN[0]
    language = wanted if wanted in WRITTEN_IN else WRITTEN_IN[0]
    return {
        "page_lang": language,
        "page_dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "page_zone": zone_name(),
        "site_name": current_app.config["SITE_NAME"],
        "help_contact": current_app.config["HELP_CONTACT"],
    }
