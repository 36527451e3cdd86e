"""What granian calls for each request: its body is awaited without a thread, then one of a few threads answers."""

import asyncio
import io
import logging
from asyncio import AbstractEventLoop, Task
from collections.abc import Callable
from wsgiref.types import WSGIApplication

from portal.server.bodies import Body, CutOff, Reader, TooLarge, TooSlow
from portal.server.gateway import Headers, Watcher, answer, environ_of, put_body
from portal.server.room import NoRoom
from portal.server.threads import Threads

log = logging.getLogger(__name__)

#: Requests that wait for a thread. Who comes after them would have given up by the time it is their turn.
MOST_WAITING = 4_000
#: Methods that never write.
READING = frozenset({"GET", "HEAD", "OPTIONS"})
#: What is said to whom is not answered by the portal itself: status and sentence.
SLOW = (408, "Your request did not arrive in time. Try again.")
CUT_OFF = (400, "Your request ended before it was complete. Try again.")
BUSY = (503, "The portal has too much to do at this moment. Try again in a few seconds.")
PLAIN: Headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "5")]
#: What was not read to its end cannot be followed by another request.
CLOSE: Headers = [("Connection", "close")]


class Front:
    """One for each process; ``threads`` of it answer."""

    def __init__(
        self, application: WSGIApplication, reader: Reader, threads: Threads, *, is_urgent: Callable[[str], bool]
    ) -> None:
        """``is_urgent``: whether what asks for this path goes before others that wait."""
        self._application, self._reader, self._threads = application, reader, threads
        self._is_urgent = is_urgent
        self._loop: AbstractEventLoop | None = None
        self._arriving: set[Task[None]] = set()  # The loop itself holds tasks only weakly.

    def begin(self, loop: AbstractEventLoop) -> None:
        """Bodies arrive in this loop, which runs soon."""
        self._loop = loop

    def take(self, watcher: Watcher) -> None:
        """A request whose headers are here; called in a thread of granian's, and returns at once."""
        headers = watcher.scope.headers
        is_measured, is_in_pieces = "content-length" in headers, "transfer-encoding" in headers
        if (is_measured or is_in_pieces) and self._loop is not None:
            self._loop.call_soon_threadsafe(self._await_body, watcher)
        else:
            self._hand_over(watcher, None)

    def _await_body(self, watcher: Watcher) -> None:
        task = asyncio.ensure_future(self._take_in(watcher))
        self._arriving.add(task)
        task.add_done_callback(self._arriving.discard)

    async def _take_in(self, watcher: Watcher) -> None:
        said = watcher.scope.headers.get("content-length")
        try:
            body = await self._reader.read(watcher.proto, int(said) if said else None)
            self._hand_over(watcher, body)
        except TooLarge:
            if "expect" not in watcher.scope.headers:  # Whoever asks first has sent nothing.
                await self._reader.drop(watcher.proto)
            self._hand_over(watcher, Body.too_large(max(int(said or 0), self._reader.limits.largest_bytes + 1)))
        except TooSlow:
            refuse(watcher, *SLOW)
        except CutOff:
            refuse(watcher, *CUT_OFF)
        except (NoRoom, OSError) as err:
            log.warning("A body was not taken: %s", err or "too many large ones are here")
            refuse(watcher, *BUSY)

    def _hand_over(self, watcher: Watcher, body: Body | None) -> None:
        if self._threads.waiting < MOST_WAITING:
            scope = watcher.scope
            is_urgent, is_writing = self._is_urgent(scope.path), scope.method not in READING
            self._threads.add(lambda: self._answer(watcher, body), is_urgent=is_urgent, is_writing=is_writing)
            return
        if body:
            body.close()
        refuse(watcher, *BUSY)

    def _answer(self, watcher: Watcher, body: Body | None) -> None:
        """In one of our threads. Whoever went away meanwhile is answered all the same, and nobody hears it."""
        environ = environ_of(watcher.scope)
        try:
            if body is None:
                environ["wsgi.input"] = io.BytesIO()
            else:
                put_body(environ, body)
            status, headers, content = answer(self._application, environ)
            watcher.proto.response_bytes(status, headers + CLOSE if body and not body.is_whole else headers, content)
        finally:
            if body:
                body.close()
            watcher.done()


def refuse(watcher: Watcher, status: int, sentence: str) -> None:
    """Answer without the portal, and end the connection."""
    watcher.proto.response_bytes(status, PLAIN + CLOSE, sentence.encode())
    watcher.done()
