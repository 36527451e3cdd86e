"""A request as WSGI has it: the header names nobody may fake, several of a name, paths, and faults."""

from types import SimpleNamespace

import pytest

from portal.server.bodies import Body
from portal.server.gateway import answer, environ_of, put_body
from portal.server.room import Room


def scope(*headers, **said):
    plain = {
        "http_version": "1.1", "server": "127.0.0.1:5000", "client": "192.0.2.7:4711", "scheme": "http",
        "method": "GET", "path": "/", "query_string": "", "authority": None,
    }  # fmt: skip
    return SimpleNamespace(**{**plain, **said}, headers=SimpleNamespace(items=lambda: list(headers)))


def test_where_it_comes_from_and_what_it_asks_for():
    environ = environ_of(scope(path="/prüfung", query_string="q=%C3%BC", client="[2001:db8::1]:4711"))
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/prüfung"
    assert (environ["REMOTE_ADDR"], environ["SERVER_PORT"]) == ("2001:db8::1", "5000")
    assert environ["QUERY_STRING"] == "q=%C3%BC"


@pytest.mark.parametrize(("version", "said"), [("1", "HTTP/1.0"), ("1.1", "HTTP/1.1")])
def test_the_protocol_has_both_its_numbers(version, said):
    assert environ_of(scope(http_version=version))["SERVER_PROTOCOL"] == said


def test_headers_have_the_names_of_wsgi_and_join():
    headers = [("content-type", "a/b"), ("cookie", "a=1"), ("cookie", "b=2"), ("x-forwarded-for", "1"),
               ("x-forwarded-for", "2")]  # fmt: skip
    environ = environ_of(scope(*headers))
    assert (environ["CONTENT_TYPE"], environ["HTTP_COOKIE"]) == ("a/b", "a=1;b=2")
    assert environ["HTTP_X_FORWARDED_FOR"] == "1,2"


def test_a_name_with_an_underscore_takes_no_other_headers_place():
    environ = environ_of(scope(("x_forwarded_for", "faked"), ("x-forwarded-for", "true")))
    assert environ["HTTP_X_FORWARDED_FOR"] == "true"


def test_a_host_that_only_the_address_names_is_kept():
    assert environ_of(scope(authority="exams.example"))["HTTP_HOST"] == "exams.example"


def test_a_body_in_pieces_has_a_length_once_it_is_here(tmp_path):
    environ = environ_of(scope(("transfer-encoding", "chunked")))
    put_body(environ, Body(Room(str(tmp_path), most_bytes=0, most_files=0), b"abc"))
    assert (environ["CONTENT_LENGTH"], environ["wsgi.input"].read()) == ("3", b"abc")
    assert "HTTP_TRANSFER_ENCODING" not in environ


class Parts(list):
    closed = False

    def close(self):
        self.closed = True


def test_an_answer_is_collected_and_what_it_was_read_from_closed():
    parts = Parts([b"a", b"b"])

    def application(environ, start):
        start("201 Created", [("X", "1")])(b"first ")
        return parts

    assert answer(application, {}) == (201, [("X", "1")], b"first ab")
    assert parts.closed


def test_a_fault_that_the_application_lets_through_is_a_plain_500(caplog):
    def application(environ, start):
        raise ValueError("a secret")

    status, _, content = answer(application, {"REQUEST_METHOD": "GET", "PATH_INFO": "/x"})
    assert (status, b"secret" in content) == (500, False)
    assert "GET /x failed" in caplog.text
