"""The attempt's clock: the message the page's script asks for, a line for pages without one, and what was seen."""

from typing import Any

from flask import abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock, languages
from portal.db import writing
from portal.domain.attempts import active_window, attempts
from portal.domain.timekeeping import clock_message, exam_clock
from portal.domain.timekeeping.exam_clock import Viewer
from portal.languages import gettext, ngettext
from portal.languages import lazy_gettext as _
from portal.models import NoticeKind
from portal.web import negotiation
from portal.web.attempt import bp
from portal.web.attempt.page.exam_page import ExamPage
from portal.web.gate import browser_gate, sessions
from portal.web.gate.guards import my_attempt
from portal.web.gate.incoming import LARGEST_ID
from portal.web.gate.windows import browser

ROLES = {"staff": _("the course team"), "proctor": _("the proctor"), "portal": _("the portal")}


@bp.get("/clock.json")
def clock_json(ref: str) -> ResponseReturnValue:
    """One indexed read, and one more only when the page has not seen the newest revision."""
    claimed, now = sessions.signed_in_user_id(), clock.now()
    if claimed is None:
        return negotiation.answer(401, "signed_out", gettext("Sign in to see this clock."))
    row = exam_clock.read(ref, Viewer(user_id=claimed.user_id, session_epoch=claimed.epoch, session_key=claimed.key))
    if row is None:
        return negotiation.answer(401, "signed_out_or_not_yours", gettext("Sign in to see this clock."))
    if row.provider_slug is not None:
        browser_gate.require_while_running(ref, claimed.user_id)
    message = clock_message.message(row, now=now)
    if row.window_browser is not None:
        message["window"] = active_window.named(row, browser())
    seen = request.args.get("rev", type=int)
    if seen is not None and seen < row.revision:
        message["notices"] = [
            notice_words(notice, row.language) for notice in clock_message.notices(row.id, after_revision=seen)
        ]
    if message["state"] != "in_progress":
        message["go"] = url_for("attempt.router", ref=ref)
    reply = jsonify(message)
    reply.headers["Cache-Control"] = "no-store"
    return reply


def notice_words(notice: Any, language: str) -> dict[str, object]:
    """A notice as one whole sentence in the learner's language."""
    with languages.force_locale(language):
        return {"id": notice.id, "kind": notice.kind, "text": _sentence(notice)}


def _sentence(notice: Any) -> str:
    if notice.kind == NoticeKind.MESSAGE:
        return gettext("The course team answered your message: %(text)s", text=notice.text)
    if notice.text:
        return str(notice.text)
    minutes, by = abs(notice.seconds) // 60, str(ROLES.get(notice.by_role, ROLES["staff"]))
    if notice.kind == NoticeKind.TIME_ADDED:
        return ngettext("%(num)s minute added by %(by)s.", "%(num)s minutes added by %(by)s.", minutes, by=by)
    if notice.kind == NoticeKind.TIME_CUT:
        return ngettext("%(num)s minute removed by %(by)s.", "%(num)s minutes removed by %(by)s.", minutes, by=by)
    return gettext("Your exam continues.") if notice.kind == NoticeKind.RESUMED else ""


@bp.post("/seen")
@login_required
def seen(ref: str) -> ResponseReturnValue:
    """The page has shown a revision of the time log; the course team sees that it was seen."""
    body, attempt = request.get_json(silent=True), my_attempt(ref)
    revision = body.get("rev") if isinstance(body, dict) else None
    if not isinstance(revision, int) or not 0 <= revision <= LARGEST_ID:
        abort(422)
    with writing():
        exam_clock.seen(attempts.lock(attempt.id), revision, now=clock.now())
    return {"seen": revision}


@bp.get("/clock")
@login_required
def clock_line(ref: str) -> ResponseReturnValue:
    """One line that refreshes itself, in a frame for pages without scripts; never a page with fields."""
    return render_template("attempt/clock.html", page=ExamPage(my_attempt(ref), clock.now()))
