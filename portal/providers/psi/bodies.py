"""What PSI is told of an exam and a learner, in the fields and letters that it takes."""

import re
import unicodedata
from datetime import datetime, timedelta
from email.utils import format_datetime

from portal.domain.providers.facts import Place

UNNAMED = "Proctored Exam"
_FORBIDDEN = re.compile(r"[\[\]<>#:|!?/'\"*\\]")


def folded(name: str) -> str:
    """An exam's name in the letters that PSI takes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _FORBIDDEN.sub("_", plain).strip() or UNNAMED


def notes(place: Place, otherwise: str) -> str:
    """What the proctor is told: the exam's rules or those of the provider, and what this learner may do besides."""
    rules = place.review_rules or otherwise
    return f"{rules}; {place.review_exception}" if place.review_exception else rules


def extra(place: Place, now: datetime) -> dict[str, object]:
    """The field ``orgExtra``."""
    first, _, rest = (place.full_name or "").strip().partition(" ")
    extra = {
        "examStartDate": http_date(now),
        "examEndDate": http_date(now + timedelta(minutes=place.time_limit_minutes)),
        "noOfStudents": 1,
        "examID": place.exam.number,
        "courseID": place.exam.course_key,
        "firstName": first,
        "lastName": rest.strip(),
    }
    return {**extra, "email": place.email} if place.email is not None else extra


def http_date(at: datetime) -> str:
    """As RFC 9110 writes a moment."""
    return format_datetime(at, usegmt=True)
