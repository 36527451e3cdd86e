"""What the simulated provider says again when the portal did not take it, as a real one does, and what it does not."""

import re

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from portal.simulator import running
from portal.simulator.provider import Attempt
from portal.simulator.settings import Settings

CALLBACK = re.compile(r"/api/edx_proctoring/v1/proctored_exam/attempt/.*/ready")


class Portal:
    """Takes a callback with the second token it gives; says ``code`` to the first."""

    def __init__(self, server: HTTPServer, code: int) -> None:
        self.tokens, self.code = 0, code
        self.heard: list[str] = []
        server.expect_request("/oauth2/access_token", "POST").respond_with_handler(self.give_token)
        server.expect_request(CALLBACK, "POST").respond_with_handler(self.hear)
        self.settings = Settings(portal=server.url_for(""), client_id="pair", client_secret="x", retry_seconds=0.01)

    def give_token(self, request: Request) -> Response:
        self.tokens += 1
        return Response(f'{{"access_token": "token-{self.tokens}"}}', mimetype="application/json")

    def hear(self, request: Request) -> Response:
        self.heard.append(request.headers["Authorization"])
        return Response('"OK"', self.code if self.heard[-1] == "JWT token-1" else 200, mimetype="application/json")


def ready(portal: Portal) -> None:
    with running(portal.settings) as simulator:
        simulator.callbacks.ready(Attempt(id="a", exam_id="e", said={}, base=simulator.address))


@pytest.mark.parametrize("code", [401, 429, 500, 503])
def test_what_was_not_taken_for_the_moment_is_said_again_with_a_new_token(httpserver, code):
    portal = Portal(httpserver, code)
    ready(portal)
    assert portal.heard == ["JWT token-1", "JWT token-2"]


@pytest.mark.parametrize("code", [200, 400, 403, 404, 413])
def test_what_is_taken_or_never_will_be_is_said_once(httpserver, code):
    portal = Portal(httpserver, code)
    ready(portal)
    assert portal.heard == ["JWT token-1"]
