"""What instructors decide for a whole course: second looks, two reviewers, grades, whom to write to."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField

from portal import clock
from portal.db import writing
from portal.domain import course_lookup, course_settings, exam_settings, requiring
from portal.domain.errors import BadInput
from portal.models import Course
from portal.web.guards import me, the_course
from portal.web.plain_form import PlainForm
from portal.web.teach.blueprint import bp
from portal.web.teach.forms import was_filled_in


class CourseSettingsForm(PlainForm):
    needs_second_review = BooleanField(
        "A person looks at every bad report",
        description="Off: what a provider's machine finds fails the learner at once.",
    )
    needs_two_reviewers = BooleanField(
        "Not accepted only when two reviewers say so",
        description="The first one's decision asks for a second look.",
    )
    overrides_grade = BooleanField(
        "Not accepted sets the grade of the exam to zero",
        description="Accepted later, for example after an appeal, gives the grade back.",
    )
    decline_cascades = BooleanField(
        "Without proctoring in one exam means in all",
        description="The page that offers it names the other exams before the learner decides.",
    )
    escalation_email = StringField(
        "Mail address for cases",
        description="Appeals, interruptions and learners' messages are mailed there. Empty: to the contact below.",
    )
    contact = StringField(
        "Contact for learners",
        description="Shown wherever something stops a learner: a mail address, a telephone number, an office.",
    )


@bp.route("/courses/<slug>/settings", methods=["GET", "POST"])
def course_settings_page(slug: str) -> ResponseReturnValue:
    course = the_course(slug, right="manage_course")
    form = CourseSettingsForm(obj=course)
    if form.validate_on_submit() and was_filled_in(form) and _saved(course, form):
        return redirect(url_for(".course_settings_page", slug=slug), 303)
    changes = course_settings.changes_of(course)
    page = render_template(
        "teach/course_settings.html",
        course=course,
        form=form,
        changes=changes,
        words={name: form[name].label.text for name in (*course_settings.SWITCHES, *course_settings.CONTACTS)}
        | {requiring.SETTING: "Asked for before credit"}
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
    flash("Saved." if changed else "Nothing was changed.", "ok" if changed else "info")
    return True
