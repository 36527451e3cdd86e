"""The mails that the portal wrote to files, for tests to read."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask

from portal.jobs import worker
from tests.make import NOON


class Mailbox:
    """``mailbox()`` dispatches what is due by ``now`` and gives the emails that this wrote."""

    def __init__(self, app: Flask) -> None:
        self.folder = Path(app.config["DATA"]) / "mail"

    def __call__(self, now=NOON) -> list[EmailMessage]:
        worker.work_through(now=now)
        found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(self.folder.iterdir())]
        self.empty()
        return found

    def empty(self) -> None:
        for path in self.folder.iterdir():
            path.unlink()


def text(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html(mail: EmailMessage) -> str:
    return mail.get_body(("html",)).get_content()
