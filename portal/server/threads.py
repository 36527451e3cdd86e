"""The few threads that answer: each takes the next whole request, works on it, and takes the next."""

import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from threading import Condition, Thread

log = logging.getLogger(__name__)

Work = Callable[[], object]
#: After so many urgent ones, one that waits longer has its turn.
URGENT_IN_A_ROW = 8
#: How soon somebody who was held back is looked at again.
LOOK_AGAIN_SECONDS = 0.05


class Threads:
    """So many threads and their two queues. Daemons: a request that hangs does not keep a process alive.

    ``is_pressed``: while it says so, something must be done in time, and of what is not urgent one at a time is
    worked on: each busy thread more would hold it up, for all of them share one Python.
    """

    def __init__(self, number: int, is_pressed: Callable[[], bool] = lambda: False) -> None:
        self._urgent: deque[Work] = deque()
        self._others: deque[Work] = deque()
        self._filled, self._in_a_row, self._at_others = Condition(), 0, 0
        self._is_pressed = is_pressed
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
            while (work := self._take()) is None:
                self._filled.wait(LOOK_AGAIN_SECONDS if self._others else None)
            return work

    def _take(self) -> Work | None:
        """None when nobody waits, or whoever does is held back."""
        may_take_other = bool(self._others) and not (self._at_others and self._is_pressed())
        if self._urgent and (self._in_a_row < URGENT_IN_A_ROW or not may_take_other):
            self._in_a_row += 1
            return self._urgent.popleft()
        if not may_take_other:
            return None
        self._in_a_row = 0
        self._at_others += 1
        return partial(self._work_on_other, self._others.popleft())

    def _work_on_other(self, work: Work) -> object:
        try:
            return work()
        finally:
            with self._filled:
                self._at_others -= 1
                self._filled.notify()

    def _serve(self) -> None:
        while True:
            work = self.next()
            try:
                work()
            except Exception:
                log.exception("A request could not be answered.")
