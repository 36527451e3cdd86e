"""One message of a provider, whole; and that a person has seen one that waited. One call, tried again."""

import json

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain import access
from portal.domain.attempts import attempts
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import dead_letters
from portal.domain.providers import deliveries, provider_log
from portal.domain.providers.deliveries import UNSETTLED
from portal.models import Attempt, Delivery, Event, Right
from portal.providers import json_fields
from portal.web.formatting import provider_labels
from portal.web.gate import sessions
from portal.web.gate.guards import me
from portal.web.teach import names
from portal.web.teach.blueprint import bp
from portal.web.teach.providers.provider_log import OWN

NOT_THERE = "There is no such message, or you are not on the team of its course."


@bp.get("/deliveries/<int:delivery_id>")
def delivery(delivery_id: int) -> ResponseReturnValue:
    found, attempt = _the_delivery(delivery_id)
    return render_template(
        "teach/provider/delivery.html",
        delivery=found,
        attempt=attempt,
        body=_pretty(found.body),
        shows_body=attempt is None or names.of(attempt.exam.course_id, [attempt]).shows(attempt),
        waits=found.outcome in UNSETTLED and found.seen_at is None,
        words=provider_labels,
    )


@bp.post("/deliveries/<int:delivery_id>/seen")
def delivery_seen(delivery_id: int) -> ResponseReturnValue:
    """It could not be used, a person has looked, and nothing more is to be done with it."""
    _, attempt = _the_delivery(delivery_id)
    with writing():
        held, now = attempts.lock(attempt.id) if attempt else None, clock.now()
        seen = deliveries.get(delivery_id)
        if held is not None and seen.seen_at is None:
            cause = Cause(actor=Actor.STAFF, user=me(), reason=f"message {delivery_id}")
            history.record(held, cause, from_status=held.status, now=now, event=Event.MESSAGE_SEEN)
        dead_letters.tick_off(seen, me(), now=now)
    flash("The message is marked as resolved.", "ok")
    return redirect(url_for(".delivery", delivery_id=delivery_id), 303)


@bp.post("/calls/<int:call_id>/again")
def call_again(call_id: int) -> ResponseReturnValue:
    """Tell the provider once more what it has not heard yet."""
    message = provider_log.find_call(call_id)
    course_id = provider_log.course_id_of(message) if message and message.topic in provider_labels.CALLS else None
    if message is None or not _may(course_id):
        raise NotFound("There is no such call, or you are not on the team of its course.")
    with writing():
        is_waiting = provider_log.try_again(call_id, now=clock.now())
    flash("The portal is trying the call again." if is_waiting else "The call is already done or in progress.", "ok")
    return redirect(sessions.safe_next(request.form.get("back")), 303)


def _the_delivery(delivery_id: int) -> tuple[Delivery, Attempt | None]:
    """:raises NotFound: none, or of another course. :raises NotAllowed: about the person's own attempt."""
    found = deliveries.find(delivery_id)
    attempt = attempts.find(found.attempt_id) if found else None
    if found is None or not _may(attempt.exam.course_id if attempt else None):
        raise NotFound(NOT_THERE)
    if attempt is not None and attempt.learner_id == me().id:
        raise NotAllowed(OWN)
    return found, attempt


def _may(course_id: int | None) -> bool:
    """What belongs to no course is for administrators."""
    return me().is_administrator if course_id is None else access.may(me(), Right.SEE_PROVIDER, course_id)


def _pretty(body: str) -> str:
    """JSON with a line for each value; anything else, and what is nested beyond reason, as it came."""
    try:
        return json_fields.plain(json.dumps(json_fields.parse(body.encode()), indent=2, ensure_ascii=False))
    except (json_fields.NotJson, RecursionError):
        return body
