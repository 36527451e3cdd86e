"""How emails write times and lengths of time, in the learner's own time zone and language."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal import languages
from portal.languages import gettext, ngettext


def moment(at: datetime, zone: str) -> str:
    """``Monday 2 March 2026, 13:05 (Europe/Berlin)``: a mail is read elsewhere, so the zone is named."""
    # What stands between the parts of a date is the language's own affair: a Unicode date pattern.
    pattern = gettext("EEEE d MMMM y, HH:mm")
    return f"{languages.written(at.astimezone(_zone(zone)), pattern)} ({zone})"


def length(seconds: int) -> str:
    """``1 hour 30 minutes``; seconds only below a minute."""
    minutes = abs(seconds) // 60
    if minutes == 0:
        return ngettext("%(num)s second", "%(num)s seconds", abs(seconds))
    hours, rest = divmod(minutes, 60)
    in_minutes = ngettext("%(num)s minute", "%(num)s minutes", rest)
    if not hours:
        return in_minutes
    in_hours = ngettext("%(num)s hour", "%(num)s hours", hours)
    return gettext("%(hours)s %(minutes)s", hours=in_hours, minutes=in_minutes) if rest else in_hours


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
