"""What every answer says to the browser: load nothing from elsewhere, frame nothing, keep nothing private."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, current_app, g, request

from portal.web import bundles

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
#: The clock without a script is a small page that refreshes itself inside the exam page.
FRAMED_BY_OURSELVES = frozenset({"attempt.clock", "attempt.clock_line"})
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: Files that never change under one address, because their content is part of it.
NAMED_BY_CONTENT = frozenset({"static", "bundles.bundle"})
ONE_YEAR_SECONDS = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    app.after_request(protect)
    app.url_defaults(_add_version)


def protect(response: Response) -> Response:
    framed = request.endpoint in FRAMED_BY_OURSELVES
    policy = {**POLICY, "frame-ancestors": "'self'"} if framed else {**POLICY, **g.get("policy", {})}
    response.headers.setdefault("Content-Security-Policy", "; ".join(f"{k} {v}" for k, v in policy.items()))
    if "permissions" in g:
        response.headers["Permissions-Policy"] = g.permissions
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    _stay_here(response)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR_SECONDS}"
    if request.endpoint in NAMED_BY_CONTENT:
        _let_be_kept(response)
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"  # The next person at this computer sees nothing.
    return response


def _stay_here(response: Response) -> None:
    """A redirect within the portal names no host: the request says which, and a request may say anything."""
    address = response.headers.get("Location", "")
    if address.startswith((request.host_url, f"//{request.host}/")):
        parts = urlsplit(address)
        response.headers["Location"] = urlunsplit(("", "", "/" + parts.path.lstrip("/"), parts.query, parts.fragment))


def _let_be_kept(response: Response) -> None:
    """A file asked for by its content never changes; any other is asked for again each time."""
    response.headers.pop("Cache-Control", None)
    asked, now = request.args.get("v"), _version(str(request.endpoint), request.view_args or {})
    if asked and asked == now:
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"


def version_of(filename: str) -> str | None:
    """A short hash of a static file's content; None when there is no such file."""
    path = Path(str(current_app.static_folder)) / filename
    try:
        return _hash(path, path.stat().st_mtime_ns)
    except (OSError, ValueError):  # ValueError: a NUL in it.
        return None


@lru_cache(maxsize=512)
def _hash(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _version(endpoint: str, values: dict[str, Any]) -> str | None:
    if endpoint == "static":
        return version_of(values.get("filename", ""))
    return bundles.version_of(values.get("name", ""))


def _add_version(endpoint: str, values: dict[str, object]) -> None:
    if endpoint in NAMED_BY_CONTENT and "v" not in values and (version := _version(endpoint, values)):
        values["v"] = version
