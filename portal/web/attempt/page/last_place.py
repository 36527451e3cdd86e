"""The question a learner was at last, which their browser keeps in a cookie: looking at a question writes nothing."""

from datetime import timedelta

from flask import current_app, request
from werkzeug.wrappers import Response

from portal.domain.attempts import attempts
from portal.models import Attempt

#: ``K7F-2QD4.3~QX2-88PL.1``: the attempts looked at last, newest first, each with the number of a question. The
#: script of the exam page (``static/js/place.js``) writes the same, since it turns from question to question by itself.
COOKIE = "invigil-place"
KEPT_FOR = timedelta(days=7)
MOST_ATTEMPTS = 4
LARGEST_NUMBER = 9999


def keep(response: Response, attempt: Attempt, number: int) -> Response:
    """Question ``number`` is shown by ``response``. What a script loads for later says nothing of a place."""
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return response
    others = [one for one in _kept().items() if one[0] != attempt.ref]
    places = [(attempt.ref, number), *others][:MOST_ATTEMPTS]
    response.set_cookie(
        COOKIE,
        "~".join(f"{ref}.{number}" for ref, number in places),
        max_age=KEPT_FOR,
        path="/attempts/",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        samesite="Lax",
    )
    return response


def number_of(attempt: Attempt) -> int | None:
    """The number of the question this browser showed last; of a resumed attempt, also before that."""
    places = _kept()
    if attempt.ref in places or attempt.resumes_id is None or not places:
        return places.get(attempt.ref)
    before = attempts.find(attempt.resumes_id)
    return places.get(before.ref) if before else None


def _kept() -> dict[str, int]:
    pairs = (one.rpartition(".") for one in request.cookies.get(COOKIE, "").split("~")[:MOST_ATTEMPTS])
    return {ref: int(number) for ref, _, number in pairs if _is_number(number)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < len(text) <= len(str(LARGEST_NUMBER))
