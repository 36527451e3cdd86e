"""Reads the form for a new allowance: for which learner, and on which terms."""

from portal.domain import access
from portal.domain.accounts import people
from portal.domain.courses import course_lookup
from portal.domain.errors import BadInput
from portal.domain.timekeeping import allowance_terms
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import Course, User
from portal.web.formatting.choices import choices
from portal.web.gate.guards import me
from portal.web.teach.forms import AllowanceForm

EVERY_EXAM = "every"
#: The form's field for what the rules call otherwise.
FIELDS = {"minutes": "amount", "percent": "amount"}


def offer_exams(course: Course, form: AllowanceForm) -> None:
    """Put the course's exams into the form."""
    every = (EVERY_EXAM, "Every exam in the course, including future exams")
    form.exam.choices = choices(dict([every, *course_lookup.names_of_exams_in_use(course).items()]))


def the_learner(course: Course, form: AllowanceForm) -> User | None:
    """The learner that the form names; None with the reason at the field."""
    learner = people.read_by_email(form.email.data or "")
    if learner is not None and learner.id == me().id:
        form.email.errors = ["You cannot grant yourself an allowance. Ask another member of the course team."]
    elif learner is None:
        form.email.errors = ["No account has this email address. Check it for typing errors."]
    elif not access.is_enrolled(learner, course.id):
        form.email.errors = [f"{learner.name} is not enrolled in {course.name}. Enrol them first."]
    else:
        return learner
    return None


def sound_terms(form: AllowanceForm) -> Terms | None:
    """What the form, which is valid, asks for; None with the reason at its field when a rule says no."""
    terms = Terms(
        kind=form.terms_kind,
        minutes=form.minutes,
        percent=form.percent,
        note=form.note.data or "",
        exam=None if form.exam.data == EVERY_EXAM else course_lookup.read_exam_by_slug(form.exam.data),
    )
    try:
        allowance_terms.check(terms)
    except BadInput as err:
        form[FIELDS.get(err.field, err.field)].errors = [err.message]
        return None
    return terms
