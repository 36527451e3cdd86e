"""The reviewers' rooms: who may come in, and what their pages share."""

import hashlib
from datetime import UTC, datetime

from flask import Blueprint, current_app, request
from flask_login import login_required

from portal import clock
from portal.domain import access
from portal.domain.attempts import attempts
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.reviews import decisions
from portal.domain.reviews.queue_filter import SHOWS, QueueFilter
from portal.models import Attempt, Right
from portal.web.formatting import paging
from portal.web.formatting.times import local
from portal.web.gate.guards import me

bp = Blueprint("review", __name__, url_prefix="/review")


@bp.before_request
@login_required
def only_signed_in() -> None:
    """Each view asks for the right to review; nobody gets that far without an account."""


def the_reviewed_attempt(ref: str) -> Attempt:
    """An attempt the person may review: of their course, and not their own."""
    attempt = attempts.get_by_ref(ref)
    try:
        decisions.check_may_review(attempt, me())
    except NotAllowed as err:
        if not access.may(me(), Right.SEE_COURSE, attempt.exam.course_id):
            raise NotFound("There is no attempt with this reference.") from err
        raise
    return attempt


def wanted() -> QueueFilter:
    """What the address asks for, in the courses the person may review; nonsense in it means everything that waits.

    :raises NotAllowed: they may not review any course.
    """
    course_ids = access.course_ids_with(me(), Right.REVIEW)
    if not course_ids and not me().is_administrator:
        raise NotAllowed("You do not have permission to review attempts. Ask an instructor of the course.")
    now = clock.now()
    return QueueFilter(
        course_ids=course_ids,
        person=me(),
        now=now,
        day_began_at=_midnight(now),
        show=shown(),
        page=paging.asked_page(),
    )


def shown() -> str:
    show = request.args.get("show", SHOWS[0])
    return show if show in SHOWS else SHOWS[0]


def days_to_review() -> int:
    return int(current_app.config["REVIEW_DAYS"])


@bp.app_template_global()
def pseudonym(attempt: Attempt) -> str:
    """A name that says nothing about the person, the same for everybody who looks at this attempt."""
    return hashlib.sha256(attempt.ref.encode()).hexdigest()[:4]


def _midnight(now: datetime) -> datetime:
    return local(now).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
