"""The few threads that answer: each takes the next whole request, works on it, and takes the next."""

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

log = logging.getLogger(__name__)

Work = Callable[[], None]


class Threads:
    """So many threads and their queue. Daemons: a request that hangs does not keep a process alive."""

    def __init__(self, number: int) -> None:
        self._waiting: SimpleQueue[Work] = SimpleQueue()
        for count in range(number):
            Thread(target=self._serve, name=f"portal-answer-{count}", daemon=True).start()

    @property
    def waiting(self) -> int:
        """How many requests nobody works on yet."""
        return self._waiting.qsize()

    def add(self, work: Work) -> None:
        self._waiting.put(work)

    def _serve(self) -> None:
        while True:
            work = self._waiting.get()
            try:
                work()
            except Exception:
                log.exception("A request could not be answered.")
