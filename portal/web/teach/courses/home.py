"""The course team's first pages: what needs them, and one course."""

from flask import render_template
from flask.typing import ResponseReturnValue

from portal import clock
from portal.domain import access
from portal.domain.courses import requirements
from portal.domain.lifecycle import ending_faults
from portal.domain.lifecycle.ending_faults import Hanging
from portal.domain.outbox import cases
from portal.domain.providers import provider_log
from portal.domain.providers.provider_log import WAITING, Scope
from portal.domain.reviews import queue
from portal.domain.reviews.queue_filter import QueueFilter
from portal.models import Right
from portal.web.gate.guards import me, the_course
from portal.web.teach.blueprint import bp, reviewed_course_ids
from portal.web.teach.courses.overview import rows_of


@bp.get("/")
def index() -> ResponseReturnValue:
    """What needs the person, what runs now, what comes next; then their courses."""
    courses = access.taught_courses(me())
    rows = rows_of([course.id for course in courses], now=clock.now())
    return render_template(
        "teach/index.html",
        courses=courses,
        needs=[row for row in rows if row.is_worth_a_look],
        live=[row for row in rows if row.running],
        coming=[row for row in rows if row.is_coming],
        hanging=_hanging([row.exam.course_id for row in rows if row.hanging]),
        cases=cases.count_open(me()),
        reviews=_reviews_waiting(),
        lost=provider_log.counts(Scope())[WAITING] if me().is_administrator else 0,
    )


def _hanging(course_ids: list[int]) -> list[Hanging]:
    return ending_faults.hanging(course_ids, now=clock.now()) if course_ids else []


def _reviews_waiting() -> int:
    now = clock.now()
    wanted = QueueFilter(course_ids=reviewed_course_ids(), person=me(), now=now, day_began_at=now)
    return queue.count_waiting(wanted)


@bp.get("/courses/<slug>/")
def course(slug: str) -> ResponseReturnValue:
    course = the_course(slug)
    rows, rights = rows_of([course.id], now=clock.now()), access.roles_in(me(), course.id)
    return render_template(
        "teach/courses/course.html",
        course=course,
        rows=rows,
        has_onboarding=any(row.exam.is_onboarding for row in rows),
        may_see_log=any(row.exam.is_proctored for row in rows) and bool(rights & access.RIGHTS[Right.SEE_PROVIDER]),
        may_manage=bool(rights & access.RIGHTS[Right.MANAGE_COURSE]),
        required=requirements.list_for(course.id),
        team=access.team_of(course),
    )
