"""Reads the form for a new allowance: for which learner, and on which terms."""

from portal.domain import access
from portal.domain.accounts import people
from portal.domain.courses import course_lookup
from portal.domain.errors import BadInput
from portal.domain.timekeeping import allowance_terms
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import Course, Exam, User
from portal.web.formatting.choices import choices
from portal.web.gate.guards import me
from portal.web.teach.forms import AllowanceForm

EVERY_EXAM = "every"
#: The form's field for what the rules call otherwise.
FIELDS = {"minutes": "amount", "percent": "amount"}


def offer_exams(course: Course, form: AllowanceForm) -> dict[str, Exam]:
    """Put the course's exams into the form; they, by the word that the form sends for each."""
    exams = {exam.slug: exam for exam in course_lookup.exams_in_use(course)}
    every = (EVERY_EXAM, "Every exam in the course, including future exams")
    form.exam.choices = choices(dict([every, *((slug, exam.name) for slug, exam in exams.items())]))
    return exams


def the_learner(course: Course, form: AllowanceForm) -> User | None:
    """The learner that the form names; None with the reason at the field."""
    learner = people.find_by_email(form.email.data or "")
    if learner == me():
        form.email.errors = ["You cannot grant yourself an allowance. Ask another member of the course team."]
    elif learner is None:
        form.email.errors = ["No account has this email address. Check it for typing errors."]
    elif not access.is_enrolled(learner, course.id):
        form.email.errors = [f"{learner.name} is not enrolled in {course.name}. Enrol them first."]
    else:
        return learner
    return None


def sound_terms(form: AllowanceForm, exams: dict[str, Exam]) -> Terms | None:
    """What the form asks for; None with the reason at its field when a rule says no."""
    terms = Terms(
        kind=form.terms_kind,
        minutes=form.minutes,
        percent=form.percent,
        note=form.note.data or "",
        exam=exams.get(form.exam.data),
    )
    try:
        allowance_terms.check(terms)
    except BadInput as err:
        form[FIELDS.get(err.field, err.field)].errors = [err.message]
        return None
    return terms
