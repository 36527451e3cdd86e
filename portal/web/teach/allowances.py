"""Who has more time in a course: the list, granting, taking back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.db import db, writing
from portal.domain import access, allowance_effect, granting, people
from portal.domain import allowances as rules
from portal.domain.allowances import Terms
from portal.domain.errors import BadInput, NotAllowed, NotFound
from portal.models import Allowance, Attempt, Course, Exam, User
from portal.web.choices import choices
from portal.web.formats import clock_time
from portal.web.guards import me, the_course
from portal.web.teach.blueprint import bp
from portal.web.teach.forms import AllowanceForm

EVERY_EXAM = "every"
#: The form's field for what the rules call otherwise.
FIELDS = {"minutes": "amount", "percent": "amount"}


@bp.get("/courses/<slug>/allowances")
def allowances(slug: str) -> ResponseReturnValue:
    course = the_course(slug, right="see_names")
    query = select(Allowance).where(Allowance.course_id == course.id, Allowance.withdrawn_at.is_(None))
    whole = query.options(joinedload(Allowance.learner), joinedload(Allowance.exam), joinedload(Allowance.granted_by))
    rows = db.session.scalars(whole.order_by(Allowance.learner_id, Allowance.id)).all()
    return render_template(
        "teach/allowances.html",
        course=course,
        rows=sorted(rows, key=lambda row: (row.learner.name.casefold(), row.id)),
        may_grant=access.may(me(), "grant_allowance", course.id),
        now=clock.now(),
    )


@bp.route("/courses/<slug>/allowances/new", methods=["GET", "POST"])
def new_allowance(slug: str) -> ResponseReturnValue:
    """Shows what would change first; the second button grants it."""
    course, form = the_course(slug, right="grant_allowance"), AllowanceForm()
    exams = _offer_exams(course, form)
    if not form.is_submitted():
        form.email.data = request.args.get("email", "")
    learner = _the_learner(course, form) if form.validate_on_submit() else None
    terms = _sound_terms(form, exams) if learner else None
    if learner and terms and request.form.get("go") == "grant" and _granted(course, learner, terms, form):
        return redirect(url_for(".allowances", slug=slug), 303)
    effects = None
    if learner and terms and not form.errors:
        effects = allowance_effect.foresee(course, learner, terms, now=clock.now())
    page = render_template(
        "teach/new_allowance.html", course=course, form=form, effects=effects, learner=learner, terms=terms
    )
    return page, 422 if form.errors else 200


@bp.post("/courses/<slug>/allowances/<int:allowance_id>/withdraw")
def withdraw_allowance(slug: str, allowance_id: int) -> ResponseReturnValue:
    course = the_course(slug, right="grant_allowance")
    with writing() as session:
        allowance = session.get(Allowance, allowance_id)
        if allowance is None or allowance.course_id != course.id:
            raise NotFound("There is no such allowance in this course.")
        changed = granting.withdraw(allowance, by=me(), reason="", now=clock.now())
        told = _told(changed)
        name = allowance.learner.name
    flash(f"The allowance of {name} was taken back.{told}", "ok")
    return redirect(url_for(".allowances", slug=slug), 303)


def _offer_exams(course: Course, form: AllowanceForm) -> dict[str, Exam]:
    query = select(Exam).where(Exam.course_id == course.id, Exam.is_active).order_by(Exam.name)
    exams = {exam.slug: exam for exam in db.session.scalars(query.options(joinedload(Exam.course)))}
    every = (EVERY_EXAM, "Every exam of the course, also those to come")
    form.exam.choices = choices(dict([every, *((slug, exam.name) for slug, exam in exams.items())]))
    return exams


def _the_learner(course: Course, form: AllowanceForm) -> User | None:
    """The learner that the form names; None with the reason at the field."""
    learner = people.find_by_email(form.email.data or "")
    if learner is None:
        form.email.errors = ["Nobody has this mail address. Look for a typing mistake."]
    elif not access.is_enrolled(learner, course.id):
        form.email.errors = [f"{learner.name} is not enrolled in {course.name}. Enrol them first."]
    else:
        return learner
    return None


def _sound_terms(form: AllowanceForm, exams: dict[str, Exam]) -> Terms | None:
    """What the form asks for; None with the reason at its field when a rule says no."""
    terms = Terms(
        kind=form.terms_kind,
        minutes=form.minutes,
        percent=form.percent,
        note=form.note.data or "",
        exam=exams.get(form.exam.data),
    )
    try:
        rules.check(terms)
    except BadInput as err:
        form[FIELDS.get(err.field, err.field)].errors = [err.message]
        return None
    return terms


def _granted(course: Course, learner: User, terms: Terms, form: AllowanceForm) -> bool:
    """Grant it; False with the reason at its field when a rule says no."""
    reason = (form.reason.data or "").strip()
    try:
        with writing():
            _, changed = granting.grant(course, learner, terms, by=me(), reason=reason, now=clock.now())
            told = _told(changed)
    except NotAllowed as err:
        form.email.errors = [err.message]
        return False
    flash(f"Granted to {learner.name}.{told}", "ok")
    return True


def _told(changed: list[Attempt]) -> str:
    """What happened to clocks that run."""
    ends = [f" The attempt {one.ref} now ends {clock_time(one.deadline_at)}." for one in changed]
    return "".join(ends)
