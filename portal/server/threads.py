"""The few threads that answer: each takes the next whole request, works on it, and takes the next."""

import logging
from collections import deque
from collections.abc import Callable
from threading import Condition, Thread

log = logging.getLogger(__name__)

Work = Callable[[], None]
#: After so many urgent ones, one that waits longer has its turn.
URGENT_IN_A_ROW = 8


class Threads:
    """So many threads and their two queues. Daemons: a request that hangs does not keep a process alive."""

    def __init__(self, number: int) -> None:
        self._urgent: deque[Work] = deque()
        self._others: deque[Work] = deque()
        self._filled, self._in_a_row = Condition(), 0
        for count in range(number):
            Thread(target=self._serve, name=f"portal-answer-{count}", daemon=True).start()

    @property
    def waiting(self) -> int:
        """How many requests nobody works on yet."""
        return len(self._urgent) + len(self._others)

    def add(self, work: Work, *, is_urgent: bool = False) -> None:
        with self._filled:
            (self._urgent if is_urgent else self._others).append(work)
            self._filled.notify()

    def next(self) -> Work:
        """The one whose turn it is; waits for one."""
        with self._filled:
            while not self.waiting:
                self._filled.wait()
            if self._urgent and (self._in_a_row < URGENT_IN_A_ROW or not self._others):
                self._in_a_row += 1
                return self._urgent.popleft()
            self._in_a_row = 0
            return self._others.popleft()

    def _serve(self) -> None:
        while True:
            work = self.next()
            try:
                work()
            except Exception:
                log.exception("A request could not be answered.")
