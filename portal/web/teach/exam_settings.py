"""What instructors decide for one exam: whether it is written in one window at a time."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField

from portal import clock
from portal.db import writing
from portal.domain import course_lookup, exam_settings
from portal.web.guards import me, the_taught_exam
from portal.web.plain_form import PlainForm
from portal.web.teach.blueprint import bp
from portal.web.teach.forms import was_filled_in


class ExamSettingsForm(PlainForm):
    one_window = BooleanField(
        "One window at a time",
        description="Off: a learner may answer in several windows, and is asked when two answers differ. On: a second "
        "window says where the exam is open and can take its place; the first can then only be read. Nothing is lost "
        "and no exam is ended. Each change is kept in the history with both devices, for the team and the reviewers.",
    )


@bp.route("/exams/<slug>/settings", methods=["GET", "POST"])
def exam_settings_page(slug: str) -> ResponseReturnValue:
    exam = the_taught_exam(slug, right="manage_exam")
    form = ExamSettingsForm(obj=exam)
    if form.validate_on_submit() and was_filled_in(form):
        with writing():
            kept = course_lookup.get_exam(exam.id)
            changed = exam_settings.set_one_window(kept, form.one_window.data, me(), now=clock.now())
        flash("Saved." if changed else "Nothing was changed.", "ok" if changed else "info")
        return redirect(url_for(".exam_settings_page", slug=slug), 303)
    return render_template(
        "teach/exam_settings.html",
        exam=exam,
        form=form,
        changes=exam_settings.changes_of(exam),
        words={exam_settings.setting_of(exam): form.one_window.label.text},
        running=exam_settings.running_now(exam),
    )
