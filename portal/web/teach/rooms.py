"""The course team's first pages: what needs them, and one course."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.db import db
from portal.domain import access
from portal.models import Membership
from portal.web.guards import me, the_course
from portal.web.teach.blueprint import bp
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
    )


@bp.get("/courses/<slug>/")
def course(slug: str) -> ResponseReturnValue:
    course = the_course(slug)
    team = select(Membership).where(Membership.course_id == course.id).order_by(Membership.id)
    return render_template(
        "teach/course.html",
        course=course,
        rows=rows_of([course.id], now=clock.now()),
        team=db.session.scalars(team.options(joinedload(Membership.user))).all(),
    )
