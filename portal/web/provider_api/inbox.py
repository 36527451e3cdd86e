"""What happens to every message of a provider: stored first, then judged, and the answer kept beside it."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import jsonify
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain.errors import PortalError
from portal.domain.lifecycle import other_attempts
from portal.domain.proctoring import dead_letters
from portal.domain.providers import deliveries
from portal.domain.providers.deliveries import Arrived
from portal.models import Attempt, Delivery, DeliveryOutcome, Exam

log = logging.getLogger(__name__)

#: Brings about what a message calls for, and returns what a person should know about it, if anything.
#: Is given the attempt, the message, what was read beside it, and the time.
Judge = Callable[[Attempt, Delivery, Sequence[object], datetime], str]


def store(arrived: Arrived, attempt_id: int | None) -> Delivery:
    """Keep it, whatever happens next.

    The answer is given after a second transaction, which takes this one to the disk with it.
    """
    with writing(is_followed=True):
        return deliveries.keep(arrived, attempt_id=attempt_id, now=clock.now())


def judge(
    delivery: Delivery, bring_about: Judge, *, beside: tuple[object, ...] = (), may_repeat: bool = False
) -> ResponseReturnValue:
    """Use it, unless it came before. What a rule says no to waits for a person, with the rule's sentence.

    ``beside``: columns that the judge needs, read in the same statement (:func:`deliveries.claim`).
    ``may_repeat``: the same again is a new event. A fault of ours leaves the message waiting, too.
    """
    try:
        _use(delivery, bring_about, beside=beside, may_repeat=may_repeat)
    except PortalError as err:
        return refuse(delivery, err.message, answered=400)
    except Exception:
        refuse(delivery, "The portal failed to read this message.", answered=500)
        raise
    return ok()


def _use(delivery: Delivery, bring_about: Judge, *, beside: tuple[object, ...], may_repeat: bool) -> None:
    now = clock.now()
    with writing():
        attempt = other_attempts.hold(delivery.attempt_id or 0)
        read: Sequence[object]
        outcome, *read = deliveries.claim(delivery, beside=beside)
        is_new = outcome is DeliveryOutcome.USED
        note = bring_about(attempt, delivery, read, now) if is_new or may_repeat else ""
        if note or (may_repeat and not is_new):
            deliveries.settle(delivery.id, DeliveryOutcome.USED, answered=200, note=note)


def refuse(delivery: Delivery, note: str, *, answered: int, named: Exam | None = None) -> ResponseReturnValue:
    """Not used; says why to the provider and to the person who will look at it.

    ``named``: the exam it names although it fits no attempt.
    """
    with writing():
        dead_letters.add(delivery, note, answered=answered, named=named, now=clock.now())
    log.warning("delivery %s (%s) was kept: %s", delivery.id, delivery.kind, note)
    return {"detail": note}, answered


def ok() -> ResponseReturnValue:
    """What edx-proctoring answers, and providers parse."""
    return jsonify("OK")
