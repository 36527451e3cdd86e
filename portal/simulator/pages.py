"""What browsers see of the simulated provider: launch page, recording, dashboard, desktop application, controls."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.simulator.protocol import callbacks, provider
from portal.simulator.provider import Attempt
from portal.simulator.settings import MISBEHAVIOURS, REVIEWS

bp = Blueprint("pages", __name__, template_folder="templates")


@bp.get("/")
def control() -> str:
    return render_template(
        "simulator.html", provider=provider(), reviews=REVIEWS, misbehaviours=MISBEHAVIOURS, log=provider().log[-40:]
    )


@bp.get("/state")
def state() -> Response:
    known = provider()
    with known.lock:
        attempts = [
            {"id": a.id, "exam_id": a.exam_id, "status": a.stage, "app": a.app, "said": a.said}
            for a in known.attempts.values()
        ]
        return jsonify(exams=known.exams, attempts=attempts, profiles=known.profiles, log=known.log)


@bp.post("/attempts/<attempt_id>/<action>")
def act(attempt_id: str, action: str) -> ResponseReturnValue:
    """A button of the control page; a test asks the same with JSON and waits until the portal has heard."""
    attempt = _attempt(attempt_id)
    said = request.get_json(silent=True) or request.form
    if action == "ready":
        callbacks().ready(attempt)
    elif action in {"drop", "return"}:
        attempt.app = "silent" if action == "drop" else "running"
    elif action == "review":
        callbacks().review(attempt, said.get("status"))
    else:
        abort(404)
    return jsonify(app=attempt.app, status=attempt.stage) if request.is_json else redirect(url_for("pages.control"))


@bp.post("/settings")
def settings() -> ResponseReturnValue:
    """Only what is named changes. A form names misbehaviours by their boxes."""
    by_form: dict[str, object] = {**request.form, "misbehave": request.form.getlist("misbehave")}
    said: dict[str, Any] = request.get_json() if request.is_json else by_form
    known = provider().settings
    for name in ("ready_after", "review_after", "slow_seconds", "late_seconds"):
        setattr(known, name, float(said.get(name, getattr(known, name))))
    known.review = said["review"] if said.get("review") in REVIEWS else known.review
    if "misbehave" in said:
        known.misbehave = set(said["misbehave"]) & set(MISBEHAVIOURS)
    if "needs_onboarding" in said:
        known.needs_onboarding = bool(said["needs_onboarding"])
    return jsonify(misbehave=sorted(known.misbehave)) if request.is_json else redirect(url_for("pages.control"))


@bp.get("/launch")
def launch() -> str:
    """Pretends to set the learner up; a moment later the portal is told that they are ready."""
    attempt = _attempt(request.args.get("attempt", ""))
    provider().note("launch", attempt=attempt.id)
    callbacks().schedule_ready(attempt)
    return render_template("simulator_launch.html", attempt=attempt, seconds=provider().settings.ready_after)


@bp.get("/recordings/<attempt_id>")
def recording(attempt_id: str) -> str:
    return render_template("simulator_recording.html", attempt=_attempt(attempt_id))


@bp.get("/api/v1/instructor/<client_id>/")
def dashboard(client_id: str) -> str:
    claims = verified(request.args.get("jwt", ""), provider().settings.client_secret)
    if claims is None or client_id != provider().settings.client_id or claims.get("iss") != client_id:
        abort(403)
    exams = {name: exam for name, exam in provider().exams.items() if exam["course_id"] == claims.get("course_id")}
    attempts = [a for a in provider().attempts.values() if a.exam_id in exams]
    return render_template("simulator_dashboard.html", claims=claims, exams=exams, attempts=attempts)


@bp.get("/desktop/ping")
def ping() -> ResponseReturnValue:
    """The learner's desktop application, as its page asks it. Without a name: of the newest attempt."""
    attempt = _running(request.args.get("attempt"))
    if attempt is not None and attempt.app == "silent":
        abort(503)
    return jsonify(status=attempt.app if attempt else None)


@bp.post("/desktop/start")
def start() -> ResponseReturnValue:
    return _switch("running")


@bp.post("/desktop/stop")
def stop() -> ResponseReturnValue:
    return _switch("uploading")


@bp.get("/worker.js")
def worker() -> Response:
    """The script that a provider gives to the exam page; it speaks edx-proctoring's worker messages."""
    script = render_template("simulator_worker.js", base=request.host_url.rstrip("/"))
    return Response(script, mimetype="text/javascript")


@bp.after_request
def open_to_all_origins(answer: Response) -> Response:
    """A desktop application on the learner's machine is asked from the portal's page."""
    if request.path.startswith("/desktop/") or request.path == "/worker.js":
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
        answer.headers["Access-Control-Allow-Private-Network"] = "true"
    return answer


def verified(token: str, secret: str) -> dict[str, object] | None:
    """The claims of an HS256 token that is ours and still good."""
    parts = token.split(".")
    if len(parts) != 3 or not token.isascii():
        return None
    digest = hmac.new(secret.encode(), f"{parts[0]}.{parts[1]}".encode(), sha256).digest()
    if not hmac.compare_digest(urlsafe_b64encode(digest).rstrip(b"=").decode(), parts[2]):
        return None
    head, claims = (json.loads(urlsafe_b64decode(part + "==")) for part in parts[:2])
    is_good = head.get("alg") == "HS256" and claims.get("exp", 0) > clock.now().timestamp()
    return dict(claims) if is_good else None


def _attempt(attempt_id: str) -> Attempt:
    return provider().attempts.get(attempt_id) or abort(404)


def _running(attempt_id: str | None) -> Attempt | None:
    known = provider().attempts
    return known.get(attempt_id) if attempt_id else next(reversed(known.values()), None)


def _switch(app: str) -> ResponseReturnValue:
    said = request.get_json(silent=True) or {}
    attempt = _running(said.get("attempt") or request.args.get("attempt"))
    if attempt is None or attempt.app == "silent":
        abort(503)
    attempt.app = app
    return jsonify(status=app)
