"""The outsiders of hard tests: who is told things, on real sockets, and remembers each of them."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server


class Told:
    """How often each thing was said, by the name that tells a repeat from something new."""

    def __init__(self) -> None:
        self.times: Counter[str] = Counter()
        self.mails: list[EmailMessage] = []
        self.at_each: Callable[[str], None] = lambda name: None
        """What happens when something has arrived, before its sender hears that it has."""

    def note(self, name: str) -> None:
        self.times[name] += 1
        self.at_each(name)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(mail)
        self.note(f"mail {mail['Message-ID']}")
        return "250 OK"


def receiver(told: Told) -> Flask:
    """A provider's server and a platform's webhook address in one."""
    app = Flask(__name__)

    @app.post("/oauth2/access_token")
    def token() -> Response:
        return jsonify(access_token="t", expires_in=3600)

    @app.patch("/api/v1/exam/<exam>/attempt/<attempt>/")
    def attempt(exam: str, attempt: str) -> Response:
        told.note(f"provider {attempt} {request.get_json()['status']}")
        return jsonify(id=attempt)

    @app.post("/hooks")
    def hooks() -> Response:
        told.note(f"webhook {request.headers['webhook-id']} {request.get_json()['type']}")
        return jsonify(taken=True)

    return app


@contextmanager
def reachable(app: Flask, port: int = 0) -> Iterator[str]:
    """``app`` answers at this address for as long as it lasts; then nobody does."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@contextmanager
def mail_server(told: Told, port: int) -> Iterator[None]:
    controller = Controller(told, hostname="127.0.0.1", port=port)
    controller.start()
    yield
    controller.stop()
