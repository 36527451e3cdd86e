"""Takes a proctored exam without proctoring: every consequence by name, then one button."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain import attempts, course_lookup, declining
from portal.languages import gettext
from portal.web.guards import me, my_exam
from portal.web.proctored.blueprint import bp


@bp.route("/exams/<slug>/without-proctoring", methods=["GET", "POST"])
@login_required
def without_proctoring(slug: str) -> ResponseReturnValue:
    """Say what it means; choosing it takes a tick as well as the button."""
    exam = my_exam(slug)
    latest = attempts.find_latest(exam, me())
    why_not = declining.why_not(exam, latest)
    is_sure = request.form.get("understood") == "yes"
    if request.method == "POST" and is_sure:
        with writing():
            declining.decline(course_lookup.get_exam(exam.id), me(), now=clock.now())
        flash(gettext("You take this exam without proctoring."))
        return redirect(url_for("learner.entry", slug=slug), 303)
    page = render_template(
        "proctored/without_proctoring.html",
        exam=exam,
        why_not=why_not,
        touched=[] if why_not else declining.touched(exam, me()),
        must_tick=request.method == "POST",
    )
    return page, 422 if request.method == "POST" else 200
