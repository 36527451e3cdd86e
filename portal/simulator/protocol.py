"""The provider's side of the REST protocol, as vendors serve it, with their odd answers."""

import secrets
import time
from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from portal.simulator.callbacks import Callbacks
from portal.simulator.vendor import Attempt, Vendor

bp = Blueprint("protocol", __name__)
TOKEN_SECONDS = 3600
STEPS = [
    "Have an identity card or passport with your picture ready.",
    "A new window opens. Let it use your camera, then close every other program.",
    "Come back to the exam page; it tells you when you can start.",
]
RULES = {"allow_notes": "Notes on paper are allowed", "allow_calculator": "A calculator is allowed"}


def vendor() -> Vendor:
    found: Vendor = current_app.extensions["vendor"]
    return found


def callbacks() -> Callbacks:
    found: Callbacks = current_app.extensions["callbacks"]
    return found


def guarded(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Needs a token of ours; misbehaves where it was told to."""

    @wraps(view)
    def answer(**named: str) -> ResponseReturnValue:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        vendor().note(f"{request.method} {request.path}", body=request.get_data(as_text=True)[:2000])
        if kind != "JWT" or token not in vendor().tokens:
            return Response("<h1>Forbidden</h1>", 403, mimetype="text/html")
        return misbehaving() or view(**named)

    return answer


def misbehaving() -> Response | None:
    settings = vendor().settings
    if "slow" in settings.misbehave:
        time.sleep(settings.slow_seconds)
    if "500" in settings.misbehave:
        return Response("<h1>Internal Server Error</h1>", 500, mimetype="text/html")
    if "html" in settings.misbehave:
        return Response("<html><body>All is well.</body></html>", 200, mimetype="text/html")
    return None


def body() -> dict[str, object]:
    """What was sent. edX's client sends nothing with GET and DELETE, and no type; a strict vendor minds.

    Strict: Flask itself answers 415 without the type, and 400 without a body.
    """
    minds = "strict" in vendor().settings.misbehave or request.method not in {"GET", "DELETE"}
    said = request.get_json(silent=not minds)
    return said if isinstance(said, dict) else {}


@bp.post("/oauth2/access_token")
def token() -> ResponseReturnValue:
    """Credentials that are not ours get an empty answer with code 200, as from other simulators."""
    settings = vendor().settings
    needed = ("grant_type", "client_id", "client_secret", "token_type")
    if missing := [name for name in needed if name not in request.form]:
        return jsonify(error="invalid_request", missing=missing), 400
    given = (request.form["client_id"], request.form["client_secret"])
    if given != (settings.client_id, settings.client_secret):
        return jsonify({})
    made = secrets.token_urlsafe(24)
    vendor().tokens.add(made)
    return jsonify(access_token=made, expires_in=TOKEN_SECONDS)


@bp.get("/api/v1/config/")
@guarded
def configuration() -> ResponseReturnValue:
    body()
    return jsonify(name="Simulated proctor", rules=RULES, instructions=STEPS, download_url=f"{_base()}/launch")


@bp.post("/api/v1/exam/")
@bp.post("/api/v1/exam/<exam_id>/")
@guarded
def save_exam(exam_id: str | None = None) -> ResponseReturnValue:
    said = body()
    if not {"course_id", "exam_name", "is_practice_exam"} <= set(said):
        return Response("<h1>Internal Server Error</h1>", 500, mimetype="text/html")
    return jsonify(id=vendor().save_exam(said, exam_id))


@bp.get("/api/v1/exam/<exam_id>/")
@guarded
def read_exam(exam_id: str) -> ResponseReturnValue:
    body()
    exam = vendor().exams.get(exam_id)
    if exam is None:
        return jsonify({})
    return jsonify(id=exam_id, name=exam["exam_name"], course_id=exam["course_id"], rules=exam.get("rules", {}))


@bp.post("/api/v1/exam/<exam_id>/attempt/")
@guarded
def register(exam_id: str) -> ResponseReturnValue:
    said = body()
    if not {"status", "user_id", "full_name", "email", "lms_host"} <= set(said):
        return Response("<h1>Internal Server Error</h1>", 500, mimetype="text/html")
    again = request.headers.get("Idempotency-Key")
    return jsonify(vendor().register(exam_id, said, base=_base(), again=again))


@bp.get("/api/v1/exam/<exam_id>/attempt/<attempt_id>/")
@guarded
def read_attempt(exam_id: str, attempt_id: str) -> ResponseReturnValue:
    body()
    attempt = vendor().attempts.get(attempt_id)
    if attempt is None:
        return jsonify({})
    return jsonify(
        id=attempt_id,
        status=attempt.stage,
        exam_id=exam_id,
        instructions=STEPS,
        rules=vendor().exams.get(exam_id, {}).get("rules", {}),
        download_url=f"{_base()}/launch?attempt={attempt_id}&exam={exam_id}",
        **{name: attempt.said.get(name) for name in ("lms_host", "user_id", "email")},
    )


@bp.patch("/api/v1/exam/<exam_id>/attempt/<attempt_id>/")
@guarded
def move(exam_id: str, attempt_id: str) -> ResponseReturnValue:
    status = str(body().get("status"))
    attempt = vendor().attempts.get(attempt_id)
    if attempt is None:
        return Response("<h1>Internal Server Error</h1>", 500, mimetype="text/html")
    is_over = status == "submitted" and attempt.stage != "submitted"
    vendor().move(attempt, status)
    if is_over:
        callbacks().schedule_review(attempt)
    return jsonify(id=attempt_id, status=status)


@bp.delete("/api/v1/exam/<exam_id>/attempt/<attempt_id>/")
@guarded
def remove(exam_id: str, attempt_id: str) -> ResponseReturnValue:
    body()
    with vendor().lock:
        known = vendor().attempts.pop(attempt_id, None)
    return (jsonify(status="deleted"), 200) if known else (jsonify(detail="Unknown"), 404)


@bp.delete("/api/v1/user/<user_id>/")
@guarded
def forget(user_id: str) -> ResponseReturnValue:
    body()
    with vendor().lock:
        theirs = [a for a in vendor().attempts.values() if a.said.get("user_id") == user_id]
        for attempt in theirs:
            del vendor().attempts[attempt.id]
        had_profile = vendor().profiles.pop(user_id, None) is not None
    return jsonify(bool(theirs) or had_profile)


@bp.get("/api/v1/courses/<course>/onboarding_statuses")
@guarded
def profiles(course: str) -> ResponseReturnValue:
    wanted, status = request.args.get("user_id"), request.args.get("status")
    if wanted is not None:
        return jsonify(_profile(wanted))
    known = [one for user in sorted(_learners()) if (one := _profile(user))["status"] == status or not status]
    size = max(1, request.args.get("page_size", 20, type=int))
    page = max(1, request.args.get("page", 1, type=int))
    shown = known[(page - 1) * size : page * size]
    return jsonify(results=shown, count=len(known), num_pages=-(-len(known) // size), next=None, previous=None)


def _learners() -> set[str]:
    attempts: list[Attempt] = list(vendor().attempts.values())
    return {str(attempt.said["user_id"]) for attempt in attempts} | set(vendor().profiles)


def _profile(user_id: str) -> dict[str, object]:
    status = vendor().profiles.get(user_id, "no-profile")
    return {"user_id": user_id, "status": status, "expiration_date": None}


def _base() -> str:
    return request.host_url.rstrip("/")
