"""The proof that a browser came in through PSI's launch: a signed cookie, without which its exam pages stay shut."""

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from portal.domain import providers_kept
from portal.domain.errors import NotAllowed, sentence
from portal.models import Attempt
from portal.models.attempt import RUNNING
from portal.providers import has_own_browser, shapes
from portal.web import sessions

COOKIE = "exam"
#: A learner's addresses that any browser of theirs may use while the exam runs: asking the team for help, the set-up
#: page's look whether it is over, and opening the provider again, which ends the exam where that is forbidden.
OPEN = frozenset({"proctored.tell_team", "proctored.setup_state", "proctored.open_vendor"})
#: These ask by themselves: Start, once the attempt is locked; the clock, which has read the attempt by then.
ASK_THEMSELVES = frozenset({"attempt.start", "attempt.clock_json"})
ELSEWHERE = sentence(
    "This exam runs only in the browser of your proctoring provider. Go back to its window: no answer is lost."
)
#: References of attempts that no launched browser is needed for; that never changes, so it is asked once a process.
_free: set[str] = set()
MOST_REMEMBERED = 50_000


def remember(response: Response, attempt: Attempt) -> None:
    """Until the browser closes. It carries the reference: the attempt's code is nothing for a browser."""
    response.set_cookie(
        COOKIE,
        _signer().dumps(attempt.ref),
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )


def guard() -> None:
    """Before every address of a learner's attempt: while it runs, only the launched browser comes in.

    Costs one short read for the first request of an attempt in this process, and for a browser that is kept out.

    :raises NotAllowed: the exam runs in the provider's browser only, and this is another one.
    """
    ref, claimed = shapes.plain(str((request.view_args or {}).get("ref", ""))), sessions.signed_in_user_id()
    if ref and claimed is not None and request.endpoint not in OPEN | ASK_THEMSELVES:
        require_while_running(ref, claimed.user_id)


def require_while_running(ref: str, learner_id: int) -> None:
    """For an attempt of this learner. :raises NotAllowed: as :func:`guard` does."""
    ref = ref.upper()
    if ref in _free or _is_launched(ref):
        return
    row = providers_kept.status_and_kind(ref, learner_id)
    if row is not None and not has_own_browser(row.kind):
        _remember_free(ref)
    elif row is not None and row.status in RUNNING:
        raise NotAllowed(ELSEWHERE)


def require(attempt: Attempt) -> None:
    """For a locked attempt that is about to start. :raises NotAllowed: as :func:`guard` does."""
    if attempt.provider_slug is None:
        return _remember_free(attempt.ref)
    if attempt.ref in _free or _is_launched(attempt.ref):
        return
    row = providers_kept.status_and_kind(attempt.ref, attempt.learner_id)
    if row is not None and has_own_browser(row.kind):
        raise NotAllowed(ELSEWHERE)


def _is_launched(ref: str) -> bool:
    proof = request.cookies.get(COOKIE)
    try:
        return bool(proof) and bool(_signer().loads(proof or "") == ref)
    except BadSignature:
        return False


def _remember_free(ref: str) -> None:
    if len(_free) >= MOST_REMEMBERED:
        _free.clear()
    _free.add(ref)


def _signer() -> URLSafeSerializer:
    """With the present secret key; what an older one has signed is still read while it is among the fallbacks."""
    older = [str(key) for key in current_app.config.get("SECRET_KEY_FALLBACKS") or []]
    return URLSafeSerializer([*reversed(older), str(current_app.config["SECRET_KEY"])], salt="launched exam")
