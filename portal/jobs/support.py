"""Topic "support": mails a case to those who answer for the course."""

import logging

from flask import current_app

from portal.domain import attempts, course_lookup, support
from portal.jobs import emails
from portal.jobs.outbox import Claimed

log = logging.getLogger(__name__)

#: kind of case -> what it is about, in a subject line.
SUBJECTS = {
    "appeal": "An appeal",
    "email_refused": "An email address that takes no email",
    "interrupted": "An interrupted exam",
    "kept_delivery": "A message of a provider that could not be used",
    "learner_message": "A learner asks for help",
    "contradictory_review": "A report that contradicts what counts",
    "report_to_decide": "A report to decide on",
    "suspicious": "An exam to review",
    "webhook_disabled": "A webhook endpoint was switched off",
}


def keep(message: Claimed) -> None:
    """Mail it once. A case whose course names nobody is only in the list, and the log says so."""
    case = support.get_by_key(message.payload["case"])
    course, attempt = course_lookup.find_course(case.course_id), attempts.find(case.attempt_id)
    to = support.recipients(case) or [one for one in [_portals()] if support.is_address(one)]
    if not to:
        log.warning("Nobody was mailed about the case %s: no course or help contact is a mail address.", case.key)
        return
    about: dict[str, object] = {"case": case, "what": SUBJECTS.get(case.kind, "Something to look at")}
    if attempt is not None:
        about |= {"attempt": attempt, "exam": attempt.exam}
        about["address"] = emails.address("teach.attempt", ref=attempt.ref)
    zone = course.time_zone if course else "UTC"
    emails.write(message, "support_case", {**about, "course": course, "to": to, "name": "", "time_zone": zone})


def _portals() -> str:
    """Who hears of what no course hears of."""
    return str(current_app.config["HELP_CONTACT"])
