"""Topic "support": emails a case to those who answer for the course."""

import logging

from flask import current_app

from portal.domain.attempts import attempts
from portal.domain.courses import course_lookup
from portal.domain.outbox import case_recipients, cases
from portal.jobs.outbox.claims import Claimed
from portal.jobs.topics import emails
from portal.models import CaseKind, EmailKind

log = logging.getLogger(__name__)

#: kind of case -> what it is about, in a subject line.
SUBJECTS: dict[str, str] = {
    CaseKind.APPEAL: "Appeal",
    CaseKind.EMAIL_REFUSED: "Email address refused",
    CaseKind.INTERRUPTED: "Interrupted exam",
    CaseKind.KEPT_DELIVERY: "Unusable provider message",
    CaseKind.LEARNER_MESSAGE: "Message from a learner",
    CaseKind.CONTRADICTORY_REVIEW: "Contradicting provider report",
    CaseKind.REPORT_TO_DECIDE: "Provider report to decide",
    CaseKind.SUSPICIOUS: "Exam to review",
    CaseKind.WEBHOOK_DISABLED: "Webhook endpoint turned off",
}


def handle(message: Claimed) -> None:
    """Email it once. A case whose course names nobody is only in the list, and the log says so."""
    case = cases.get_by_key(message.payload["case"])
    course, attempt = course_lookup.find_course(case.course_id), attempts.find(case.attempt_id)
    to = case_recipients.recipients(case) or [one for one in [_portals()] if case_recipients.is_address(one)]
    if not to:
        log.warning("Nobody got an email about the case %s: no course or help contact is an email address.", case.key)
        return
    about: dict[str, object] = {"case": case, "what": SUBJECTS.get(case.kind, "Support case")}
    if attempt is not None:
        about |= {"attempt": attempt, "exam": attempt.exam}
        about["address"] = emails.address("teach.attempt", ref=attempt.ref)
    zone = course.time_zone if course else "UTC"
    emails.write(message, EmailKind.SUPPORT_CASE, {**about, "course": course, "to": to, "name": "", "time_zone": zone})


def _portals() -> str:
    """Who hears of what no course hears of."""
    return str(current_app.config["HELP_CONTACT"])
