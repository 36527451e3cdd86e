"""What a course asks for before credit: the list, and the instructor's hand on it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain import access
from portal.domain.courses import course_lookup, requirement_settings
from portal.domain.errors import BadInput, NotFound
from portal.models import Course, Right
from portal.web.gate.guards import me, the_course
from portal.web.teach.blueprint import bp

STEPS = {"earlier": -1, "later": 1}


@bp.get("/courses/<slug>/requirements")
def course_requirements(slug: str) -> ResponseReturnValue:
    course = the_course(slug)
    return render_template(
        "teach/courses/requirements.html",
        course=course,
        listed=requirement_settings.listed(course),
        offered=requirement_settings.may_be_added(course),
        may_manage=access.may(me(), Right.MANAGE_COURSE, course.id),
    )


@bp.post("/courses/<slug>/requirements")
def change_requirements(slug: str) -> ResponseReturnValue:
    """Add an exam, move one a place, or take one out."""
    course = the_course(slug, right=Right.MANAGE_COURSE)
    try:
        with writing():
            _do(course_lookup.get_course(course.id), request.form.get("do", ""))
    except (BadInput, NotFound) as err:
        flash(err.message, "error")
    return redirect(url_for(".course_requirements", slug=slug), 303)


def _do(course: Course, action: str) -> None:
    now, number = clock.now(), request.form.get("requirement", type=int, default=0)
    if action == "add":
        requirement_settings.add(course, request.form.get("exam", ""), me(), now=now)
    elif action in STEPS:
        requirement_settings.move(course, number, STEPS[action], me(), now=now)
    elif action == "take_out":
        requirement_settings.take_out(course, number, me(), now=now)
    else:
        raise BadInput("do", "Choose an action for the list.")
