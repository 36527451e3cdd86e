"""Leaves what the learner's open exam page must say, and an email in case they do not see it there."""

from datetime import datetime, timedelta

from portal.db import db
from portal.domain.lifecycle.history import Cause
from portal.domain.outbox import messages
from portal.models import Attempt, Notice, NoticeKind, Topic

#: How long a change of time may go unseen on the learner's page before we email them.
UNSEEN_AFTER = timedelta(minutes=2)


def tell(attempt: Attempt, seconds: int, cause: Cause, *, now: datetime) -> None:
    """So many seconds were given, or taken."""
    kind = NoticeKind.TIME_ADDED if seconds > 0 else NoticeKind.TIME_CUT
    leave(attempt, kind, seconds, cause, now=now)
    messages.enqueue_new(  # A revision is new with each change, so nobody has enqueued this yet.
        Topic.UNSEEN_TIME,
        now=now,
        key=f"{attempt.ref}.revision-{attempt.revision}.unseen",
        attempt=attempt,
        available_at=now + UNSEEN_AFTER,
        payload={"revision": attempt.revision, "seconds": seconds},
    )


def leave(attempt: Attempt, kind: NoticeKind, seconds: int, cause: Cause, *, now: datetime) -> None:
    """For the page alone."""
    db.session.add(
        Notice(
            attempt_id=attempt.id,
            kind=kind,
            seconds=seconds,
            by_role=cause.actor,
            revision=attempt.revision,
            created_at=now,
        )
    )


def say(attempt: Attempt, text: str, cause: Cause, *, now: datetime) -> None:
    """A message to the learner whose exam runs: under a revision of its own, so that the open page asks for it.

    The attempt is held. The clock stays as it is.
    """
    attempt.revision += 1
    db.session.add(
        Notice(
            attempt_id=attempt.id,
            kind=NoticeKind.MESSAGE,
            seconds=0,
            by_role=cause.actor,
            text=text,
            revision=attempt.revision,
            created_at=now,
        )
    )
