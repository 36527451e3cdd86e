"""A learner's own pages: what to do and when, the entry of an exam, and how they like the time shown."""

from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from flask_wtf import FlaskForm
from wtforms import SelectField

from portal import clock
from portal.db import db, writing
from portal.domain import allowances, attempts, eligibility, exam_list, timing
from portal.models import Announcements, Exam, Theme, TimeDisplay, User
from portal.web.choices import choices
from portal.web.guards import me, my_exam

bp = Blueprint("learner", __name__)

TIME_DISPLAYS = {
    TimeDisplay.MINUTES.value: "Minutes, and seconds in the last five minutes",
    TimeDisplay.SECONDS.value: "Always minutes and seconds",
    TimeDisplay.HIDDEN.value: "Hidden until I ask, and in the last five minutes",
}
ANNOUNCEMENTS = {
    Announcements.ALL.value: "All",
    Announcements.LAST_TEN.value: "Only in the last ten minutes",
    Announcements.END.value: "Only the end",
}
THEMES = {Theme.SYSTEM.value: "As my device", Theme.LIGHT.value: "Light", Theme.DARK.value: "Dark"}


class SettingsForm(FlaskForm):
    """How this person likes to be shown the time."""

    time_display = SelectField("Time left", choices=choices(TIME_DISPLAYS))
    announcements = SelectField("Spoken announcements", choices=choices(ANNOUNCEMENTS))
    theme = SelectField("Colours", choices=choices(THEMES))
    time_zone = SelectField("Time zone", choices=choices({name: name for name in sorted(available_timezones())}))


@bp.get("/me/exams/")
@login_required
def exams() -> ResponseReturnValue:
    now = clock.now()
    listed = exam_list.list_for(me(), now=now)
    places = {
        place: [one for one in listed if one.place(now=now) == place] for place in ("running", "open", "coming", "past")
    }
    return render_template("learner/exams.html", places=places, listed=listed, now=now)


@bp.get("/exams/<slug>/")
@login_required
def entry(slug: str) -> ResponseReturnValue:
    """Decide to begin: the numbers, and one thing to press, or why there is nothing to press."""
    exam, now = my_exam(slug), clock.now()
    facts = timing.entry_facts(exam, allowances.in_force(exam, me().id, now=now), now=now)
    attempt = attempts.find_latest(exam, me())
    reason = None if attempt and attempt.is_live else eligibility.why_not(exam, me(), now=now)
    version = eligibility.latest_version(exam)
    return render_template(
        "learner/entry.html", exam=exam, facts=facts, attempt=attempt, reason=reason, version=version, now=now
    )


@bp.post("/exams/<slug>/begin")
@login_required
def begin(slug: str) -> ResponseReturnValue:
    """Open an attempt (or find the one that is open). The clock does not start here."""
    with writing():
        attempt = attempts.create(db.session.get_one(Exam, my_exam(slug).id), me(), now=clock.now())
        ref = attempt.ref
    return redirect(url_for("attempt.router", ref=ref), 303)


@bp.route("/me/settings", methods=["GET", "POST"])
@login_required
def settings() -> ResponseReturnValue:
    form = SettingsForm(obj=me())
    if form.validate_on_submit():
        with writing():
            person = db.session.get_one(User, me().id)
            person.time_display = TimeDisplay(form.time_display.data)
            person.announcements = Announcements(form.announcements.data)
            person.theme = Theme(form.theme.data)
            person.time_zone = str(form.time_zone.data)
        flash("Your settings are saved.")
        return redirect(url_for(".settings"), 303)
    return render_template("learner/settings.html", form=form)
