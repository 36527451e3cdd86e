"""Who is written to about a support case."""

import re

from portal.domain import access
from portal.models import CaseKind, Role, SupportCase

#: Nobody could be written to whose name before the @ has letters outside ASCII; a domain may have them.
_ADDRESS = re.compile(r"[^@\s<>,;\x80-\U0010ffff]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
#: These are answered on the review page: by the answer to the learner, or by a decision.
FOR_REVIEWERS = frozenset({CaseKind.APPEAL, CaseKind.CONTRADICTORY_REVIEW, CaseKind.REPORT_TO_DECIDE})


def recipients(case: SupportCase) -> list[str]:
    """Who hears of a case by email: the escalation address, else the course's contact, else its instructors.

    Empty where the course names nobody whom an email can reach; then the portal's own contact is asked. Nobody hears
    of a case about their own attempt.
    """
    course = case.course
    if course is None:
        return []
    for named in (course.escalation_email, course.contact):
        if is_address(named):
            return [named]
    about = case.attempt.learner_id if case.attempt else None
    return [one.email for one in access.people_with(course.id, Role.INSTRUCTOR) if one.id != about]


def has_address(*named: str) -> bool:
    """Whether any of the addresses that a course names can be written to; otherwise its instructors hear of cases."""
    return any(is_address(one) for one in named)


def is_address(contact: str) -> bool:
    """Whether a contact, which may be any words, is an email address."""
    return _ADDRESS.fullmatch(contact) is not None
