"""The window of an exam as a learner reads it: when it is open, and a ruler of it with their own minutes on it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import clock
from portal.domain.timekeeping.budget import EntryFacts
from portal.languages import current, direction, gettext
from portal.web.formatting.times import clock_time, date_time, local, short_date, whole_minutes
from portal.web.learner import bp

#: Between two ticks, and between two long ones, in minutes; the first that gives few enough is taken.
STEPS = ((10, 60), (30, 120), (60, 360), (360, 1440), (1440, 10080), (10080, 40320))
MOST_TICKS = 24
#: In a longer window a learner's own minutes are too short a stretch to be seen: the numbers say it better.
LONGEST_DRAWN = timedelta(hours=12)
#: So near to an end of the ruler a word is not centred on its place, and would stand in another's way.
NEAR = 14.0
#: The same for the length in the middle, beside the words at both ends, on the narrowest telephone; dates are long.
NEAR_FOR_MIDDLE = 28.0
NEAR_FOR_MIDDLE_OF_DAYS = 42.0


@dataclass(frozen=True, kw_only=True)
class Ruler:
    """Places in percent of the whole window, from its opening."""

    run_from: float
    run_to: float
    now: float | None
    ticks: list[tuple[float, bool]]
    first: str
    last: str
    middle: str
    middle_apart: float
    sentence: str
    at: datetime

    def x(self, at: float) -> str:
        """A place as a coordinate: from right to left, time runs that way, too."""
        return coordinate(at)

    @property
    def run_x(self) -> str:
        return self.x(self.run_to if is_rtl() else self.run_from)

    @property
    def now_anchor(self) -> str:
        return anchor(self.now or 0)

    @property
    def middle_at(self) -> float | None:
        at = (self.run_from + self.run_to) / 2
        return at if self.middle_apart < at < 100 - self.middle_apart else None


def is_rtl() -> bool:
    return direction(current()) == "rtl"


def coordinate(at: float) -> str:
    """A place on a ruler, in percent of its length, as an SVG has it."""
    return f"{100 - at if is_rtl() else at:.2f}%"


def anchor(at: float) -> str:
    """Which part of a word stands at its place: its beginning or end where the ruler begins or ends."""
    return "start" if at < NEAR / 2 else "end" if at > 100 - NEAR / 2 else "middle"


def is_one_day(facts: EntryFacts) -> bool:
    both = facts.opens_at and facts.closes_at
    return bool(both) and local(facts.opens_at or clock.now()).date() == local(facts.closes_at or clock.now()).date()


def heading(facts: EntryFacts) -> str:
    """``Open today``, ``Open Fri 20 Nov``, ``Open``; once it is closed ``Was open``, and the day."""
    is_over = facts.closes_at is not None and clock.now() >= facts.closes_at
    if not is_one_day(facts):
        return gettext("Was open") if is_over else gettext("Open")
    if is_over:
        return gettext("Was open %(day)s", day=short_date(facts.closes_at))
    is_today = local(clock.now()).date() == local(facts.closes_at or clock.now()).date()
    return gettext("Open today") if is_today else gettext("Open %(day)s", day=short_date(facts.closes_at))


def end_words(facts: EntryFacts, at: datetime | None) -> str:
    """A time in the window: without its date where the window is within one day."""
    if is_one_day(facts):
        return clock_time(at)
    return date_time(at) if at == facts.full_until_at else short_date(at)


def ends_if_started(facts: EntryFacts) -> datetime:
    """When the learner's time would be up if they pressed Start now."""
    if facts.is_cut and facts.closes_at is not None:
        return facts.closes_at
    return clock.now() + timedelta(seconds=facts.would_get_seconds)


def ruler(facts: EntryFacts) -> Ruler | None:
    """None where the window has no opening, no close, is over, or is longer than half a day."""
    opens_at, closes_at, now = facts.opens_at, facts.closes_at, clock.now()
    if opens_at is None or closes_at is None or now >= closes_at or closes_at <= opens_at:
        return None
    if closes_at - opens_at > LONGEST_DRAWN:
        return None
    whole = (closes_at - opens_at).total_seconds()
    begins_at = max(now, opens_at)

    def place(at: datetime) -> float:
        return round(100 * (at - opens_at).total_seconds() / whole, 2)

    return Ruler(
        run_from=place(begins_at),
        run_to=place(begins_at + timedelta(seconds=facts.would_get_seconds)),
        now=place(now) if now >= opens_at else None,
        ticks=_ticks(whole / 60),
        first=end_words(facts, opens_at),
        last=end_words(facts, closes_at),
        middle=whole_minutes(facts.would_get_seconds),
        middle_apart=NEAR_FOR_MIDDLE if is_one_day(facts) else NEAR_FOR_MIDDLE_OF_DAYS,
        sentence=_sentence(facts, now),
        at=now,
    )


def _sentence(facts: EntryFacts, now: datetime) -> str:
    window = gettext(
        "The exam is open from %(first)s to %(last)s.", first=date_time(facts.opens_at), last=date_time(facts.closes_at)
    )
    if facts.opens_at and now < facts.opens_at:
        return window
    length = whole_minutes(facts.would_get_seconds)
    rest = gettext("It is %(now)s now. If you start now you have %(length)s.", now=clock_time(now), length=length)
    return f"{window} {rest}"


def _ticks(minutes: float) -> list[tuple[float, bool]]:
    """Where the ticks stand, and which of them are long."""
    step, long = next(((step, long) for step, long in STEPS if minutes / step <= MOST_TICKS), STEPS[-1])
    count = min(int(minutes // step), 60)
    places = [number * step for number in range(1, count + 1) if number * step < minutes]
    return [(round(100 * at / minutes, 2), at % long == 0) for at in places]


def register() -> None:
    """Give the templates what they draw with."""
    bp.add_app_template_global(heading, "window_heading")
    bp.add_app_template_global(end_words, "window_end")
    bp.add_app_template_global(ends_if_started)
    bp.add_app_template_global(is_one_day, "window_is_one_day")
    bp.add_app_template_global(ruler, "window_picture")
    bp.add_app_template_global(coordinate, "ruler_x")
    bp.add_app_template_global(is_rtl)


register()
