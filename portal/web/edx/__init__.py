"""What edx-proctoring tells a signed-in person as JSON: the exam that runs, and where onboarding exams stand.

Only reading, at the addresses and with the words of edx-proctoring. Codes that only a provider may know are not in it.
An ``attempt_id`` is a number, as clients expect, and our reference is taken in its place; a ``username`` is an email
address.
"""

from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, abort, request, url_for
from flask_login import current_user

from portal import clock
from portal.domain import access, pages
from portal.domain.accounts import people
from portal.domain.attempts import attempts
from portal.domain.courses import course_lookup
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.onboarding import offers, roster
from portal.domain.onboarding.roster import Profile
from portal.domain.providers import lookup
from portal.domain.timekeeping import budget, exam_clock
from portal.languages import gettext
from portal.models import Attempt, Course, Right, User
from portal.models.attempts.resume_state import WAY_ON
from portal.web.formatting import paging
from portal.web.formatting.times import minutes_text
from portal.web.gate.guards import me

bp = Blueprint("edx_api", __name__, url_prefix="/api/edx_proctoring/v1")

PAGE_SIZE, LARGEST_PAGE = 25, 100
NO_CHECK = "There is no onboarding exam in this course, or none for this learner."
Facts = dict[str, object]


@bp.before_request
def _know_the_person() -> None:
    """A machine is told so, instead of being sent to a page with a form."""
    if request.method != "OPTIONS" and not current_user.is_authenticated:
        raise NotAllowed("Sign in first.")


@bp.get("/proctored_exam/active_attempt", strict_slashes=False)
def active_attempt() -> Facts:
    """The exam that runs, or nothing. Another learner's only for administrators: ``user_id`` is an email address."""
    whose, now = me(), clock.now()
    if (asked := request.args.get("user_id", "")) and asked != whose.email:
        if not whose.is_administrator:
            raise NotAllowed("Only an administrator can view another person's attempts.")
        whose = _person(asked)
    attempt = attempts.find_under_way(whose, now=now)
    return _timer(attempt) if attempt else {}


@bp.get("/user_onboarding/status", strict_slashes=False)
def onboarding_status() -> Facts:
    """Where the person stands in ``course_id``; with ``username`` somebody else, for the course's team."""
    course, whose, now = _course(_asked_key()), me(), clock.now()
    if (asked := request.args.get("username", "")) and asked != whose.email:
        access.require(whose, Right.SEE_ATTEMPTS, course.id)
        whose = _person(asked)
    offer = offers.find(course, whose, now=now)
    if offer is None:
        raise NotFound(NO_CHECK)
    stands, is_open = offer.onboarding, offer.is_open(now=now)
    slug = offer.exam.slug
    return {
        "onboarding_status": None if stands.status == "not_started" else stands.status,
        "onboarding_link": url_for("learner.entry", slug=slug, _external=True) if is_open else None,
        "expiration_date": stands.valid_until_at.isoformat() if stands.valid_until_at else None,
        "onboarding_past_due": offer.is_past(now=now),
        "onboarding_release_date": offer.opens_at.isoformat() if offer.opens_at else None,
        "review_requirements_url": url_for("proctored.rules", slug=slug, _external=True),
    }


@bp.get("/user_onboarding/status/course_id/<path:course_key>", strict_slashes=False)
def onboarding_statuses(course_key: str) -> Facts:
    """Every learner of the course, for its team: by name, filtered, a page at a time."""
    course = _course(course_key.rstrip("/"))
    access.require(me(), Right.SEE_NAMES, course.id)
    exam = roster.exam_of(course)
    if exam is None:
        raise NotFound(NO_CHECK)
    text = request.args.get("text_search", "")[:100]
    wanted = {word for word in request.args.get("statuses", "").split(",") if word}
    found = roster.everybody(exam, text, now=clock.now())
    chosen = [one for one in found if not wanted or one.onboarding.status in wanted]
    size = min(max(1, request.args.get("page_size", PAGE_SIZE, type=int)), LARGEST_PAGE)
    shown = pages.of(chosen, paging.asked_page(), size=size)
    return {
        "results": [_line(one) for one in shown.items],
        "count": shown.total,
        "previous": _link(course, shown.page - 1) if shown.page > 1 else None,
        "next": _link(course, shown.page + 1) if shown.page < shown.pages else None,
        "num_pages": shown.pages,
        "use_onboarding_profile_api": False,
    }


def _timer(attempt: Attempt) -> Facts:
    exam, left = attempt.exam, left_seconds(attempt, now=clock.now())
    own_seconds = attempt.own_seconds or 0
    low, critical = budget.thresholds_seconds(own_seconds)
    provider = lookup.find(attempt.provider_slug) if attempt.provider_slug else None
    return {
        "in_timed_exam": True,
        "taking_as_proctored": attempt.taking_as_proctored,
        "exam_type": exam.kind.value,
        "exam_display_name": exam.name,
        "exam_url_path": url_for("attempt.router", ref=attempt.ref, _external=True),
        "time_remaining_seconds": left,
        "total_time": minutes_text(own_seconds // 60),
        "low_threshold_sec": low,
        "critically_low_threshold_sec": critical,
        "course_id": exam.course.key,
        "attempt_id": attempt.id,
        "accessibility_time_string": said(left),
        "attempt_status": attempt.status.value,
        "exam_started_poll_url": url_for(".attempt", attempt_id=attempt.id),
        "attempt_ready_to_resume": attempt.resume_state in WAY_ON,
        "use_legacy_attempt_api": False,
        "provider_name": provider.name if provider else None,
    }


def left_seconds(attempt: Attempt, *, now: datetime) -> int:
    """Whole seconds until the time is up, also while the clock is paused or once a break is over; 0 without one."""
    deadline = exam_clock.deadline_of(attempt, now=now)
    return max(0, int((deadline - now).total_seconds())) if deadline else 0


def said(left_seconds: int) -> str:
    """What is left, as a sentence for a screen reader."""
    if left_seconds < 60:
        return gettext("You have less than a minute left.")
    return gettext("You have %(left)s left.", left=minutes_text(left_seconds // 60))


def _line(profile: Profile) -> Facts:
    stands = profile.onboarding
    return {
        "username": profile.learner.email,
        "name": profile.learner.name,
        "enrollment_mode": None,
        "status": stands.status,
        "modified": stands.since_at.isoformat() if stands.since_at else None,
    }


def _link(course: Course, page: int) -> str:
    """The same question about another page."""
    asked = urlencode({**request.args.to_dict(), "page": page})
    return f"{url_for('.onboarding_statuses', course_key=course.key, _external=True)}?{asked}"


def _asked_key() -> str:
    key = request.args.get("course_id", "").strip()
    if not key:
        abort(400, "Name the course: ?course_id=course-v1:Org+Course+Run")
    return key.replace(" ", "+")  # A plus sign that was not written as %2B.


def _course(key: str) -> Course:
    found = course_lookup.find_course_by_key(key)
    if found is None:
        raise NotFound("There is no such course.")
    return found


def _person(email: str) -> User:
    found = people.find_by_email(email)
    if found is None:
        raise NotFound("No account has this email address.")
    return found


from portal.web.edx import polled_attempt  # noqa: E402, F401 - adds its view to ``bp``.
