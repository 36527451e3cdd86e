"""What instructors decide for a whole course: second reviews, two reviewers, grades, whom to write to."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField

from portal import clock
from portal.db import writing
from portal.domain.courses import course_lookup, course_settings, exam_settings, requirement_settings
from portal.domain.errors import BadInput
from portal.models import Course, Right
from portal.web.gate.guards import me, the_course
from portal.web.gate.plain_form import PlainForm
from portal.web.teach.blueprint import bp
from portal.web.teach.forms import was_filled_in


class CourseSettingsForm(PlainForm):
    needs_second_review = BooleanField(
        "A person reviews every negative report",
        description="Off: a negative automatic report by the provider is final.",
    )
    needs_two_reviewers = BooleanField(
        "Two reviewers must agree not to accept an exam",
        description="The first reviewer's decision requests a second review.",
    )
    overrides_grade = BooleanField(
        "If an exam is not accepted, its grade is zero",
        description="If it is accepted later, for example after an appeal, the grade is restored.",
    )
    decline_cascades = BooleanField(
        "Opting out of proctoring applies to all exams",
        description="Learners see the names of the other exams before they decide.",
    )
    escalation_email = StringField(
        "Email address for cases",
        description="Receives appeals, interruptions and messages. If empty, they go to the contact below.",
    )
    contact = StringField(
        "Contact for learners",
        description="Learners see this when they need help: an email address, a phone number or an office.",
    )


@bp.route("/courses/<slug>/settings", methods=["GET", "POST"])
def course_settings_page(slug: str) -> ResponseReturnValue:
    course = the_course(slug, right=Right.MANAGE_COURSE)
    form = CourseSettingsForm(obj=course)
    if form.validate_on_submit() and was_filled_in(form) and _saved(course, form):
        return redirect(url_for(".course_settings_page", slug=slug), 303)
    changes = course_settings.changes_of(course)
    page = render_template(
        "teach/courses/course_settings.html",
        course=course,
        form=form,
        changes=changes,
        words={name: form[name].label.text for name in (*course_settings.SWITCHES, *course_settings.CONTACTS)}
        | {requirement_settings.SETTING: "Credit requirements"}
        | exam_settings.names(changes),
    )
    return page, 422 if form.errors else 200


def _saved(course: Course, form: CourseSettingsForm) -> bool:
    """Keep it; False with the reason at its field when a rule says no."""
    said = {name: form[name].data for name in course_settings.SWITCHES}
    said |= {name: form[name].data or "" for name in course_settings.CONTACTS}
    try:
        with writing():
            changed = course_settings.change(course_lookup.get_course(course.id), said, me(), now=clock.now())
    except BadInput as err:
        form[err.field].errors = [err.message]
        return False
    flash("Settings saved." if changed else "There were no changes.", "ok" if changed else "info")
    return True
