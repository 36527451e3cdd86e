"""Over real sockets: providers that are slow, away, endless, or send the portal elsewhere."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from portal.domain.errors import ProviderUnavailable
from portal.providers import http
from portal.providers.rest import tokens
from tests.providers.records import NAMED, place, speak

REGISTER = "/api/v1/exam/exam-1/attempt/"
ATTEMPT = f"{REGISTER}attempt-1/"


@pytest.fixture
def provider_server(httpserver: HTTPServer) -> HTTPServer:
    httpserver.expect_request("/oauth2/access_token").respond_with_json({"access_token": "t", "expires_in": 3600})
    return httpserver


def speak_to(server: HTTPServer, **options):
    return speak(base_url=server.url_for("").rstrip("/"), options={"timeout_seconds": 1, **options})


def test_a_whole_call(provider_server):
    provider_server.expect_request(REGISTER, "POST").respond_with_json({"id": "a-1"})
    assert speak_to(provider_server).register(place()).external_id == "a-1"


def test_a_token_is_kept_until_shortly_before_its_end(provider_server, the_clock):
    provider_server.expect_request(ATTEMPT).respond_with_json({"status": "x"})

    def tokens_asked():
        return sum(request.path == "/oauth2/access_token" for request, _ in provider_server.log)

    speak_to(provider_server).start(NAMED)
    speak_to(provider_server).start(NAMED)
    assert tokens_asked() == 1
    the_clock.advance(seconds=3569)
    speak_to(provider_server).start(NAMED)
    assert tokens_asked() == 1
    the_clock.advance(seconds=2)
    speak_to(provider_server).start(NAMED)
    assert tokens_asked() == 2


@pytest.mark.parametrize("code", [401, 403])
def test_a_token_that_is_not_accepted_is_dropped_and_replaced_once(httpserver, code):
    given = iter("abcdef")

    def token(request: Request) -> Response:
        return Response(f'{{"access_token": "{next(given)}", "expires_in": 3600}}')

    def attempt(request: Request) -> Response:
        is_new = request.headers["Authorization"] == "JWT b"
        return Response("{}" if is_new else "<h1>no</h1>", status=200 if is_new else code)

    httpserver.expect_request("/oauth2/access_token").respond_with_handler(token)
    httpserver.expect_request(ATTEMPT).respond_with_handler(attempt)
    speak_to(httpserver).start(NAMED)
    httpserver.clear()
    httpserver.expect_request("/oauth2/access_token").respond_with_handler(token)
    httpserver.expect_request(ATTEMPT).respond_with_data("<h1>no</h1>", status=code)
    with pytest.raises(ProviderUnavailable):
        speak_to(httpserver).start(NAMED)
    assert [request.path for request, _ in httpserver.log] == [ATTEMPT, "/oauth2/access_token", ATTEMPT]


@pytest.mark.parametrize(
    "answer",
    [
        "{}",
        "",
        "<html>",
        '{"access_token": ""}',
        '{"access_token": 5}',
        '{"access_token": "a\\nb"}',
        '{"access_token": "ü"}',
    ],
)
def test_credentials_that_are_not_accepted(httpserver, answer):
    httpserver.expect_request("/oauth2/access_token").respond_with_data(answer)
    with pytest.raises(ProviderUnavailable, match="does not accept our credentials"):
        speak_to(httpserver).register(place())


@pytest.mark.parametrize("expires_in", [None, "soon", -5, 0, 20, "1e999", True, [], 10**400])
def test_an_end_that_cannot_be_believed_serves_one_call(the_clock, expires_in):
    assert tokens.lasting("t", expires_in, now=the_clock.now).until == the_clock.now


def test_a_provider_that_is_away():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ProviderUnavailable):
        speak(base_url=f"http://127.0.0.1:{port}").start(NAMED)


def test_a_provider_that_says_nothing(provider_server):
    """It would answer in the end; we have given up by then."""
    given_up = threading.Event()
    provider_server.expect_request(ATTEMPT).respond_with_handler(lambda request: (given_up.wait(30), Response("{}"))[1])
    with pytest.raises(ProviderUnavailable):
        speak_to(provider_server).start(NAMED)
    given_up.set()


@pytest.fixture
def dripping() -> Iterator[str]:
    """A server that sends its answer byte by byte, for ever."""
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not stop.wait(0.1):
                connection.sendall(b" ")

    thread = threading.Thread(target=drip)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    stop.set()
    thread.join(5)
    server.close()


def test_a_provider_that_drips(dripping):
    with pytest.raises(ProviderUnavailable):
        speak(base_url=dripping, options={"timeout_seconds": 1}).start(NAMED)


def test_an_answer_without_end(provider_server):
    provider_server.expect_request(ATTEMPT).respond_with_data(b" " * (http.MOST_BYTES + 1))
    with pytest.raises(ProviderUnavailable, match="too long"):
        speak_to(provider_server).start(NAMED)


def test_an_answer_that_is_cut_short(provider_server):
    provider_server.expect_request(REGISTER).respond_with_data('{"id": "a-1', headers={"Content-Length": "500"})
    with pytest.raises(ProviderUnavailable):
        speak_to(provider_server).register(place())


def test_no_redirect_is_followed(provider_server):
    provider_server.expect_request(ATTEMPT).respond_with_data(
        "", status=307, headers={"Location": provider_server.url_for("/else")}
    )
    provider_server.expect_request("/else").respond_with_json({})
    with pytest.raises(ProviderUnavailable, match="answer 307"):
        speak_to(provider_server).start(NAMED)
    assert "/else" not in [request.path for request, _ in provider_server.log]


@pytest.mark.parametrize(
    "base_url", ["", "ftp://provider.example", "file:///etc", "//provider.example", "http://", "http://[", "http://a b"]
)
def test_only_web_addresses_are_asked(base_url):
    with pytest.raises(ProviderUnavailable):
        speak(base_url=base_url).start(NAMED)


def test_credentials_of_the_machine_are_not_sent_instead(provider_server, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine localhost login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    provider_server.expect_request(ATTEMPT).respond_with_json({})
    speak_to(provider_server).start(NAMED)
    assert provider_server.log[-1][0].headers["Authorization"] == "JWT t"
