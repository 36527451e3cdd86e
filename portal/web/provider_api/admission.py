"""The proof that a browser came in through PSI's launch: a signed cookie, without which its exam pages stay shut."""

from flask import Request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.errors import NotAllowed
from portal.models import Attempt, Provider, ProviderKind

COOKIE = "exam"


def remember(response: Response, attempt: Attempt) -> None:
    """Until the browser closes. It carries the reference: the attempt's code is nothing for a browser."""
    response.set_cookie(
        COOKIE,
        _signer().dumps(attempt.ref),
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )


def require(attempt: Attempt) -> None:
    """:raises NotAllowed: the exam runs in the vendor's browser only, and this is another one."""
    if not admits(attempt, request):
        raise NotAllowed(
            "This exam runs only in the browser of your proctoring provider. Open it there again: no answer is lost."
        )


def admits(attempt: Attempt, request: Request) -> bool:
    """Whether this browser may show the exam: any for most vendors, for PSI's the one that was launched."""
    if attempt.provider_slug is None:
        return True
    kind = db.session.scalar(select(Provider.kind).where(Provider.slug == attempt.provider_slug))
    if kind is not ProviderKind.PSI:
        return True
    try:
        return bool(_signer().loads(request.cookies.get(COOKIE, "")) == attempt.ref)
    except BadSignature:
        return False


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="launched exam")
