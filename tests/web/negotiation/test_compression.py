"""Answers are compressed where that helps, and only there."""

import gzip

import pytest

from portal.web.negotiation import compression
from tests import make

GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize("path", ["/signin", "/bundle/learner.css", "/bundle/exam.js", "/static/img/icons.svg"])
def test_what_shrinks_is_compressed_for_who_takes_it(client, path):
    plain, small = client.get(path), client.get(path, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data).partition(b"csrf_token")[0] == plain.data.partition(b"csrf_token")[0]
    assert len(small.data) < 0.6 * len(plain.data)
    assert int(small.headers["Content-Length"]) == len(small.data)
    assert "Accept-Encoding" in plain.headers["Vary"] and "Accept-Encoding" in small.headers["Vary"]


def test_short_answers_and_those_without_content_are_sent_as_they_are(client, sign_in):
    sign_in(make.user())
    for path in ("/status", "/static/img/favicon.svg", "/"):
        assert "Content-Encoding" not in client.get(path, headers=GZIP).headers


@pytest.mark.parametrize("accepts", ["", "identity", "gzip;q=0", "br"])
def test_who_does_not_take_it_gets_it_plain(client, accepts):
    assert "Content-Encoding" not in client.get("/signin", headers={"Accept-Encoding": accepts}).headers


def test_a_file_that_the_browser_has_is_not_sent_again(client):
    first = client.get("/static/img/icons.svg", headers=GZIP)
    again = client.get("/static/img/icons.svg", headers={**GZIP, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_the_same_page_differs_in_length_so_that_it_tells_little_of_what_is_in_it():
    body = b"a page " * 200
    assert len(compression.squeezed(body, noise=70)) == len(compression.squeezed(body)) + 71
    assert gzip.decompress(compression.squeezed(body, noise=70)) == body
