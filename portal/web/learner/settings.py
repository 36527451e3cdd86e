"""How a person likes to be shown things: language, time, colours, size."""

from string import ascii_uppercase
from zoneinfo import available_timezones

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from wtforms import SelectField
from wtforms.validators import AnyOf

from portal import languages
from portal.db import writing
from portal.domain.accounts import people
from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.models import Announcements, Theme, TimeDisplay
from portal.web.formatting.choices import choices
from portal.web.formatting.times import TEXT_SIZE_COOKIE, TEXT_SIZES, zone_name
from portal.web.gate import sessions
from portal.web.gate.guards import me
from portal.web.gate.plain_form import PlainForm
from portal.web.gate.security import ONE_YEAR_SECONDS
from portal.web.learner import bp

TIME_DISPLAYS = {
    TimeDisplay.MINUTES.value: _("Minutes, and seconds in the last five minutes"),
    TimeDisplay.SECONDS.value: _("Always minutes and seconds"),
    TimeDisplay.HIDDEN.value: _("Hidden until I ask, and shown in the last five minutes"),
    TimeDisplay.NEVER.value: _("Always hidden until I ask"),
}
ANNOUNCEMENTS = {
    Announcements.ALL.value: _("All"),
    Announcements.LAST_TEN.value: _("Only in the last ten minutes"),
    Announcements.END.value: _("Only the end"),
}
#: By letter; some of them mean something in one browser or another, which is why there is a choice.
READ_TIME_KEYS = {"": _("No shortcut, only the button"), **{one: f"Alt+Shift+{one}" for one in ascii_uppercase}}
THEMES = {Theme.SYSTEM.value: _("Same as my device"), Theme.LIGHT.value: _("Light"), Theme.DARK.value: _("Dark")}
SIZES = dict(zip(TEXT_SIZES, (_("Normal"), _("Large"), _("Very large")), strict=True))
#: Of the device: the zone that its person wants to see although the device keeps another time.
KEPT_ZONE_COOKIE = "kept_zone"


class SettingsForm(PlainForm):
    """The account's own choices; the text size alone stays with the device."""

    language = SelectField(_("Language"), choices=choices(languages.NAMES))
    time_zone = SelectField(_("Time zone"), choices=choices({name: name for name in sorted(available_timezones())}))
    time_display = SelectField(_("Time left"), choices=choices(TIME_DISPLAYS))
    announcements = SelectField(_("Spoken announcements"), choices=choices(ANNOUNCEMENTS))
    read_time_letter = SelectField(_("Keyboard shortcut for reading the time aloud"), choices=choices(READ_TIME_KEYS))
    theme = SelectField(_("Colours"), choices=choices(THEMES))
    text_size = SelectField(_("Text size"), choices=choices(SIZES), validators=[AnyOf(TEXT_SIZES)])


@bp.route("/me/settings", methods=["GET", "POST"])
@login_required
def settings() -> ResponseReturnValue:
    form = SettingsForm(obj=me(), text_size=request.cookies.get(TEXT_SIZE_COOKIE, TEXT_SIZES[0]))
    if not form.validate_on_submit():
        return render_template("learner/settings.html", form=form), 422 if form.errors else 200
    with writing():
        person = people.get(me().id)
        for name in ("time_display", "announcements", "theme"):
            setattr(person, name, type(getattr(person, name))(form[name].data))
        person.language = str(form.language.data)
        person.time_zone = str(form.time_zone.data)
        person.read_time_letter = str(form.read_time_letter.data)
    with languages.force_locale(str(form.language.data)):
        flash(gettext("Your settings are saved."))
    answer = redirect(url_for(".settings"), 303)
    answer.set_cookie(
        TEXT_SIZE_COOKIE, str(form.text_size.data), max_age=ONE_YEAR_SECONDS, secure=request.is_secure, samesite="Lax"
    )
    return answer


@bp.post("/me/theme")
@login_required
def theme() -> ResponseReturnValue:
    """The three buttons in the menu of every page; back to where they were pressed."""
    wanted = request.form.get("theme", "")
    if wanted in THEMES:
        with writing():
            people.get(me().id).theme = Theme(wanted)
    return redirect(sessions.safe_next(request.form.get("next")), 303)


@bp.post("/me/zone")
@login_required
def zone() -> ResponseReturnValue:
    """Where the device keeps another time: take it over, or leave things as they are. Back to where it was pressed."""
    wanted = request.form.get("time_zone", "")
    answer = redirect(sessions.safe_next(request.form.get("next")), 303)
    if "keep" in request.form:
        answer.set_cookie(
            KEPT_ZONE_COOKIE, zone_name(), max_age=ONE_YEAR_SECONDS, secure=request.is_secure, samesite="Lax"
        )
    elif wanted in available_timezones():
        with writing():
            people.get(me().id).time_zone = wanted
    return answer


@bp.app_template_test("kept_zone")
def is_kept_zone(name: str) -> bool:
    """Whether this device was told to leave its person's zone alone; who is not signed in is not asked."""
    return not current_user.is_authenticated or request.cookies.get(KEPT_ZONE_COOKIE) == name
