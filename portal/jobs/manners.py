"""Lets those who ask for a page go before the background work of the same process: both share one Python."""

from collections.abc import Iterable
from threading import Event, Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

#: How long one promise waits for a quiet moment; a portal that is never quiet keeps its promises all the same.
LONGEST_WAIT_SECONDS = 0.2

_lock = Lock()
_answering = 0
_quiet = Event()
_quiet.set()


def init_app(app: Flask) -> None:
    app.wsgi_app = _noticed(app.wsgi_app)  # type: ignore[method-assign,assignment]


def wait_for_quiet() -> None:
    """Until no page is being made in this process, or for a moment."""
    _quiet.wait(LONGEST_WAIT_SECONDS)


def _noticed(answer: WSGIApplication) -> WSGIApplication:
    def noticed(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        _count(1)
        try:
            return answer(environ, start_response)
        finally:
            _count(-1)

    return noticed


def _count(change: int) -> None:
    global _answering
    with _lock:
        _answering += change
        (_quiet.clear if _answering else _quiet.set)()
