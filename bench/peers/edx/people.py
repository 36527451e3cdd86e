"""Signs people in: the cookie that Django would have given them, and the form token that goes with it."""

from functools import cache
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.signed_cookies import SessionStore

BACKEND = "django.contrib.auth.backends.ModelBackend"
TOKEN = "b" * 32
NO_PASSWORD = "!"


@cache
def cookie_of(user_id: int) -> str:
    """All have the same password, which is none, so that nobody's row has to be read for it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user_id)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = get_user_model()(password=NO_PASSWORD).get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}; csrftoken={TOKEN}"


def signed(step: dict[str, Any]) -> dict[str, Any]:
    """The step with the headers of the person whom it names under ``who``."""
    headers = {"Cookie": cookie_of(step["who"])}
    if step["method"] != "GET":
        headers |= {"X-CSRFToken": TOKEN, "Content-Type": "application/json"}
    rest = {key: value for key, value in step.items() if key != "who"}
    return {**rest, "headers": headers}
