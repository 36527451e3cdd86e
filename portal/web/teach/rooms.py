"""The course team's first pages: what needs them, and one course."""

from flask import render_template
from flask.typing import ResponseReturnValue

from portal import clock
from portal.domain import access, ending_faults, provider_log, requirements, review_queue, support
from portal.domain.ending_faults import Hanging
from portal.domain.provider_log import WAITING, Scope
from portal.domain.review_queue import Wanted
from portal.web.guards import me, the_course
from portal.web.teach.blueprint import bp, reviewed_course_ids
from portal.web.teach.overview import rows_of


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
        cases=support.count_open(me()),
        reviews=_reviews_waiting(),
        lost=provider_log.counts(Scope())[WAITING] if me().is_administrator else 0,
    )


def _hanging(course_ids: list[int]) -> list[Hanging]:
    return ending_faults.hanging(course_ids, now=clock.now()) if course_ids else []


def _reviews_waiting() -> int:
    now = clock.now()
    wanted = Wanted(course_ids=reviewed_course_ids(), person=me(), now=now, day_began_at=now)
    return review_queue.count_waiting(wanted)


@bp.get("/courses/<slug>/")
def course(slug: str) -> ResponseReturnValue:
    course = the_course(slug)
    rows, rights = rows_of([course.id], now=clock.now()), access.roles_in(me(), course.id)
    return render_template(
        "teach/course.html",
        course=course,
        rows=rows,
        has_onboarding=any(row.exam.is_onboarding for row in rows),
        may_see_log=any(row.exam.is_proctored for row in rows) and bool(rights & access.RIGHTS["see_provider"]),
        may_manage=bool(rights & access.RIGHTS["manage_course"]),
        required=requirements.list_for(course.id),
        team=access.team_of(course),
    )
