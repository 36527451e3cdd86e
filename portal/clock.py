"""The only reader of the wall clock; tests and simulations set it by hand."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

log = logging.getLogger(__name__)

#: A step smaller than this is a clock that is being steered, not set.
LEAST_JUMP_SECONDS = 2.0
REMEMBERED_FOR = timedelta(days=1)


def system() -> datetime:
    """The machine's own wall clock, also where :func:`now` is held by a test."""
    return datetime.now(UTC)


#: What :func:`now` asks. Replaced by tests, never by the portal itself.
source: Callable[[], datetime] = system


def now() -> datetime:
    """The present moment in UTC."""
    return source()


def milliseconds(at: datetime) -> int:
    """A moment as whole milliseconds since 1970, the unit of the timer's messages."""
    return round(at.timestamp() * 1000)


def steady_seconds() -> float:
    """Seconds that only ever go forward, whatever is done to the wall clock; also while the machine sleeps."""
    sleepless = getattr(time, "CLOCK_BOOTTIME", None)  # Linux has one; elsewhere sleep looks like a jump.
    return time.monotonic() if sleepless is None else time.clock_gettime(sleepless)


class Watch:
    """Notices that the wall clock was set while this process runs."""

    def __init__(self, wall: Callable[[], datetime] = system, steady: Callable[[], float] = steady_seconds) -> None:
        self._wall, self._steady = wall, steady
        self._apart_seconds = self._distance()
        self._lock = threading.Lock()
        self.jumped_at: datetime | None = None
        self.jumped_seconds = 0

    def look(self) -> int:
        """By how many seconds the clock has jumped since the last look; 0 where it ran as clocks do."""
        with self._lock:
            apart_seconds = self._distance()
            jump = apart_seconds - self._apart_seconds
            if abs(jump) < LEAST_JUMP_SECONDS:  # It is only being steered; the next look begins from here.
                self._apart_seconds = apart_seconds
                return 0
            self._apart_seconds, self.jumped_seconds, self.jumped_at = apart_seconds, round(jump), self._wall()
        log.warning(
            "This machine's clock jumped by %+d seconds. Deadlines stay as they are stored, so exams that run end "
            "that much sooner or later than they should: give or take the time, and let NTP keep the clock.",
            self.jumped_seconds,
        )
        return self.jumped_seconds

    def words(self) -> str:
        """The last jump, for those who run the portal; empty where there was none, or it is a day ago."""
        if self.jumped_at is None or abs(self._wall() - self.jumped_at) > REMEMBERED_FOR:
            return ""
        return f"jumped by {self.jumped_seconds:+d} seconds, to {self.jumped_at:%Y-%m-%dT%H:%M:%SZ}"

    def _distance(self) -> float:
        return self._wall().timestamp() - self._steady()


#: This process's own.
watch = Watch()
