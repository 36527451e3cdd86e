"""How fast a machine may call: so many calls a minute, counted in this process.

It stops a vendor's runaway loop, not an attacker: counting in the database would cost a write for each call, more
than the call it protects. With several processes the limit is that of each.
"""

import threading
from collections import OrderedDict
from datetime import datetime

from portal import clock
from portal.domain.errors import LimitReached

MINUTE_SECONDS = 60
#: More callers than this are not remembered; the one that was quiet the longest is forgotten.
MOST_CALLERS = 10_000

_calls: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
_lock = threading.Lock()


def take(caller: str, *, per_minute: int) -> None:
    """Count one call. :raises LimitReached: there were too many in this minute."""
    now = clock.now()
    with _lock:
        began_at, calls = _calls.pop(caller, (now, 0))
        if (now - began_at).total_seconds() >= MINUTE_SECONDS or now < began_at:
            began_at, calls = now, 0
        _calls[caller] = (began_at, calls + 1)
        if len(_calls) > MOST_CALLERS:
            _calls.popitem(last=False)
    if calls >= per_minute:
        wait_seconds = max(1, MINUTE_SECONDS - int((now - began_at).total_seconds()))
        raise LimitReached(
            f"There were more than {per_minute} calls in a minute. Try again in {wait_seconds} seconds.",
            retry_after_seconds=wait_seconds,
        )


def forget_all() -> None:
    with _lock:
        _calls.clear()
