"""Which form may change something: one of our own pages, with the token of the session that asked for the page.

Flask-WTF insists on ``Referer`` behind HTTPS, which some browsers never send. What a browser says of where a form came
from is in ``Origin``, ``Sec-Fetch-Site`` or ``Referer``, in this order; one that says nothing is judged by the token.
"""

from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

#: What ``Sec-Fetch-Site`` says of a form of ours, and of one that the person sent again by themselves.
OURS = frozenset({"same-origin", "none"})


class OwnForms(CSRFProtect):
    """Flask-WTF's check of the token, and a look at where the form came from."""

    def init_app(self, app: Flask) -> None:
        app.config["WTF_CSRF_SSL_STRICT"] = False
        super().init_app(app)

    def protect(self, apply_exemptions: bool = False) -> None:
        """:raises CSRFError: no token, an old one, or a form of another site."""
        super().protect(apply_exemptions)
        if g.get("csrf_valid") and is_foreign():
            raise CSRFError(f"The form came from {foreign_place() or 'another site'}, this is {request.host_url}.")


def is_foreign() -> bool:
    """Whether the browser says that the form came from another site. One that says nothing is believed its token."""
    origin, site = request.headers.get("Origin", ""), request.headers.get("Sec-Fetch-Site", "")
    if origin and origin != "null":  # It says "null" where the page before wants no address told.
        return not _is_ours(origin)
    if site:
        return site not in OURS
    return bool(request.referrer) and not _is_ours(str(request.referrer))


def foreign_place() -> str:
    """Where it came from, as far as the browser says it."""
    said = request.headers.get("Origin", "")
    return _place(said if said not in {"", "null"} else request.referrer or "")


def _is_ours(address: str) -> bool:
    """By the address this request came to, or by the one the portal is known by: a proxy may hide the first."""
    return _place(address) in {_place(request.host_url), _place(str(current_app.config["PUBLIC_URL"]))}


def _place(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "?"
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""
