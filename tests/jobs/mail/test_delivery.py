"""How a mail leaves the portal: through a real mail server, or into a file."""

import socket
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from portal.db import db
from portal.jobs import worker
from portal.jobs.mail import delivery
from portal.models import OutboxMessage
from tests.jobs.mail.smtp import free_port
from tests.make import NOON

SAYS = {"template": "password_reset", "to": "zoe@example.edu", "name": "Zoë", "link": "http://localhost/x"}


def the_only():
    db.session.rollback()
    return db.session.scalars(db.select(OutboxMessage).filter_by(topic="email")).one()


def test_a_real_mail_server_gets_it(enqueue, received):
    enqueue("email", key="a 1", payload=SAYS)
    worker.work_through(now=NOON)
    [mail] = received.mails
    assert (mail["To"], mail["Message-ID"]) == ("zoe@example.edu", "<a_1@localhost>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_body(("plain",)).get_content().startswith("Hello Zoë,")
    assert the_only().done_at == NOON


def test_a_repeat_carries_the_same_id(enqueue, received):
    message = enqueue("email", key="a", payload=SAYS)
    worker.work_through(now=NOON)
    db.session.rollback()
    with db.engine.begin() as connection:  # As if the worker had died before it could note it.
        connection.execute(
            db.update(OutboxMessage).values(done_at=None, payload={**message.payload, "link": "http://localhost/x"})
        )
    worker.work_through(now=NOON.replace(hour=13))
    assert [mail["Message-ID"] for mail in received.mails] == ["<a@localhost>"] * 2


def test_a_refused_address_is_named(enqueue, received):
    received.refused.add("gone@example.edu")
    enqueue("email", payload={**SAYS, "to": "gone@example.edu"})
    worker.work_through(now=NOON)
    assert the_only().last_error.endswith("does not accept the address gone@example.edu (550 No such mailbox).")
    assert (the_only().done_at, the_only().dead_at) == (None, NOON)


def test_an_address_that_cannot_be_written_is_named(enqueue, received):
    enqueue("email", payload={**SAYS, "to": "zoë@example.edu"})
    worker.work_through(now=NOON)
    assert the_only().last_error == "Emails cannot be sent to zoë@example.edu: it has characters outside ASCII."
    assert the_only().dead_at == NOON


def test_a_domain_may_have_letters_outside_ascii(enqueue, received):
    enqueue("email", payload={**SAYS, "to": "zoe@prüfung.example"})
    worker.work_through(now=NOON)
    assert received.envelopes[0][1] == ["zoe@xn--prfung-4ya.example"]
    assert the_only().done_at == NOON


def out_of_reach(port):
    """The one line for the person who runs the portal."""
    where = f"The mail server 127.0.0.1:{port} cannot be reached (Connection refused)."
    return f"{where} Check PORTAL_MAIL_SERVER and PORTAL_MAIL_PORT."


def test_a_mail_server_that_is_away_means_a_retry(enqueue, settings):
    port = free_port()
    settings(server="127.0.0.1", port=port)
    enqueue("email", payload=SAYS)
    worker.work_through(now=NOON)
    message = the_only()
    assert (message.last_error, message.done_at, message.tries) == (out_of_reach(port), None, 1)
    assert message.payload["link"] == "http://localhost/x"


def test_a_silent_mail_server_does_not_hold_the_worker(enqueue, settings, monkeypatch):
    monkeypatch.setattr(delivery, "TIMEOUT_SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings(server="127.0.0.1", port=silent.getsockname()[1])
        enqueue("email", payload=SAYS)
        worker.work_through(now=NOON)
    assert "timed out" in the_only().last_error


@pytest.fixture
def folder(app):
    folder = Path(app.config["DATA"]) / "mail"
    for left in folder.iterdir():
        left.unlink()
    yield folder
    for path in folder.iterdir():
        path.unlink()


def test_without_a_mail_server_it_is_a_file(enqueue, folder):
    enqueue("email", key="../K7F-2QD4.1.email", payload=SAYS)
    worker.work_through(now=NOON)
    [path] = folder.iterdir()
    assert path.name == ".._K7F-2QD4.1.email.eml"
    assert path.stat().st_mode & 0o777 == 0o600
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert mail["Subject"] == "Choose a new password for Invigil"


def test_a_folder_that_cannot_be_written_means_a_retry(app, enqueue, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "DATA", str(tmp_path / "gone"))
    enqueue("email", key="a", payload=SAYS)
    worker.work_through(now=NOON)
    assert the_only().last_error.endswith("mail/a.eml: No such file or directory.")


def test_that_mails_go_to_files_is_said(app, caplog):
    caplog.set_level("INFO")
    delivery.announce(app)
    assert "No mail server is set (PORTAL_MAIL_SERVER)" in caplog.text


def test_that_the_mail_server_is_away_is_said_at_once(app, caplog, settings):
    port = free_port()
    settings(server="127.0.0.1", port=port)
    delivery.announce(app)
    assert [record.getMessage() for record in caplog.records] == [f"{out_of_reach(port)} Until then, emails wait."]


def test_a_mail_server_that_answers_is_not_worth_a_word(app, caplog, received):
    delivery.announce(app)
    assert [record for record in caplog.records if record.name.startswith("portal")] == []
