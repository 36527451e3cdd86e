"""How a mail leaves the portal: through a real mail server, or into a file."""

import socket
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from portal.db import db
from portal.jobs import mail_delivery, worker
from portal.models import OutboxMessage
from tests.make import NOON

SAYS = {"template": "password_reset", "to": "zoe@example.edu", "name": "Zoë", "link": "http://localhost/x"}


class Received:
    """A mail server that keeps what it is given, and refuses whom it is told to refuse."""

    def __init__(self):
        self.mails, self.refused = [], set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def settings(app, monkeypatch):
    """Points the portal's mail somewhere for one test; TESTING alone would keep it from being sent."""

    def settings(**given):
        for name, value in {"suppress": False, **given}.items():
            monkeypatch.setattr(app.extensions["mail"], name, value)

    return settings


@pytest.fixture
def received(settings):
    received = Received()
    controller = Controller(received, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings(server="127.0.0.1", port=controller.port)
    yield received
    controller.stop()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def the_only():
    db.session.rollback()
    return db.session.scalars(db.select(OutboxMessage)).one()


def test_a_real_mail_server_gets_it(promise, received):
    promise("email", key="a 1", payload=SAYS)
    worker.work_through(now=NOON)
    [mail] = received.mails
    assert (mail["To"], mail["Message-ID"]) == ("zoe@example.edu", "<a_1@localhost>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_body(("plain",)).get_content().startswith("Hello Zoë,")
    assert the_only().done_at == NOON


def test_a_repeat_carries_the_same_id(promise, received):
    message = promise("email", key="a", payload=SAYS)
    worker.work_through(now=NOON)
    db.session.rollback()
    with db.engine.begin() as connection:  # As if the worker had died before it could note it.
        connection.execute(
            db.update(OutboxMessage).values(done_at=None, payload={**message.payload, "link": "http://localhost/x"})
        )
    worker.work_through(now=NOON.replace(hour=13))
    assert [mail["Message-ID"] for mail in received.mails] == ["<a@localhost>"] * 2


def test_a_refused_address_is_named(promise, received):
    received.refused.add("gone@example.edu")
    promise("email", payload={**SAYS, "to": "gone@example.edu"})
    worker.work_through(now=NOON)
    assert the_only().last_error.endswith("does not accept the address gone@example.edu.")
    assert the_only().done_at is None


def test_an_address_that_cannot_be_written_is_named(promise, received):
    promise("email", payload={**SAYS, "to": "zoë@example.edu"})
    worker.work_through(now=NOON)
    assert the_only().last_error == "Mail cannot be sent to zoë@example.edu: it has letters outside ASCII."


def test_a_mail_server_that_is_away_puts_it_off(promise, settings):
    port = free_port()
    settings(server="127.0.0.1", port=port)
    promise("email", payload=SAYS)
    worker.work_through(now=NOON)
    message = the_only()
    said = f"The mail server 127.0.0.1:{port} did not take the mail: [Errno 111] Connection refused."
    assert (message.last_error, message.done_at, message.tries) == (said, None, 1)
    assert message.payload["link"] == "http://localhost/x"


def test_a_silent_mail_server_does_not_hold_the_worker(promise, settings, monkeypatch):
    monkeypatch.setattr(mail_delivery, "TIMEOUT_SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings(server="127.0.0.1", port=silent.getsockname()[1])
        promise("email", payload=SAYS)
        worker.work_through(now=NOON)
    assert "timed out" in the_only().last_error


@pytest.fixture
def folder(app):
    folder = Path(app.config["DATA"]) / "mail"
    yield folder
    for path in folder.iterdir():
        path.unlink()


def test_without_a_mail_server_it_is_a_file(promise, folder):
    promise("email", key="../K7F-2QD4.1.email", payload=SAYS)
    worker.work_through(now=NOON)
    [path] = folder.iterdir()
    assert path.name == ".._K7F-2QD4.1.email.eml"
    assert path.stat().st_mode & 0o777 == 0o600
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert mail["Subject"] == "Choose a new password for Invigil"


def test_a_folder_that_cannot_be_written_puts_it_off(app, promise, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "DATA", str(tmp_path / "gone"))
    promise("email", key="a", payload=SAYS)
    worker.work_through(now=NOON)
    assert the_only().last_error.endswith("mail/a.eml: No such file or directory.")


def test_that_mails_go_to_files_is_said(app, caplog, settings):
    caplog.set_level("INFO")
    mail_delivery.announce(app)
    assert "No mail server is set (PORTAL_MAIL_SERVER)" in caplog.text
    caplog.clear()
    settings(server="mail.example.edu")
    mail_delivery.announce(app)
    assert not caplog.text
