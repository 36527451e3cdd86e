"""What PSI RPNow calls: the launch in the learner's secure browser, and the review. Neither has a token of ours."""

import hmac
import logging
from collections.abc import Sequence
from datetime import datetime

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.domain.errors import BadInput
from portal.domain.lifecycle import status_labels
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import dead_letters, setup
from portal.domain.providers import lookup, provider_options
from portal.domain.providers.deliveries import Arrived
from portal.models import Attempt, Delivery, DeliveryKind, Provider
from portal.providers import json_fields
from portal.providers.psi import review, signature
from portal.providers.psi.provider import PsiProvider
from portal.web.gate import browser_gate
from portal.web.provider_api import bodies, bp, callbacks, inbox, rate_limit
from portal.web.provider_api.bodies import Body

log = logging.getLogger(__name__)

BASE = "/api/edx_proctoring"
#: The same whatever is wrong, so that nobody can try codes and secrets out.
GENERIC = "This review could not be used."
#: One address may send so many a minute; a whole testing centre may stand behind one.
LAUNCHES_PER_MINUTE, REVIEWS_PER_MINUTE = 300, 600


@bp.get(f"{BASE}/proctoring_launch_callback/start_exam/<attempt_code>", strict_slashes=False)
def psi_launch(attempt_code: str) -> ResponseReturnValue:
    """The one GET that writes: RPNow's browser is sent here when its set-up is done, and can send nothing else.

    Coming here again while the exam runs submits it, unless the provider's options say otherwise.
    """
    rate_limit.take(f"launch {request.remote_addr}", per_minute=LAUNCHES_PER_MINUTE)
    found = _by_code(json_fields.plain(attempt_code))
    if found is None or not _came_from_provider(*found):
        abort(404, "There is no exam to launch here.")
    attempt, record = found
    page = url_for("attempt.router", ref=attempt.ref)
    answer = redirect(page)
    browser_gate.remember(answer, attempt)
    # A browser that only asks ahead, or asks for the headers, has not finished any set-up.
    if request.method == "GET" and not request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        _launch(attempt, record)
    return answer


@bp.post(f"{BASE}/proctoring_review_callback", strict_slashes=False)
@bp.post(f"{BASE}/proctoring_review_callback/<token>", strict_slashes=False)
def psi_review_callback(token: str = "") -> ResponseReturnValue:
    """Needs the provider's callback token, in the address or as the password of HTTP Basic, and both names."""
    rate_limit.take(f"psi review {request.remote_addr}", per_minute=REVIEWS_PER_MINUTE)
    record = _whose(json_fields.plain(token or _basic_password()))
    if record is None:
        return {"detail": GENERIC}, 400
    body = bodies.read(request)
    code, locator = _names(body)
    attempt_id, external_id = _by_names(record, code, locator)
    delivery = _store(DeliveryKind.PSI_REVIEW, record, external_id or locator, attempt_id, body)
    if reason := _why_not(body, attempt_id):
        named = None if attempt_id else dead_letters.exam_of_code(record.slug, code)
        inbox.refuse(delivery, reason, answered=400, named=named)
        return {"detail": GENERIC}, 400
    answer = callbacks.judge_review(delivery, body, record)
    return ({"detail": GENERIC}, 400) if isinstance(answer, tuple) else answer


def _launch(attempt: Attempt, record: Provider) -> None:
    forbids_reentry = PsiProvider(record, {}).forbids_reentry
    delivery = _store(DeliveryKind.PSI_LAUNCH, record, attempt.external_id or "", attempt.id, Body(raw=b""))

    def bring_about(attempt: Attempt, delivery: Delivery, beside: Sequence[object], now: datetime) -> str:
        cause = Cause(actor=Actor.PROVIDER, reason=f"{record.slug}: launched")
        is_moved = setup.make_ready(attempt, cause, now=now, ends_when_running=forbids_reentry)
        return "" if is_moved else f"It changed nothing: the attempt was {status_labels.of(attempt.status)}."

    inbox.judge(delivery, bring_about, may_repeat=True)


def _came_from_provider(attempt: Attempt, record: Provider) -> bool:
    """Whether the address is the one we registered, or has the provider's own token.

    The learner knows the code, so the code alone opens nothing.
    """
    if not provider_options.of(record).launch_needs_token:
        return True
    token = provider_options.secrets_of(record).get("callback_token", "")
    good = (signature.launch_proof(attempt.attempt_code, token), token)
    given = json_fields.plain(request.args.get("token") or _basic_password()).encode()
    is_ours = bool(token) and True in [hmac.compare_digest(given, one.encode()) for one in good]
    if not is_ours:
        log.warning(
            "The attempt %s was launched without the token of %s (option launch_needs_token).", attempt.ref, record.slug
        )
    return is_ours


def _basic_password() -> str:
    return (request.authorization.password or "") if request.authorization else ""


def _by_code(attempt_code: str) -> tuple[Attempt, Provider] | None:
    """An attempt of a provider of this kind, and that provider with its secret options."""
    found = lookup.find_with_attempt(attempt_code, PsiProvider.kind)
    if found is not None:
        db.session.expunge_all()  # Still readable when the transactions to come have ended.
    return found


def _whose(token: str) -> Provider | None:
    """The provider whose callback token this is. One without a token set accepts nothing."""
    found = None
    for record in lookup.list_of(PsiProvider.kind, with_secret_options=True):
        kept = provider_options.secrets_of(record).get("callback_token", "")
        if hmac.compare_digest(kept.encode(), token.encode()) and kept:
            found = record
    db.session.expunge_all()
    return found


def _names(body: Body) -> tuple[str, str]:
    """Attempt code and record locator; empty where they are missing."""
    try:
        return review.names(body.fields)
    except BadInput:
        return "", ""


def _by_names(record: Provider, code: str, locator: str) -> tuple[int | None, str]:
    """The provider's attempt that has this code and this locator, in whatever case; archived ones too."""
    attempt_id, kept = lookup.find_names(record.slug, code) or (None, None)
    if (kept or "").casefold() != locator.casefold() or not locator:
        return None, ""
    return attempt_id, locator if kept is None else kept


def _why_not(body: Body, attempt_id: int | None) -> str:
    if body.is_too_large:
        return callbacks.TOO_LARGE
    if not body.is_json:
        return callbacks.NOT_JSON
    return "" if attempt_id else "No attempt of this provider has this exam code and this record locator."


def _store(kind: DeliveryKind, record: Provider, external_id: str, attempt_id: int | None, body: Body) -> Delivery:
    kept = body.kept if attempt_id else body.kept[: bodies.KEPT_OF_GARBAGE]
    rate_limit.take_room(record.slug, len(kept), megabytes_per_hour=current_app.config["PROVIDER_MEGABYTES_PER_HOUR"])
    arrived = Arrived(
        kind=kind,
        provider_slug=record.slug,
        client_id="",
        external_id=external_id,
        raw=body.raw,
        body=kept,
        headers=bodies.headers_of(request),
        delivery_id=bodies.delivery_id_of(request),
    )
    return inbox.store(arrived, attempt_id)
