"""Reminds learners, once each, of an onboarding exam that ends soon."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.onboarding import profiles
from portal.domain.outbox import messages
from portal.models import EmailKind, Topic

#: So many a turn; the others have the next one.
MOST = 100
#: Behind the attempt's reference: the key of the message.
KEY = ".check-ends"


def remind_of_checks(session: Session, now: datetime) -> int:
    """Enqueue an email to each learner of a course whose accepted check ends soon; how many.

    One that the same provider has accepted again since needs none.
    """
    found = profiles.checks_ending_soon(but=KEY, now=now, most=MOST)
    for attempt in found:
        said = {"template": EmailKind.ONBOARDING_ENDS}
        messages.enqueue(Topic.EMAIL, now=now, key=f"{attempt.ref}{KEY}", attempt=attempt, payload=said)
    return len(found)
