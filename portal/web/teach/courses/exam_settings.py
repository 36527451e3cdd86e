"""What instructors decide for one exam: a page and a form made from the table of its settings."""

from itertools import groupby

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, Field
from wtforms.validators import InputRequired

from portal import clock
from portal.db import writing
from portal.domain.courses import course_lookup, exam_settings
from portal.domain.courses.exam_settings import SETTINGS, Setting
from portal.domain.errors import BadInput
from portal.models import Exam, Right
from portal.web.gate.guards import me, the_taught_exam
from portal.web.gate.plain_form import PlainForm
from portal.web.teach.blueprint import bp
from portal.web.teach.forms import WholeField, was_filled_in


def _field(setting: Setting) -> Field:
    if setting.is_switch:
        return BooleanField(setting.label, description=setting.effect)
    said = InputRequired("Enter a whole number of seconds, such as 30.")
    return WholeField(setting.label, [said], description=setting.effect)


ExamSettingsForm = type("ExamSettingsForm", (PlainForm,), {one.column: _field(one) for one in SETTINGS})


@bp.route("/exams/<slug>/settings", methods=["GET", "POST"])
def exam_settings_page(slug: str) -> ResponseReturnValue:
    exam = the_taught_exam(slug, right=Right.MANAGE_EXAM)
    form = ExamSettingsForm(obj=exam)
    if form.validate_on_submit() and was_filled_in(form) and _saved(exam, form):
        return redirect(url_for(".exam_settings_page", slug=slug), 303)
    page = render_template(
        "teach/courses/exam_settings.html",
        exam=exam,
        form=form,
        groups=[(title, list(some)) for title, some in groupby(SETTINGS, key=lambda one: one.group)],
        changes=exam_settings.changes_of(exam),
        words={exam_settings.name_of(one, exam): one.label for one in SETTINGS},
        running=exam_settings.running_now(exam),
    )
    return page, 422 if form.errors else 200


def _saved(exam: Exam, form: PlainForm) -> bool:
    """Keep it; False with the reason at its field when a rule says no, and then nothing is kept."""
    try:
        with writing():
            kept = course_lookup.get_exam(exam.id)
            changed = exam_settings.change(kept, form.data, me(), now=clock.now())
    except BadInput as err:
        form[err.field].errors = [err.message]
        return False
    flash("Settings saved." if changed else "There were no changes.", "ok" if changed else "info")
    return True
