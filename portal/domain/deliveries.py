"""Keeps every message of a vendor before anybody judges it, and knows one that came before."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    Row,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import defer
from sqlalchemy.sql.dml import ReturningUpdate

from portal.db import db
from portal.db_fast import insert_one, prepared, table_of
from portal.models import Attempt, Delivery, DeliveryKind, DeliveryOutcome

LONGEST_BODY = 1024 * 1024
#: What waits for a person. One that is still "received" was never judged: its process was stopped in between.
UNSETTLED = frozenset({DeliveryOutcome.KEPT, DeliveryOutcome.RECEIVED})
#: Statements on the table itself pass the ORM by: a delivery is not held in memory while it is judged.
TABLE = table_of(Delivery)


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A message as it came in. ``body`` is what may be kept: without recording links and secrets."""

    kind: DeliveryKind
    provider_slug: str | None
    client_id: str
    external_id: str
    raw: bytes
    body: str
    headers: Mapping[str, object] = field(default_factory=dict)
    delivery_id: str | None = None


def keep(arrived: Arrived, *, attempt_id: int | None, now: datetime) -> Delivery:
    """Store it, as received. What is given back is no part of the session, so that it outlives the transaction."""
    facts = {
        "kind": arrived.kind,
        "provider_slug": arrived.provider_slug,
        "client_id": arrived.client_id[:200],
        "external_id": arrived.external_id[:200],
        "attempt_id": attempt_id,
        "delivery_id": arrived.delivery_id[:200] if arrived.delivery_id else None,
        "body": arrived.body.replace("\x00", "\N{REPLACEMENT CHARACTER}")[:LONGEST_BODY],
        "body_sha256": hashlib.sha256(arrived.raw).hexdigest(),
        "headers": dict(arrived.headers),
        "outcome": DeliveryOutcome.RECEIVED,
        "received_at": now,
    }
    return Delivery(**facts, id=insert_one(Delivery, facts))


def claim(delivery: Delivery, *, beside: tuple[object, ...] = ()) -> Row[object]:
    """Take the right to use it: ``used`` the first time, ``repeated`` when what it says was used before.

    The outcome comes first, then what was asked for ``beside``: columns that are read in the same statement, about
    the attempt ``of_attempt``.

    It repeats one with its delivery id, or the newest one if its body is the same. Only the newest counts by
    body: a vendor may change its mind and back again. Two different delivery ids are two deliveries, even with
    the same words. The attempt is held by the caller, so that of two at once only one is used.
    """
    facts = {
        "number": delivery.id,
        "slug": delivery.provider_slug,
        "named": delivery.external_id,
        "said": delivery.kind,
        "words": delivery.body_sha256,
        **({"name": delivery.delivery_id} if delivery.delivery_id else {}),
    }
    of_attempt = {"of_attempt": delivery.attempt_id} if beside else {}
    change = _claiming(bool(delivery.delivery_id), beside)
    return db.session.execute(change, {**facts, **of_attempt}).one()


@prepared
def _claiming(has_name: bool, beside: tuple[object, ...]) -> ReturningUpdate[*tuple[object, ...]]:
    """The statement of :func:`claim`, built once."""
    used = (
        Delivery.provider_slug == bindparam("slug"),
        Delivery.external_id == bindparam("named"),
        Delivery.kind == bindparam("said", type_=TABLE.c.kind.type),
        Delivery.id != bindparam("number"),
        Delivery.outcome == DeliveryOutcome.USED,
    )
    newest = select(func.max(Delivery.id)).where(*used).scalar_subquery()
    is_unnamed = Delivery.delivery_id.is_(None) if has_name else true()
    has_its_words = and_(Delivery.id == newest, Delivery.body_sha256 == bindparam("words"), is_unnamed)
    has_its_name = Delivery.delivery_id == bindparam("name") if has_name else false()
    came_before = exists(select(Delivery.id).where(*used, or_(has_its_words, has_its_name)))
    outcomes = TABLE.c.outcome.type
    outcome = case(
        (came_before, literal(DeliveryOutcome.REPEATED, outcomes)), else_=literal(DeliveryOutcome.USED, outcomes)
    )
    change = update(TABLE).where(TABLE.c.id == bindparam("number")).values(outcome=outcome, answered=200)
    return change.returning(TABLE.c.outcome, *beside)


def settle(delivery_id: int, outcome: DeliveryOutcome, *, answered: int, note: str = "") -> None:
    """Write down what became of it, what we answered, and why."""
    change = update(TABLE).where(TABLE.c.id == delivery_id)
    db.session.execute(change.values(outcome=outcome, answered=answered, note=note[:500]))


def find(delivery_id: int) -> Delivery | None:
    return db.session.get(Delivery, delivery_id)


def get(delivery_id: int) -> Delivery:
    """One that is known to exist."""
    return db.session.get_one(Delivery, delivery_id)


def list_for(attempt: Attempt) -> list[Delivery]:
    """Without their bodies, which may be long."""
    query = select(Delivery).where(Delivery.attempt_id == attempt.id).order_by(Delivery.id)
    return list(db.session.scalars(query.options(defer(Delivery.body))))
