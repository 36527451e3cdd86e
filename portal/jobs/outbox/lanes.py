"""Which background thread takes which message, and for how long a receiver that does not answer is left alone."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from portal.domain.outbox.outbox_claims import Topics
from portal.models import Topic
from portal.models.outbox.outbox import TO_PROVIDERS

#: A try that failed after so long was not refused: nobody answered.
SILENT_AFTER_SECONDS = 3.0
#: So long such a receiver is left alone, and others go first.
LEFT_ALONE_SECONDS = 60.0


@dataclass(frozen=True)
class Lane:
    """Topics that threads of their own take, so that no silent receiver of another kind holds them up."""

    name: str
    threads: int
    topics: tuple[str, ...] = ()
    """Exact topics, or beginnings that end with a dot. Empty: whatever no other lane takes."""

    @property
    def takes(self) -> Topics:
        if self.topics:
            return Topics(names=self.topics)
        return Topics(names=[topic for lane in LANES for topic in lane.topics], are_left_out=True)


LANES = (
    Lane("default", 1),
    Lane("mail", 2, (Topic.EMAIL, Topic.UNSEEN_TIME, Topic.SUPPORT)),
    Lane("webhooks", 2, (Topic.WEBHOOK_DELIVER,)),
    Lane("providers", 2, (TO_PROVIDERS,)),
)

_silent_until: dict[str, float] = {}
_asked_since: dict[str, float] = {}
_lock = threading.Lock()


class Silent(RuntimeError):
    """A receiver did not answer a moment ago, or does not just now; this does not count as a try."""

    def __init__(self, who: str, wait_seconds: float) -> None:
        super().__init__(f"{who} did not answer a moment ago, so it is left alone for a while.")
        self.wait = timedelta(seconds=max(1.0, wait_seconds))


@contextmanager
def calling(who: str) -> Iterator[None]:
    """Around every question to ``who``: what fails slowly is left alone for a minute, by all threads of this process.

    :raises Silent: it is being left alone, or another thread has waited for it for a while already.
    """
    now = time.monotonic()
    with _lock:
        left = _silent_until.get(who, 0.0) - now
        waits = now - _asked_since.get(who, now)
        if left > 0 or waits > SILENT_AFTER_SECONDS:
            raise Silent(who, left)
        _asked_since.setdefault(who, now)
    try:
        yield
    except Exception:
        _note_failure(who, time.monotonic() - now)
        raise
    finally:
        with _lock:
            _asked_since.pop(who, None)


def forget_all() -> None:
    """For tests."""
    with _lock:
        _silent_until.clear()
        _asked_since.clear()


def _note_failure(who: str, took_seconds: float) -> None:
    if took_seconds < SILENT_AFTER_SECONDS:
        return
    now = time.monotonic()
    with _lock:
        for name in [name for name, until in _silent_until.items() if until <= now]:
            del _silent_until[name]
        _silent_until[who] = now + LEFT_ALONE_SECONDS
