"""Who of a course has shown who they are: identity profiles by status, found by name."""

from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.domain.onboarding import roster
from portal.domain.onboarding.roster import STATUSES, RosterFilter
from portal.models import Right
from portal.web.formatting import paging
from portal.web.formatting.provider_labels import Sign
from portal.web.gate.guards import the_course
from portal.web.teach.blueprint import bp

WORDS = {
    "rejected": Sign("Not accepted", "state-rejected", "cross"),
    "error": Sign("Failed", "state-interrupted", "alert"),
    "expired": Sign("Expired", "state-closed", "lock"),
    "expiring": Sign("Expires soon", "is-warn", "clock"),
    "not_started": Sign("Not started", "state-none", "ring"),
    "setup_started": Sign("Setting up", "state-setup", "gear"),
    "onboarding_started": Sign("In progress", "state-progress", "progress"),
    "submitted": Sign("Being reviewed", "state-review", "eye"),
    "verified": Sign("Accepted", "state-accepted", "tick"),
    "other_course_approved": Sign("Accepted in another course", "state-accepted", "tick"),
}


@bp.get("/courses/<slug>/onboarding")
def onboarding(slug: str) -> ResponseReturnValue:
    course, now = the_course(slug, right=Right.SEE_NAMES), clock.now()
    exam = roster.exam_of(course)
    wanted = RosterFilter(
        text=request.args.get("q", "")[:100],
        status=status if (status := request.args.get("status", "")) in STATUSES else "",
        page=paging.asked_page(),
    )
    found = roster.search(exam, wanted, now=now) if exam else None

    def address(number: int) -> str:
        asked = {"q": wanted.text, "status": wanted.status, "page": str(number) if number > 1 else ""}
        kept = urlencode({name: value for name, value in asked.items() if value})
        return f"{url_for('.onboarding', slug=slug)}{'?' if kept else ''}{kept}"

    return render_template(
        "teach/courses/onboarding.html",
        course=course,
        exam=exam,
        wanted=wanted,
        found=found,
        words=WORDS,
        pages=paging.links(found.page, found.pages, address) if found else [],
    )
