"""A real mail server in a thread, for tests that want to see what leaves the portal."""

import asyncio
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Received:
    """Keeps the mails it is given, with their envelopes, and refuses whom it is told to refuse."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.refused: set[str] = set()
        self.answers: dict[str, str] = {}
        """What to say to a recipient, or to ``DATA``, instead of yes."""
        self.silent_to: dict[str, float] = {}
        """How many seconds to let those wait who write to a recipient."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        await asyncio.sleep(self.silent_to.get(address, 0))
        if address in self.answers:
            return self.answers[address]
        if address in self.refused:
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        return "250 OK"


def serve(received: Received, port: int | None = None) -> Controller:
    """A server on a free port of this machine, or on the one given; the caller stops it."""
    controller = Controller(received, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    return controller


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
