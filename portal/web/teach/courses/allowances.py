"""Who has more time in a course: the list, granting, taking back."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain import access
from portal.domain.errors import NotAllowed, NotFound, NotNow
from portal.domain.timekeeping import allowances as rules
from portal.domain.timekeeping import exam_clock, granting, preview
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import Allowance, Attempt, Course, Right, User
from portal.web.gate.guards import me, the_course
from portal.web.teach.blueprint import bp
from portal.web.teach.courses import allowance_form
from portal.web.teach.forms import AllowanceForm, ReasonForm
from portal.web.teach.labels import short_time


@bp.get("/courses/<slug>/allowances")
def allowances(slug: str) -> ResponseReturnValue:
    course = the_course(slug, right=Right.SEE_NAMES)
    may_grant = access.may(me(), Right.GRANT_ALLOWANCE, course.id)
    return render_template(
        "teach/courses/allowances.html",
        course=course,
        withdrawn=rules.list_just_withdrawn(course, since=clock.now() - granting.UNDO_WITHIN) if may_grant else [],
        rows=sorted(rules.list_for_course(course), key=lambda row: (row.learner.folded, row.id)),
        may_grant=may_grant,
        me_id=me().id,
        now=clock.now(),
    )


@bp.route("/courses/<slug>/allowances/new", methods=["GET", "POST"])
def new_allowance(slug: str) -> ResponseReturnValue:
    """Shows what would change first; the second button grants it."""
    course, form = the_course(slug, right=Right.GRANT_ALLOWANCE), AllowanceForm()
    allowance_form.offer_exams(course, form)
    if not form.is_submitted():
        form.email.data = request.args.get("email", "")
    learner = allowance_form.the_learner(course, form) if form.validate_on_submit() else None
    terms = allowance_form.sound_terms(form) if learner else None
    if learner and terms and request.form.get("go") == "grant" and _granted(course, learner, terms, form):
        return redirect(url_for(".allowances", slug=slug), 303)
    effects = None
    if learner and terms and not form.errors:
        effects = preview.foresee(course, learner, terms, now=clock.now())
    page = render_template(
        "teach/courses/new_allowance.html", course=course, form=form, effects=effects, learner=learner, terms=terms
    )
    return page, 422 if form.errors else 200


@bp.route("/courses/<slug>/allowances/<int:allowance_id>/withdraw", methods=["GET", "POST"])
def withdraw_allowance(slug: str, allowance_id: int) -> ResponseReturnValue:
    """Names what follows, asks for a reason, and withdraws it."""
    course, form, now = the_course(slug, right=Right.GRANT_ALLOWANCE), ReasonForm(), clock.now()
    allowance = _the_allowance(course, allowance_id)
    access.check_not_own(allowance.learner_id, me())
    if allowance.withdrawn_at is not None:
        flash(f"Nothing was changed. It was already withdrawn, {short_time(allowance.withdrawn_at)}.", "warn")
        return redirect(url_for(".allowances", slug=slug), 303)
    if form.validate_on_submit() and _withdrawn(allowance, form):
        return redirect(url_for(".allowances", slug=slug), 303)
    effects = preview.foresee_withdrawal(allowance, now=now)
    page = render_template(
        "teach/courses/withdraw.html", course=course, form=form, allowance=allowance, effects=effects
    )
    return page, 422 if form.errors else 200


@bp.post("/courses/<slug>/allowances/<int:allowance_id>/undo")
def undo_withdrawal(slug: str, allowance_id: int) -> ResponseReturnValue:
    """Lets it count again, within ten minutes."""
    course = the_course(slug, right=Right.GRANT_ALLOWANCE)
    with writing():
        allowance = _the_allowance(course, allowance_id)
        changed = granting.undo_withdrawal(allowance, by=me(), now=clock.now())
        told, name = _told(changed), allowance.learner.name
    flash(f"The allowance for {name} applies again.{told}", "ok")
    return redirect(url_for(".allowances", slug=slug), 303)


def _the_allowance(course: Course, allowance_id: int) -> Allowance:
    allowance = rules.find(allowance_id)
    if allowance is None or allowance.course_id != course.id:
        raise NotFound("There is no such allowance in this course.")
    return allowance


def _withdrawn(allowance: Allowance, form: ReasonForm) -> bool:
    """Withdraw it; False with the reason at its field when a rule says no."""
    allowance_id, name = allowance.id, allowance.learner.name
    try:
        with writing():
            held = rules.lock(allowance_id)
            told = _told(granting.withdraw(held, by=me(), reason=form.why, now=clock.now()))
    except NotNow as err:
        form.reason.errors = [err.message]
        return False
    flash(f"The allowance for {name} was withdrawn.{told} You can undo this below for ten minutes.", "ok")
    return True


def _granted(course: Course, learner: User, terms: Terms, form: AllowanceForm) -> bool:
    """Grant it; False with the reason at its field when a rule says no."""
    reason = (form.reason.data or "").strip()
    try:
        with writing():
            granted = granting.grant(course, learner, terms, by=me(), reason=reason, now=clock.now())
            told = _told(granted.changed)
    except NotAllowed as err:
        form.email.errors = [err.message]
        return False
    except NotNow as err:
        form.amount.errors = [err.message]
        return False
    if not granted.is_new:
        same = granted.allowance
        by = f" by {same.granted_by.name}" if same.granted_by else ""
        when = short_time(same.granted_at)
        form.amount.errors = [f"{learner.name} already has this allowance, granted {when}{by}. Nothing was changed."]
        return False
    flash(f"Allowance granted to {learner.name}.{told}", "ok")
    return True


def _told(changed: list[Attempt]) -> str:
    """What happened to clocks that run."""
    now = clock.now()
    running = [one for one in changed if one.is_running]
    ends = [f" Attempt {one.ref} now ends {_end(one, now)}." for one in running]
    return "".join(ends)


def _end(attempt: Attempt, now: datetime) -> str:
    return short_time(exam_clock.deadline_of(attempt, now=now))
