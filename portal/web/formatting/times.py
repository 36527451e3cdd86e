"""How times and durations read on a page, in the time zone and the language of the person who looks."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, current_app, request
from flask_login import current_user

from portal import clock, languages
from portal.languages import gettext, ngettext
from portal.version import VERSION

#: Steps between two text sizes; each is a class of the page.
TEXT_SIZES = ("usual", "large", "largest")
TEXT_SIZE_COOKIE = "text_size"


def init_app(app: Flask) -> None:
    for words in (
        clock_time,
        exact_time,
        date_time,
        exact_minutes,
        is_today,
        near_time,
        short_date,
        length_text,
        minutes_text,
        minutes_of,
        whole_minutes,
        zone_city,
    ):
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
    return str(getattr(current_user, "time_zone", "UTC"))  # Who is not signed in has none.


def zone_city() -> str:
    """The same for reading: ``Berlin``, ``Buenos Aires``."""
    return zone_name().rpartition("/")[2].replace("_", " ")


def local(at: datetime) -> datetime:
    return at.astimezone(zone_of(zone_name()))


def clock_time(at: datetime | None) -> str:
    """``14:05``; nothing for None."""
    return local(at).strftime("%H:%M") if at else ""  # The same in every language, and much sooner than by a pattern.


def exact_time(at: datetime) -> str:
    """``14:05:09``, where a minute is too coarse."""
    return local(at).strftime("%H:%M:%S")


def date_time(at: datetime | None) -> str:
    """``Fri 20 November 2026, 15:54``; nothing for None."""
    # What stands between the parts of a date is the language's own affair: a Unicode date pattern.
    return _written(at, gettext("EEE d MMMM y, HH:mm"))


def short_date(at: datetime | None) -> str:
    """``Fri 20 Nov``, in another year ``Sat 1 Jun 2030``; nothing for None."""
    is_near = at is not None and local(at).year == local(clock.now()).year
    return _written(at, gettext("EEE d MMM") if is_near else gettext("EEE d MMM y"))


def is_today(at: datetime) -> bool:
    """For whoever looks."""
    return local(at).date() == local(clock.now()).date()


def near_time(at: datetime | None) -> str:
    """``15:54`` today, ``Fri 20 November 2026, 15:54`` on any other day; nothing for None."""
    return clock_time(at) if at is not None and is_today(at) else date_time(at)


def _written(at: datetime | None, pattern: str) -> str:
    if at is None:
        return ""
    return languages.written(local(at), pattern)


def minutes_of(seconds: int | float) -> int:
    """Whole minutes, rounded down."""
    return int(seconds // 60)


def whole_minutes(seconds: int | float) -> str:
    """``135 minutes``: an exam's length is compared with others, so it is never given in hours."""
    minutes = minutes_of(seconds)
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)


def minutes_text(minutes: int | float) -> str:
    """``45 minutes``, ``1 hour 30 minutes``, ``2 hours``; whole minutes, rounded down."""
    hours, rest = divmod(int(minutes), 60)
    in_minutes = ngettext("%(num)s minute", "%(num)s minutes", rest)
    if not hours:
        return in_minutes
    in_hours = ngettext("%(num)s hour", "%(num)s hours", hours)
    return gettext("%(hours)s %(minutes)s", hours=in_hours, minutes=in_minutes) if rest else in_hours


def exact_minutes(seconds: int | float) -> str:
    """``62 minutes``, and ``62:01 minutes`` where seconds were kept: what a clock begins with, to the second."""
    minutes, rest = divmod(int(seconds), 60)
    return gettext("%(time)s minutes", time=f"{minutes}:{rest:02}") if rest else whole_minutes(seconds)


def length_text(seconds: int | float) -> str:
    """The same of seconds; a length of less than a minute is told in them."""
    if seconds >= 60:
        return minutes_text(seconds // 60)
    return ngettext("%(num)s second", "%(num)s seconds", int(seconds))


def _page() -> dict[str, object]:
    language = languages.current()
    return {
        "page_lang": language,
        "page_dir": languages.direction(language),
        "page_zone": zone_name(),
        "text_size": _text_size(),
        "language_name": languages.NAMES[languages.known(getattr(current_user, "language", ""))],
        "site_name": current_app.config["SITE_NAME"],
        "portal_version": VERSION,
        "help_contact": current_app.config["HELP_CONTACT"],
    }


def _text_size() -> str:
    """A matter of the device, not of the person: kept in its browser."""
    kept = request.cookies.get(TEXT_SIZE_COOKIE, "")
    return kept if kept in TEXT_SIZES else TEXT_SIZES[0]
