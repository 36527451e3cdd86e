"""Hands a finished mail to the mail server, or writes it to a file where there is none."""

import logging
import os
import re
import smtplib
import ssl
import unicodedata
from contextlib import suppress
from datetime import datetime
from email.mime.base import MIMEBase
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app
from flask_mail import Connection, Message

log = logging.getLogger(__name__)

#: For each answer of the mail server; a batch of messages must fit into its lease.
TIMEOUT_SECONDS = 10
LONGEST_ANSWER = 200
#: They turn what stands around them: a subject could read as another one. The letters themselves say their direction.
DIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class NotDelivered(OSError):
    """The mail is still ours; the sentence says what stands in its way."""


class Refused(NotDelivered):
    """For good: trying again would change nothing, but a person can."""


class Mail(Message):
    """Flask-Mail's message, which draws its own boundaries: the library searches the whole mail for each, anew."""

    def _message(self) -> MIMEBase:
        whole = super()._message()
        mark = token_hex(16)
        for number, part in enumerate(part for part in whole.walk() if part.is_multipart()):
            part.set_boundary(f"=_{mark}_{number}")
        return whole


class PatientConnection(Connection):
    """Flask-Mail's connection with a time limit, so that a silent mail server cannot hold the worker."""

    def configure_host(self) -> smtplib.SMTP:
        mail = self.mail
        where: dict[str, Any] = {"host": mail.server, "port": mail.port or 0, "timeout": TIMEOUT_SECONDS}
        safely = ssl.create_default_context()
        server = smtplib.SMTP_SSL(**where, context=safely) if mail.use_ssl else smtplib.SMTP(**where)
        if mail.use_tls:
            server.starttls(context=safely)
        if mail.username and mail.password:
            server.login(str(mail.username), str(mail.password))  # Settings turn digits into a number.
        return server

    def __exit__(self, *_: object) -> None:
        # The server has the mail by now; its farewell changes nothing.
        if self.host is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.host.quit()


def deliver(message: Message, *, key: str, at: datetime) -> None:
    """Send ``message``. ``key`` becomes its Message-ID, so that a repeat can be told from a new mail.

    :raises Refused: this address will never take it. :raises NotDelivered: it may be tried again. Each in a sentence.
    """
    message.msgId = message_id(key)
    message.date = at.timestamp()
    message.extra_headers = {"Auto-Submitted": "auto-generated"}
    try:
        content = message.as_bytes()
    except UnicodeError as err:
        raise Refused(f"Emails cannot be sent to {message.recipients[0]}: it has characters outside ASCII.") from err
    if current_app.extensions["mail"].server:
        _send(message)
    else:
        _write(content, key)


def message_id(key: str) -> str:
    host = urlsplit(str(current_app.config["PUBLIC_URL"])).hostname or "localhost"
    return f"<{_tame(key)}@{host}>"


def announce(app: Flask) -> None:
    """Say once, when the worker starts, that emails go to files, or that their server is out of reach."""
    mail = app.extensions["mail"]
    if not mail.server:
        log.info("No mail server is set (PORTAL_MAIL_SERVER). Emails are written to %s.", _folder(app))
        return
    try:
        with PatientConnection(mail):
            pass
    except OSError as err:
        log.warning("%s Until then, emails wait.", _trouble(app, err))


def _send(message: Message) -> None:
    mail = current_app.extensions["mail"]
    where = f"The mail server {mail.server}:{mail.port}"
    try:
        with PatientConnection(mail) as connection:
            connection.send(message)
    except smtplib.SMTPRecipientsRefused as err:
        code, said = next(iter(err.recipients.values()))
        kind = Refused if _is_for_good(code) else NotDelivered
        raise kind(f"{where} does not accept the address {', '.join(err.recipients)}{_answer(code, said)}.") from err
    except smtplib.SMTPDataError as err:
        kind = Refused if _is_for_good(err.smtp_code) else NotDelivered
        to = message.recipients[0]
        raise kind(f"{where} refused the email to {to}{_answer(err.smtp_code, err.smtp_error)}.") from err
    except OSError as err:
        raise NotDelivered(_trouble(current_app, err)) from err


def _is_for_good(code: int) -> bool:
    """RFC 5321, 4.2.1: 5yz is permanent. 421 and the other 4yz may be over in a while."""
    return 500 <= code < 600


def _answer(code: int, said: bytes | str) -> str:
    """What a mail server answered, as a short remark; it is somebody else's text."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    line = " ".join(plain_line(text).split())[:LONGEST_ANSWER]
    return f" ({code} {line})" if line else f" ({code})"


def plain_line(text: str) -> str:
    """``text`` without control characters, and without those that turn the direction of what follows."""
    return "".join(" " if unicodedata.category(one) == "Cc" else one for one in text if one not in DIRECTIONAL)


def _trouble(app: Flask, err: OSError) -> str:
    """What the mail server, or the way to it, has against us, and which settings to look at."""
    where = f"The mail server {app.extensions['mail'].server}:{app.extensions['mail'].port}"
    if isinstance(err, smtplib.SMTPAuthenticationError):
        return f"{where} refused the login. Check PORTAL_MAIL_USERNAME and PORTAL_MAIL_PASSWORD."
    if isinstance(err, smtplib.SMTPException):  # An OSError, too.
        return f"{where} refused the email: {err}."
    return f"{where} cannot be reached ({err.strerror or err}). Check PORTAL_MAIL_SERVER and PORTAL_MAIL_PORT."


def _write(content: bytes, key: str) -> None:
    """Whole or not at all, under a name made of ``key``: a repeat replaces its own file."""
    path = _folder(current_app) / f"{_tame(key)}.eml"
    draft = path.with_suffix(f".{os.getpid()}.draft")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        draft.replace(path)
    except OSError as err:
        raise NotDelivered(f"The email could not be written to {path}: {err.strerror}.") from err


def _folder(app: Flask) -> Path:
    return Path(str(app.config["DATA"])) / "mail"


def _tame(key: str) -> str:
    """Safe as a file name and inside a Message-ID."""
    return re.sub(r"[^A-Za-z0-9.-]", "_", key)
