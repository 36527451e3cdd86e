"""What a course asks for before credit: the list, and the instructor's hand on it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain import access, course_lookup, requiring
from portal.domain.errors import BadInput, NotFound
from portal.models import Course
from portal.web.guards import me, the_course
from portal.web.teach.blueprint import bp

STEPS = {"earlier": -1, "later": 1}


@bp.get("/courses/<slug>/requirements")
def course_requirements(slug: str) -> ResponseReturnValue:
    course = the_course(slug)
    return render_template(
        "teach/requirements.html",
        course=course,
        listed=requiring.listed(course),
        offered=requiring.may_be_added(course),
        may_manage=access.may(me(), "manage_course", course.id),
    )


@bp.post("/courses/<slug>/requirements")
def change_requirements(slug: str) -> ResponseReturnValue:
    """Add an exam, move one a place, or take one out."""
    course = the_course(slug, right="manage_course")
    try:
        with writing():
            _do(course_lookup.get_course(course.id), request.form.get("do", ""))
    except (BadInput, NotFound) as err:
        flash(err.message, "error")
    return redirect(url_for(".course_requirements", slug=slug), 303)


def _do(course: Course, deed: str) -> None:
    now, number = clock.now(), request.form.get("requirement", type=int, default=0)
    if deed == "add":
        requiring.add(course, request.form.get("exam", ""), me(), now=now)
    elif deed in STEPS:
        requiring.move(course, number, STEPS[deed], me(), now=now)
    elif deed == "take_out":
        requiring.take_out(course, number, me(), now=now)
    else:
        raise BadInput("do", "Choose what to do with the list.")
