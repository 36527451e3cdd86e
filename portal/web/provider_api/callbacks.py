"""What a provider's server reports about an attempt: it is ready to start, and it was reviewed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app, request
from flask.typing import ResponseReturnValue

from portal import providers
from portal.domain.errors import BadInput
from portal.domain.lifecycle import status_labels
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import setup
from portal.domain.providers import provider_options, scopes
from portal.domain.providers.deliveries import Arrived
from portal.domain.reviews import provider_reports
from portal.domain.reviews.verdicts import Source
from portal.models import Attempt, Delivery, DeliveryKind, Provider
from portal.providers import json_fields
from portal.web.provider_api import authentication, bodies, bp, inbox, rate_limit
from portal.web.provider_api.authentication import Caller
from portal.web.provider_api.bodies import Body

#: The first is what edx-proctoring serves, the others are what its documentation prints.
PLACES = (
    "/api/edx_proctoring/v1/proctored_exam/attempt/<external_id>",
    "/api/v1/edx_proctoring/proctored_exam/attempt/<external_id>",
    "/api/v1/edx_proctoring/v1/proctored_exam/attempt/<external_id>",
)
NOT_KNOWN = "There is no attempt of yours with this id. The message is kept for the course team."
TOO_LARGE = f"The body is larger than {bodies.LONGEST_BODY // 1024} KiB. Send the comments that matter most."
NOT_JSON = "The body is not JSON in UTF-8. The message is kept for the course team."


def ready(external_id: str) -> ResponseReturnValue:
    """The set-up is done. Always "OK" for an attempt of theirs: there may be nothing left to do.

    The address says it all: the body is kept, and means nothing, as with edX.
    """
    caller, body = (
        authentication.the_provider(json_fields.plain(external_id), needed=scopes.CALLBACK),
        bodies.read(request),
    )
    delivery = _store(DeliveryKind.READY, external_id, caller, body)
    if refusal := _cannot_be_read(delivery, body, is_optional=True, unknown=404):
        return refusal

    def bring_about(attempt: Attempt, delivery: Delivery, beside: Sequence[object], now: datetime) -> str:
        cause = Cause(actor=Actor.PROVIDER, reason=f"{caller.provider.slug}: ready")
        is_moved = setup.make_ready(attempt, cause, now=now)
        return "" if is_moved else f"It changed nothing: the attempt was {status_labels.of(attempt.status)}."

    return inbox.judge(delivery, bring_about)


def reviewed(external_id: str) -> ResponseReturnValue:
    """The provider has looked at the recording."""
    caller, body = (
        authentication.the_provider(json_fields.plain(external_id), needed=scopes.REVIEWS),
        bodies.read(request),
    )
    delivery = _store(DeliveryKind.REVIEWED, external_id, caller, body)
    return _cannot_be_read(delivery, body, unknown=400) or judge_review(delivery, body, caller.provider)


def judge_review(delivery: Delivery, body: Body, record: Provider) -> ResponseReturnValue:
    """Read it in the provider's own words, and bring about what it calls for."""
    provider, options = providers.of(record, talks=False), provider_options.of(record)
    source = Source(
        slug=record.slug,
        passing=provider.passing,
        supports_onboarding=provider.supports_onboarding,
        allows_updates=options.allows_review_updates,
    )
    try:
        said = provider.read_review(body.said)
    except BadInput as err:
        return inbox.refuse(delivery, err.message, answered=400)

    def bring_about(attempt: Attempt, delivery: Delivery, beside: Sequence[Any], now: datetime) -> str:
        earlier = provider_reports.before(*beside)
        return provider_reports.receive(attempt, said, source, delivery, earlier=earlier, now=now).note

    return inbox.judge(delivery, bring_about, beside=provider_reports.columns())


def _store(kind: DeliveryKind, external_id: str, caller: Caller, body: Body) -> Delivery:
    # Of what means nothing, or names nothing of ours, the beginning is enough for a person.
    most = bodies.KEPT_OF_GARBAGE if kind is DeliveryKind.READY or caller.attempt_id is None else bodies.LONGEST_BODY
    kept = body.kept[:most]
    rate_limit.take_room(
        caller.client_id, len(kept), megabytes_per_hour=current_app.config["PROVIDER_MEGABYTES_PER_HOUR"]
    )
    arrived = Arrived(
        kind=kind,
        provider_slug=caller.provider.slug,
        client_id=caller.client_id,
        external_id=json_fields.plain(external_id),
        raw=body.raw,
        body=kept,
        headers=bodies.headers_of(request),
        delivery_id=bodies.delivery_id_of(request),
    )
    return inbox.store(arrived, caller.attempt_id)


def _cannot_be_read(
    delivery: Delivery, body: Body, *, unknown: int, is_optional: bool = False
) -> ResponseReturnValue | None:
    """The answer to what nobody can use; None when it can be judged."""
    if body.is_too_large:
        return inbox.refuse(delivery, TOO_LARGE, answered=413)
    if delivery.attempt_id is None:
        return inbox.refuse(delivery, NOT_KNOWN, answered=unknown)
    if not body.is_json and not is_optional:
        return inbox.refuse(delivery, NOT_JSON, answered=400)
    return None


for place in PLACES:
    bp.add_url_rule(f"{place}/ready", view_func=ready, methods=["POST"], strict_slashes=False)
    bp.add_url_rule(f"{place}/reviewed", view_func=reviewed, methods=["POST"], strict_slashes=False)
