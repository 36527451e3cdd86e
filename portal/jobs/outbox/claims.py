"""Who works on which message: claims with a lease, and how each of them ends."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.db import writing
from portal.domain.outbox import outbox_claims
from portal.domain.outbox.outbox_claims import Claimed as Claimed
from portal.jobs.outbox.lanes import Lane

#: Longer than a whole batch may take when each of its sends runs into its time limit.
LEASE = timedelta(minutes=2)
BATCH = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
#: With the waits above, the last try comes about twelve hours after the first.
MOST_TRIES = 20
#: What must not lie in the database longer than it takes to send it.
SECRET_FIELDS = frozenset({"link"})
#: An error is for a person to read in a list; a whole trace belongs in the log.
LONGEST_ERROR = 500


class DeliveryFailed(RuntimeError):
    """A message could not be delivered, and the handler says when to retry; ``wait`` None makes it a dead letter."""

    def __init__(self, why: str, *, wait: timedelta | None) -> None:
        super().__init__(why)
        self.wait = wait


def is_any_due(now: datetime, lane: Lane | None = None) -> bool:
    """A cheap look, so that an idle portal writes nothing."""
    return outbox_claims.is_any_due(now, lane.takes if lane else None)


def claim(now: datetime, limit: int = BATCH, lane: Lane | None = None) -> list[Claimed]:
    """Take up to ``limit`` due messages. Nobody else gets them until they are finished or the lease runs out.

    ``lane``: only of its topics.
    """
    with writing():
        return outbox_claims.claim(now, until=now + LEASE, limit=limit, topics=lane.takes if lane else None)


def finish(message: Claimed, *, now: datetime, note: str = "") -> bool:
    """Note that the message is done. False when the lease had run out and somebody else took it.

    ``note``: it is over, but the other side did not say yes; what it said.
    """
    payload = {name: said for name, said in message.payload.items() if name not in SECRET_FIELDS}
    return _settle(message, done_at=now, payload=payload, last_error=note[:LONGEST_ERROR])


def retry_later(message: Claimed, why: str, *, now: datetime, wait: timedelta | None = None) -> bool:
    """Retry later: each time later than before, unless ``wait`` says when; after the last try it is a dead letter."""
    if message.tries >= MOST_TRIES:
        return dead_letter(message, why, now=now)
    error = why[:LONGEST_ERROR]
    return _settle(message, available_at=now + (wait or wait_after(message.tries)), last_error=error)


def postpone(message: Claimed, why: str, *, now: datetime, wait: timedelta) -> bool:
    """Retry after ``wait``; this time does not count as a try."""
    return _settle(message, available_at=now + wait, tries=message.tries - 1, last_error=why[:LONGEST_ERROR])


def dead_letter(message: Claimed, why: str, *, now: datetime) -> bool:
    """Make it a dead letter: there is no further try, unless a person revives it."""
    return _settle(message, dead_at=now, last_error=why[:LONGEST_ERROR])


def wait_after(tries: int) -> timedelta:
    """Doubles with each try, up to an hour; a quarter more or less, so that many do not come back at once."""
    doubled = FIRST_WAIT.total_seconds() * 2.0 ** min(tries - 1, 16)
    wait_seconds = min(doubled, LONGEST_WAIT.total_seconds())
    return timedelta(seconds=wait_seconds * random.uniform(0.75, 1.25))


def revive(keys: Sequence[str], *, now: datetime) -> int:
    """Give the dead letters among these keys all their tries again; how many there were."""
    with writing():
        return outbox_claims.revive(keys, now=now)


def _settle(message: Claimed, **values: object) -> bool:
    with writing():
        return outbox_claims.settle(message, **values)
