"""Reminds learners, once each, of an identity check that ends soon."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain import onboarding, outbox

#: So many a turn; the others have the next one.
MOST = 100
TEMPLATE = "onboarding_ends"
#: Behind the attempt's reference: the key of the promise.
KEY = ".check-ends"


def remind_of_checks(session: Session, now: datetime) -> int:
    """Promise a mail to each learner of a course whose accepted check ends soon; how many.

    One that the same vendor has accepted again since needs none.
    """
    found = onboarding.checks_ending_soon(but=KEY, now=now, most=MOST)
    for attempt in found:
        said = {"template": TEMPLATE}
        outbox.put("email", now=now, key=f"{attempt.ref}{KEY}", attempt=attempt, payload=said)
    return len(found)
