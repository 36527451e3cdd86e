"""The worker dies after it has done something and before it could note it: done again under the same name."""

from contextlib import ExitStack
from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import webhook_endpoints
from portal.domain.providers import lookup
from portal.jobs.outbox.claims import LEASE
from portal.models import EndedBy, LedgerEntry, OutboxMessage
from tests import fake_providers
from tests.make import NOON, S
from tests.resilience import fake_services
from tests.resilience.whole_portal import free_port


@pytest.fixture
def told():
    return fake_services.Told()


@pytest.fixture
def settings(portal, told):
    """A provider, a platform and a mail server that can be reached: what a worker must know of them."""
    with ExitStack() as stack:
        address = stack.enter_context(fake_services.reachable(fake_services.receiver(told)))
        port = free_port()
        stack.enter_context(fake_services.mail_server(told, port))
        fake_providers.provider(base_url=address, client_id="portal", client_secret="a secret")
        with writing():
            webhook_endpoints.add("Platform", f"{address}/hooks", now=NOON)
        yield {
            "PORTAL_MAIL_SERVER": "127.0.0.1",
            "PORTAL_MAIL_PORT": str(port),
            "PORTAL_WEBHOOKS_MAY_BE_PRIVATE": "true",
        }


def submit(attempt):
    cause = Cause(actor=Actor.PROCTOR, reason="Somebody else sat there.")
    with writing():
        attempts.complete(attempts.lock(attempt.id), cause, ended_by=EndedBy.PROCTOR, now=NOON + timedelta(minutes=5))


def work(portal, settings):
    """A worker dispatches what is due, until all is done or the worker is dead. Whether it died."""
    waiting = db.select(OutboxMessage.topic).where(OutboxMessage.done_at.is_(None))
    worker = portal.start("worker", until="The worker is running", **settings)
    portal.wait_until(lambda: worker.poll() is not None or not portal.look(waiting))
    return worker.poll() is not None


def test_what_was_done_but_not_noted_is_done_again_under_the_same_name(portal, told, settings):
    attempt = fake_providers.attempt(S.STARTED)
    with writing():
        lookup.note_exam(attempt.exam, "acme", "exam-1", now=NOON)
    portal.advance(minutes=5)
    submit(attempt)
    told.at_each = lambda name: portal.strike() if told.times[name] == 1 else None
    deaths = 0
    while work(portal, settings):
        deaths += 1
        assert deaths <= 4, told.times
        portal.advance(seconds=LEASE.total_seconds())
    kinds = sorted(name.split()[0] for name in told.times)
    assert kinds == ["mail", "provider", "webhook", "webhook"]  # Submitted, and the credit that hangs on it.
    # Lanes work side by side: one death may cut two of them short, and one of them more than once.
    assert 1 <= deaths <= len(told.times) and set(told.times.values()) <= set(range(2, deaths + 2))
    assert f"provider {attempt.external_id} submitted" in told.times
    first, *again = told.mails
    assert again and all(first[head] == one[head] for one in again for head in ("Message-ID", "Date", "Subject", "To"))
    assert portal.look(db.select(LedgerEntry.ledger, LedgerEntry.standing)) == [("credit", "submitted")]
    assert portal.look(db.select(OutboxMessage.id).where(OutboxMessage.dead_at.is_not(None))) == []
