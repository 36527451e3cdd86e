"""Lets those who ask for a page go before the background work of the same process: both share one Python."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

#: How long one message waits for a quiet moment; a portal that is never quiet dispatches its messages all the same.
LONGEST_WAIT_SECONDS = 0.2
#: How long nobody must have asked for anything: between two pages of a busy server lies less than that.
QUIET_SECONDS = 0.01
#: How often to look again where it is not quiet: each look of each thread interrupts a page.
BUSY_SECONDS = 0.05

_lock = Lock()
_answering = 0
_ending = 0
_last_answered_at = 0.0


def init_app(app: Flask) -> None:
    app.wsgi_app = _noticed(app.wsgi_app)  # type: ignore[method-assign,assignment]


def wait_for_quiet() -> None:
    """Until this process has made no page for a moment and ends no exams, or has kept us waiting for long enough."""
    _wait(LONGEST_WAIT_SECONDS, lambda: _is_quiet() and not _ending)


def give_way(longest_seconds: float) -> None:
    """For the end of exams, which goes before all other background work: let pages go first, for so long at most."""
    _wait(min(longest_seconds, LONGEST_WAIT_SECONDS), _is_quiet)


@contextmanager
def ending_exams() -> Iterator[None]:
    """Other background work of this process waits meanwhile, as it does for a page."""
    global _ending
    _ending += 1  # One thread of a process sweeps.
    try:
        yield
    finally:
        _ending -= 1


def is_ending_exams() -> bool:
    """Whether exams are being ended in this process, which has to be done in time."""
    return _ending > 0


def _wait(longest_seconds: float, is_over: Callable[[], bool]) -> None:
    patience_ends, step = time.monotonic() + longest_seconds, QUIET_SECONDS
    while not is_over() and (left := patience_ends - time.monotonic()) > 0:
        time.sleep(min(step, left))
        step = BUSY_SECONDS


def _is_quiet() -> bool:
    return not _answering and time.monotonic() - _last_answered_at >= QUIET_SECONDS


def _noticed(answer: WSGIApplication) -> WSGIApplication:
    def noticed(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        _count(1)
        try:
            return answer(environ, start_response)
        finally:
            _count(-1)

    return noticed


def _count(change: int) -> None:
    global _answering, _last_answered_at
    with _lock:
        _answering += change
        _last_answered_at = time.monotonic()
