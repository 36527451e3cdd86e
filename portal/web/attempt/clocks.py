"""The attempt's clock: the message the page's script asks for, a line for pages without one, and what was seen."""

from typing import Any

from flask import abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain import attempts, clock_state
from portal.domain.clock_state import Viewer
from portal.web import sessions
from portal.web.attempt import bp
from portal.web.attempt.exam_page import ExamPage
from portal.web.guards import my_attempt

ROLES = {"staff": "the course team", "proctor": "the proctor", "portal": "the portal"}


@bp.get("/clock.json")
def clock_json(ref: str) -> ResponseReturnValue:
    """One indexed read, and one more only when the page has not seen the newest revision."""
    claimed, now = sessions.signed_in_user_id(), clock.now()
    if claimed is None:
        return {"error": {"code": "signed_out"}}, 401
    row = clock_state.read(ref, Viewer(user_id=claimed.user_id, session_epoch=claimed.epoch))
    if row is None:
        return {"error": {"code": "signed_out_or_not_yours"}}, 401
    message = clock_state.message(row, now=now)
    seen = request.args.get("rev", type=int)
    if seen is not None and seen < row.revision:
        message["notices"] = [notice_words(notice) for notice in clock_state.notices(row.id, after_revision=seen)]
    if message["state"] != "in_progress":
        message["go"] = url_for("attempt.router", ref=ref)
    reply = jsonify(message)
    reply.headers["Cache-Control"] = "no-store"
    return reply


def notice_words(notice: Any) -> dict[str, Any]:
    """A notice as one whole sentence."""
    minutes = abs(notice.seconds) // 60
    amount = f"{minutes} minute{'' if minutes == 1 else 's'}"
    by = ROLES.get(notice.by_role, "the course team")
    texts = {
        "time_added": f"{amount} added by {by}.",
        "time_cut": f"{amount} taken away by {by}.",
        "resumed": "Your exam goes on.",
    }
    return {"id": notice.id, "kind": notice.kind, "text": notice.text or texts.get(notice.kind, "")}


@bp.post("/seen")
@login_required
def seen(ref: str) -> ResponseReturnValue:
    """The page has shown a revision of the time account; the course team sees that it was seen."""
    body, attempt = request.get_json(silent=True), my_attempt(ref)
    revision = body.get("rev") if isinstance(body, dict) else None
    if not isinstance(revision, int):
        abort(422)
    with writing():
        clock_state.seen(attempts.lock(attempt.id), revision, now=clock.now())
    return {"seen": revision}


@bp.get("/clock")
@login_required
def clock_line(ref: str) -> ResponseReturnValue:
    """One line that refreshes itself, in a frame for pages without scripts; never a page with fields."""
    return render_template("attempt/clock.html", page=ExamPage(my_attempt(ref), clock.now()))
