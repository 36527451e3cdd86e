"""Ends what nobody ended: breaks that are used up, running attempts past their hard stop, unstarted ones too late."""

import logging
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import current_app

from portal import clock
from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle import ending_faults
from portal.domain.proctoring import attempts_due
from portal.domain.timekeeping import time_account
from portal.jobs.outbox import yielding
from portal.models import Attempt

log = logging.getLogger(__name__)

#: An exam is submitted within ten seconds of its hard stop, however many end with it. What is left of these seconds
#: goes to those who wait for a page meanwhile.
SWEEP_SECONDS = 1.0
#: Between two ends at least, so that whoever waits to write gets a turn; where there is one writer at a time.
BREATH_SECONDS = 0.002
#: So many ends share a transaction, one question and one commit, where learners need not wait for it to write.
TOGETHER_ON_POSTGRESQL = 10

End = Callable[[Attempt], bool]


def submit_overdue(now: datetime) -> int:
    """Submit every running attempt past its hard stop; how many. Harmless to repeat."""
    stores_timed_out = bool(current_app.config["ALLOW_TIMED_OUT_STATE"])

    def end(attempt: Attempt) -> bool:
        return attempts.submit_overdue(attempt, now=now, stores_timed_out=stores_timed_out)

    ended = _end_all(attempts_due.overdue(now=now), end, now=now)
    if ended > 1:
        log.info("%d exams ended together; the last was submitted %.1f s after we looked.", ended, _since(now))
    return ended


def end_breaks(now: datetime) -> int:
    """Write down every break that is used up; how many. The clock resumed by itself, at its own moment."""
    used_up = attempts_due.with_used_up_breaks(now=now)
    return _end_all(used_up, lambda attempt: time_account.end_break(attempt, now=now), now=now)


def expire_unstarted(now: datetime) -> int:
    """Expire every attempt that was not started before its window closed; how many. Harmless to repeat."""
    unstarted = attempts_due.unstarted(now=now)
    return _end_all(unstarted, lambda attempt: attempts.expire(attempt, now=now), now=now)


def _since(now: datetime) -> float:
    return (clock.now() - now).total_seconds()


def _end_all(ids: Sequence[int], end: End, *, now: datetime) -> int:
    """Those that are due, a few or one in a transaction, so that learners' writes come between. Processes may share it.

    What stands in the way of one is kept with it, and tried again ever more rarely.
    """
    due = ending_faults.due(ids, now=now)
    if not due:
        return 0
    with yielding.ending_exams():
        return _end_each(due, end, until=time.monotonic() + SWEEP_SECONDS, now=now)


def _end_each(ids: Sequence[int], end: End, *, until: float, now: datetime) -> int:
    has_one_writer = db.engine.dialect.name == "sqlite"
    together, ended = 1 if has_one_writer else TOGETHER_ON_POSTGRESQL, 0
    for first in range(0, len(ids), together):
        some, left = ids[first : first + together], len(ids) - first
        # Only the last waits for the disk, and takes the others along.
        ended += _end_some(some, end, is_followed=left > len(some), now=now)
        if left > len(some):
            time.sleep(BREATH_SECONDS if has_one_writer else 0.0)
            yielding.give_way((until - time.monotonic()) * len(some) / left)
    return ended


def _end_some(ids: Sequence[int], end: End, *, is_followed: bool, now: datetime) -> int:
    """End some attempts in one transaction. Whoever holds one now will end it themselves.

    One that fails does not stop the others: they are tried again, each alone.
    """
    try:
        with writing(is_followed=is_followed):
            return sum(end(attempt) for attempt in attempts_due.hold_all_free(ids))
    except Exception as err:
        if len(ids) > 1:
            return sum(_end_some([one], end, is_followed=is_followed, now=now) for one in ids)
        with writing():
            is_news = ending_faults.note(ids[0], _named(err), now=now)
        if is_news:
            log.exception("Attempt number %d could not be ended; the others are. It is tried again.", ids[0])
        return 0


def _named(err: Exception) -> str:
    """The kind of fault and where it came up; not its text, which may be a learner's."""
    frames = traceback.extract_tb(err.__traceback__)
    return f"{type(err).__name__} in {frames[-1].name}" if frames else type(err).__name__
