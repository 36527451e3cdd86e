"""Answers go out compressed where the browser takes that, whatever server stands in front of the portal."""

import gzip
import io
import secrets
from functools import lru_cache

from flask import Flask, Response, request

#: What shrinks. Pictures, sound and what learners uploaded are sent as they are.
TYPES = frozenset({"text/html", "text/css", "text/javascript", "text/csv", "application/json", "image/svg+xml"})
#: Below this an answer fits one packet anyway.
FROM_BYTES = 600
FAST, BEST = 5, 9
#: Each page's length says a little less about what is in it (Breach): so many bytes more at most.
MOST_NOISE_BYTES = 100
KEPT_ENDPOINTS = frozenset({"static", "bundles.bundle"})


def init_app(app: Flask) -> None:
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress what is whole, long enough and of a kind that shrinks."""
    if response.mimetype not in TYPES or response.status_code != 200 or "Content-Encoding" in response.headers:
        return response
    is_kept = request.endpoint in KEPT_ENDPOINTS
    if response.is_streamed and not is_kept:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= FROM_BYTES:
        _take(response, squeezed_once(body) if is_kept else squeezed(body, noise=secrets.randbelow(MOST_NOISE_BYTES)))
    return response


def _take(response: Response, body: bytes) -> None:
    response.set_data(body)
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)  # The same content, no longer the same bytes.


@lru_cache(maxsize=128)
def squeezed_once(body: bytes) -> bytes:
    """The same for everybody, so it may take its time, once."""
    return squeezed(body, level=BEST)


def squeezed(body: bytes, *, level: int = FAST, noise: int = 0) -> bytes:
    """``noise``: how many bytes longer than need be, in a part of the format that says nothing."""
    written = io.BytesIO()
    with gzip.GzipFile("x" * noise, "wb", level, written, mtime=0) as file:
        file.write(body)
    return written.getvalue()
