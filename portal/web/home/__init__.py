"""The front step: where each kind of person begins, and whether the service is well."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from portal import clock
from portal.domain import access
from portal.domain.lifecycle import ending_faults
from portal.web.home import health

bp = Blueprint("home", __name__)


@bp.get("/")
@login_required
def index() -> ResponseReturnValue:
    """The course team begins with its courses, everybody else with their exams."""
    teaches = current_user.is_administrator or access.taught_courses(current_user)
    return redirect(url_for("teach.index" if teaches else "learner.exams"), 303)


@bp.get("/status")
def status() -> ResponseReturnValue:
    """For a load balancer: whether this process can do its work, and what keeps it from it."""
    if failing := health.failures():
        return {"status": "failing", **failing}, 503
    hanging = ending_faults.count_open(now=clock.now())
    return {"status": "ok", "attempts_open_past_hard_stop": hanging, **health.notes()}
