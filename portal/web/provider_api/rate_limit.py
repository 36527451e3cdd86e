"""How fast a machine may call, and how much it may leave here: counted in this process.

It stops a provider's runaway loop, not an attacker: counting in the database would cost a write for each call, more
than the call it protects. With several processes the limit is that of each.
"""

import threading
from collections import OrderedDict
from datetime import datetime

from portal import clock
from portal.domain.errors import LimitReached

MINUTE_SECONDS, HOUR_SECONDS = 60, 3600
#: What a message costs besides its body.
ROW_LETTERS = 1024
#: More callers than this are not remembered; the one that was quiet the longest is forgotten.
MOST_CALLERS = 10_000

_calls: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
_lock = threading.Lock()


def take(caller: str, *, per_minute: int) -> None:
    """Count one call. :raises LimitReached: there were too many in this minute."""
    calls, wait_seconds = _count(caller, 1, within_seconds=MINUTE_SECONDS)
    if calls > per_minute:
        raise LimitReached(
            f"There were more than {per_minute} calls in a minute. Try again in {wait_seconds} seconds.",
            retry_after_seconds=wait_seconds,
        )


def take_room(caller: str, letters: int, *, megabytes_per_hour: int) -> None:
    """Count what is about to be kept of one message, so that nobody fills the disk.

    :raises LimitReached: there was too much in this hour. Nothing is kept then, and the sender may come again.
    """
    letters += ROW_LETTERS
    total, wait_seconds = _count(f"room {caller}", letters, within_seconds=HOUR_SECONDS)
    if total > megabytes_per_hour * 1024 * 1024:
        raise LimitReached(
            f"More than {megabytes_per_hour} MB were sent in an hour. Try again in {wait_seconds} seconds.",
            retry_after_seconds=wait_seconds,
        )


def _count(caller: str, number: int, *, within_seconds: int) -> tuple[int, int]:
    """How much there was in this stretch of time with ``number``, and the seconds until the next one begins."""
    now = clock.now()
    with _lock:
        began_at, known = _calls.pop(caller, (now, 0))
        if (now - began_at).total_seconds() >= within_seconds or now < began_at:
            began_at, known = now, 0
        _calls[caller] = (began_at, known + number)
        if len(_calls) > MOST_CALLERS:
            _calls.popitem(last=False)
    return known + number, max(1, within_seconds - int((now - began_at).total_seconds()))


def forget_all() -> None:
    with _lock:
        _calls.clear()
