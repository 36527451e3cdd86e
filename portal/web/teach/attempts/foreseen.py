"""What the course team is told before it acts on a clock: the figures that the verb itself will use, in words."""

from datetime import datetime

from portal.domain.attempts import reopening, resuming
from portal.domain.timekeeping import exam_clock, running_clock
from portal.models import Attempt
from portal.web.teach.labels import minutes_and_seconds, short_time

MOST_MINUTES = 24 * 60


def resume_words(attempt: Attempt, extra_minutes: int, now: datetime) -> list[str]:
    """What the learner continues with, and what the window leaves of it if they start now."""
    extra = min(max(extra_minutes, 0), MOST_MINUTES) if attempt.time_remaining_seconds is not None else 0
    facts = resuming.foresee(attempt, extra_minutes=extra, now=now)
    if facts.closes_at is not None and now >= facts.closes_at:
        return [f"The exam closed {short_time(facts.closes_at)} for this learner. Grant a longer window first."]
    if attempt.time_remaining_seconds is None:
        lines = [f"The learner gets the full time, {minutes_and_seconds(facts.own_seconds)}: the clock never started."]
    else:
        lines = [f"The learner continues with {minutes_and_seconds(facts.own_seconds)} minutes."]
    if not facts.own_seconds:
        lines = ["No time is left on the clock. Add at least 1 extra minute."]
    if facts.is_cut:
        left = minutes_and_seconds(facts.would_get_seconds)
        lines.append(f"If they start now they get {left}, because the exam closes {short_time(facts.closes_at)}.")
    return lines


def reopen_words(attempt: Attempt, minutes: int | None, now: datetime) -> list[str]:
    """When it would end with so many minutes."""
    lines = [closes_words(attempt, now)]
    if minutes and 0 < minutes <= MOST_MINUTES:
        ends_at = reopening.foresee(attempt, minutes, now=now).ends_at(now=now)
        lines.append(f"If you do this now, the exam ends {short_time(ends_at)}.")
    return lines


def end_words(attempt: Attempt, now: datetime) -> str:
    """When a paused clock would run out if it resumed now."""
    return f"If you resume the clock now, the exam ends {short_time(exam_clock.deadline_of(attempt, now=now))}."


def closes_words(attempt: Attempt, now: datetime) -> str:
    """Until when anything given counts; nothing where the exam never closes."""
    closes_at = running_clock.closes_at(attempt, now=now)
    return f"The exam closes {short_time(closes_at)} for this learner, even with time left." if closes_at else ""
