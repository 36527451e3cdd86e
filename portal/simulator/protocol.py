"""The provider's side of the REST protocol, as real ones serve it, with their odd answers."""

import secrets
import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from portal.simulator.callbacks import Callbacks
from portal.simulator.provider import Attempt, SimulatedProvider

bp = Blueprint("protocol", __name__)
TOKEN_SECONDS = 3600
STEPS = [
    "Have an identity card or passport with your picture ready.",
    "A new window opens. Let it use your camera, then close every other program.",
    "Come back to the exam page; it tells you when you can start.",
]
RULES = {"allow_notes": "Notes on paper are allowed", "allow_calculator": "A calculator is allowed"}


def provider() -> SimulatedProvider:
    found: SimulatedProvider = current_app.extensions["provider"]
    return found


def callbacks() -> Callbacks:
    found: Callbacks = current_app.extensions["callbacks"]
    return found


def guarded(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Needs a token of ours; misbehaves where it was told to."""

    @wraps(view)
    def answer(**named: str) -> ResponseReturnValue:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        provider().note(f"{request.method} {request.path}", body=request.get_data(as_text=True)[:2000])
        if kind != "JWT" or token not in provider().tokens:
            return Response("<h1>Forbidden</h1>", 403, mimetype="text/html")
        return misbehaving() or view(**named)

    return answer


def misbehaving() -> Response | None:
    settings = provider().settings
    if "slow" in settings.misbehave:
        time.sleep(settings.slow_seconds)
    if "500" in settings.misbehave:
        return Response("<h1>Internal Server Error</h1>", 500, mimetype="text/html")
    if "html" in settings.misbehave:
        return Response("<html><body>All is well.</body></html>", 200, mimetype="text/html")
    return None


def body() -> dict[str, object]:
    """What was sent. edX's client sends nothing with GET and DELETE, and no type; a strict provider minds.

    Strict: Flask itself answers 415 without the type, and 400 without a body.
    """
    minds = "strict" in provider().settings.misbehave or request.method not in {"GET", "DELETE"}
    said = request.get_json(silent=not minds)
    return said if isinstance(said, dict) else {}


@bp.post("/oauth2/access_token")
def token() -> ResponseReturnValue:
    """Credentials that are not ours get an empty answer with code 200, as from other simulators."""
    settings = provider().settings
    needed = ("grant_type", "client_id", "client_secret", "token_type")
    if missing := [name for name in needed if name not in request.form]:
        return jsonify(error="invalid_request", missing=missing), 400
    given = (request.form["client_id"], request.form["client_secret"])
    if given != (settings.client_id, settings.client_secret):
        return jsonify({})
    made = secrets.token_urlsafe(24)
    provider().tokens.add(made)
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
    return jsonify(id=provider().save_exam(said, exam_id))


@bp.get("/api/v1/exam/<exam_id>/")
@guarded
def read_exam(exam_id: str) -> ResponseReturnValue:
    body()
    exam = provider().exams.get(exam_id)
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
    return jsonify(provider().register(exam_id, said, base=_base(), again=again))


@bp.get("/api/v1/exam/<exam_id>/attempt/<attempt_id>/")
@guarded
def read_attempt(exam_id: str, attempt_id: str) -> ResponseReturnValue:
    body()
    attempt = provider().attempts.get(attempt_id)
    if attempt is None:
        return jsonify({})
    return jsonify(
        id=attempt_id,
        status=attempt.stage,
        exam_id=exam_id,
        instructions=STEPS,
        rules=provider().exams.get(exam_id, {}).get("rules", {}),
        download_url=f"{_base()}/launch?attempt={attempt_id}&exam={exam_id}",
        **{name: attempt.said.get(name) for name in ("lms_host", "user_id", "email")},
    )


@bp.patch("/api/v1/exam/<exam_id>/attempt/<attempt_id>/")
@guarded
def move(exam_id: str, attempt_id: str) -> ResponseReturnValue:
    status = str(body().get("status"))
    attempt = provider().attempts.get(attempt_id)
    if attempt is None:
        return Response("<h1>Internal Server Error</h1>", 500, mimetype="text/html")
    is_over = status == "submitted" and attempt.stage != "submitted"
    provider().move(attempt, status)
    if is_over:
        callbacks().schedule_review(attempt)
    return jsonify(id=attempt_id, status=status)


@bp.delete("/api/v1/exam/<exam_id>/attempt/<attempt_id>/")
@guarded
def remove(exam_id: str, attempt_id: str) -> ResponseReturnValue:
    body()
    with provider().lock:
        known = provider().attempts.pop(attempt_id, None)
    return (jsonify(status="deleted"), 200) if known else (jsonify(detail="Unknown"), 404)


@bp.delete("/api/v1/user/<user_id>/")
@guarded
def forget(user_id: str) -> ResponseReturnValue:
    body()
    with provider().lock:
        theirs = [a for a in provider().attempts.values() if a.said.get("user_id") == user_id]
        for attempt in theirs:
            del provider().attempts[attempt.id]
        had_profile = provider().profiles.pop(user_id, None) is not None
    return jsonify(bool(theirs) or had_profile)


@bp.get("/api/v1/courses/<course>/onboarding_statuses")
@guarded
def profiles(course: str) -> ResponseReturnValue:
    """One learner's, or a page of them; all where no page is named, as edX's dashboard asks."""
    if "user_id" in request.args:
        return jsonify(_profile(request.args["user_id"]))
    wanted = set(filter(None, request.args.get("status", "").split(",")))
    known = [one for user in sorted(_learners()) if (one := _profile(user))["status"] in wanted or not wanted]
    is_by_page = not {"page", "page_size"}.isdisjoint(request.args)
    size = max(1, request.args.get("page_size", 20, type=int) if is_by_page else len(known))
    page, last = max(1, request.args.get("page", 1, type=int)), max(1, -(-len(known) // size))
    return jsonify(
        results=known[(page - 1) * size : page * size],
        count=len(known),
        num_pages=last,
        next=_page(page + 1) if page < last else None,
        previous=_page(page - 1) if page > 1 else None,
    )


def _page(number: int) -> str:
    return f"{request.base_url}?{urlencode({**request.args, 'page': number})}"


def _learners() -> set[str]:
    attempts: list[Attempt] = list(provider().attempts.values())
    return {str(attempt.said["user_id"]) for attempt in attempts} | set(provider().profiles)


def _profile(user_id: str) -> dict[str, object]:
    status = provider().profiles.get(user_id, "no-profile")
    return {"user_id": user_id, "status": status, "expiration_date": None}


def _base() -> str:
    return request.host_url.rstrip("/")
