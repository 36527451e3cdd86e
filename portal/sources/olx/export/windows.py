"""When a block is open and for whom, by what it and everything it stands in say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from babel.dates import format_datetime

from portal.sources.olx.export.attributes import is_true, moment, value

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
STAFF_ONLY = "its author shows it to the course team only (visible_to_staff_only)"
GROUPS_ONLY = "its author shows it to some groups of learners only (group_access), and groups are not known here"


@dataclass(frozen=True, kw_only=True)
class Level:
    """One of the blocks around a section, or itself, and how to speak of it."""

    called: str
    """Such as "its chapter"."""
    element: Element


def opens_at(levels: Sequence[Level]) -> datetime | None:
    """The latest of their starts. :raises UnusablePart: one of them is no date."""
    found = [moment(one.element.get("start"), f"{one.called} starts at") for one in levels]
    return max((at for at in found if at is not None), default=None)


def closes_at(levels: Sequence[Level]) -> datetime | None:
    """What the nearest of them says, the last being the nearest. :raises UnusablePart: it is no date."""
    for one in reversed(levels):
        if "due" in one.element.attrib:
            return moment(one.element.get("due"), f"{one.called} is due at")
    return None


def kept_from_learners(levels: Sequence[Level]) -> str:
    """Why learners must not see what stands in all of these; nothing when they may."""
    for one in levels:
        reason = _kept(one.element)
        if reason:
            return reason if one.called == "it" else reason.replace("its author shows it", f"{one.called} is shown", 1)
    return ""


def said(at: datetime) -> str:
    """``2 March 2026, 13:05 UTC``, for who reads what an import left out."""
    return format_datetime(at, "d MMMM y, HH:mm 'UTC'", tzinfo=UTC, locale="en")


def later(element: Element, than: datetime | None, now: datetime | None) -> str:
    """Why a component that opens later than its exam is not shown yet; nothing when it is open by then.

    :raises UnusablePart: its start is no date.
    """
    at = moment(element.get("start"), "it starts at")
    if at is None or at <= max(than or LONG_AGO, now or LONG_AGO):
        return ""
    return f"it opens on {said(at)}, later than the exam; import the course again after that"


def _kept(element: Element) -> str:
    if is_true(element.get("visible_to_staff_only")):
        return STAFF_ONLY
    return GROUPS_ONLY if _is_for_groups(element.get("group_access")) else ""


def _is_for_groups(written: str | None) -> bool:
    """Whether only some groups may see it. What cannot be read is taken to say so: hidden stays hidden."""
    read = value(written)
    if isinstance(read, dict):
        return any(read.values())
    return bool(read and str(read).strip())
