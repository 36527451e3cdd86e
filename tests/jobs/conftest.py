"""What tests of background work ask for: messages of the outbox, and several threads at once."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from portal.db import db, writing
from portal.domain.outbox import messages
from portal.jobs.outbox import yielding
from portal.models import OutboxMessage
from tests.jobs.mail import smtp
from tests.jobs.mail.mailbox import Mailbox
from tests.jobs.mail.smtp import Received
from tests.make import NOON


@pytest.fixture
def enqueue(app: Flask) -> Callable[..., OutboxMessage]:
    """``enqueue("test", key="a")`` enqueues a message and commits it."""

    def enqueue(topic: str = "test", **given: Any) -> OutboxMessage:
        with writing():
            message = messages.enqueue(topic, **{"now": NOON, **given})
        return message

    return enqueue


@pytest.fixture
def at_once(app: Flask) -> Callable[..., list[Any]]:
    """``at_once(4, work)`` runs ``work`` in so many threads that begin together; what each returned."""

    def at_once(number: int, work: Callable[[], Any]) -> list[Any]:
        begin, results = threading.Barrier(number), []

        def run() -> None:
            with app.app_context():
                begin.wait(10)
                results.append(work())

        threads = [threading.Thread(target=run) for _ in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(results) == number
        db.session.rollback()  # So that the test sees what they did.
        return results

    return at_once


@pytest.fixture
def page(app: Flask) -> Iterator[threading.Event]:
    """A page that is being made until it is told to end."""
    began, may_end = threading.Event(), threading.Event()
    other = Flask("other")

    @other.get("/slow")
    def slow() -> str:
        began.set()
        may_end.wait(30)
        return "done"

    yielding.init_app(other)
    asking = threading.Thread(target=lambda: other.test_client().get("/slow"))
    asking.start()
    assert began.wait(30)
    yield may_end
    may_end.set()
    asking.join(30)


@pytest.fixture
def mails(app: Flask) -> Iterator[Mailbox]:
    """``mails()`` dispatches what is due by ``now`` and gives the emails that this wrote."""
    mailbox = Mailbox(app)
    mailbox.empty()  # Of what other tests left there.
    yield mailbox
    mailbox.empty()


@pytest.fixture
def settings(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Points the portal's mail somewhere for one test; TESTING alone would keep it from being sent."""

    def settings(**given: Any) -> None:
        for name, value in {"suppress": False, **given}.items():
            monkeypatch.setattr(app.extensions["mail"], name, value)

    return settings


@pytest.fixture
def received(settings: Callable[..., None]) -> Iterator[Received]:
    """What a real mail server has been given by the portal."""
    received = Received()
    controller = smtp.serve(received)
    settings(server="127.0.0.1", port=controller.port)
    yield received
    controller.stop()


def stored(message: OutboxMessage) -> OutboxMessage:
    """The message as it now is in the database."""
    db.session.rollback()
    db.session.refresh(message)
    return message
