"""An email that its address refuses for good: the course team hears of it, in one open case for each address."""

import hashlib

from portal import clock
from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.outbox import cases
from portal.jobs.outbox.claims import Claimed
from portal.models import CaseKind, Topic


def tell_team(message: Claimed, to: str, why: str) -> None:
    """Open a case of the attempt's course, or one for administrators where the email is about no attempt.

    A case about a case would help nobody: where the refused email was one, it is in the list of dead letters.
    """
    if message.topic == Topic.SUPPORT:
        return
    with writing():
        attempt = attempts.find(message.attempt_id)
        course_id = attempt.exam.course_id if attempt else None
        digest = hashlib.sha256(to.casefold().encode()).hexdigest()[:16]
        text = f"Ask this person for another email address. {to} refused an email, and there is no retry. {why}"
        key = f"email-refused-{course_id or 0}-{digest}"
        cases.count_by_key(CaseKind.EMAIL_REFUSED, text, key=key, course_id=course_id, attempt=attempt, now=clock.now())
