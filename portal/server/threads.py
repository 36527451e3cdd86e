"""The few threads that answer: each takes the next whole request, works on it, and takes the next."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from threading import Condition, Thread

log = logging.getLogger(__name__)

Work = Callable[[], object]
#: After so many urgent ones, one that waits longer has its turn.
URGENT_IN_A_ROW = 8
#: How soon somebody who was held back is looked at again.
LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A request that nobody works on yet; ``number`` counts them as they come."""

    work: Work
    number: int
    is_urgent: bool
    is_writing: bool


class Threads:
    """So many threads and their queues. Daemons: a request that hangs does not keep a process alive.

    Of several threads one never writes: where the disk is slow all writers wait for it, and reading continues.

    ``is_pressed``: while it says so, something must be done in time, and of what is not urgent one at a time is
    worked on: each busy thread more would hold it up, for all of them share one Python.
    """

    def __init__(self, number: int, is_pressed: Callable[[], bool] = lambda: False) -> None:
        self._queues: dict[tuple[bool, bool], deque[Waiting]] = {
            (is_urgent, is_writing): deque() for is_urgent in (True, False) for is_writing in (True, False)
        }
        self._numbers, self._most_writing = count(), max(1, number - 1)
        self._filled, self._in_a_row, self._at_others, self._at_writing = Condition(), 0, 0, 0
        self._is_pressed = is_pressed
        for one in range(number):
            Thread(target=self._serve, name=f"portal-answer-{one}", daemon=True).start()

    @property
    def waiting(self) -> int:
        """How many requests nobody works on yet."""
        return sum(len(queue) for queue in self._queues.values())

    def add(self, work: Work, *, is_urgent: bool = False, is_writing: bool = False) -> None:
        with self._filled:
            added = Waiting(work=work, number=next(self._numbers), is_urgent=is_urgent, is_writing=is_writing)
            self._queues[is_urgent, is_writing].append(added)
            self._filled.notify()

    def next(self) -> Work:
        """The one whose turn it is; waits for one."""
        with self._filled:
            while (taken := self._take()) is None:
                self._filled.wait(LOOK_AGAIN_SECONDS if self.waiting else None)
            return partial(self._work_on, taken)

    def _take(self) -> Waiting | None:
        """None when nobody waits, or whoever does is held back."""
        urgent, other = self._oldest(is_urgent=True), self._oldest(is_urgent=False)
        if self._at_others and self._is_pressed():
            other = None
        may_be_urgent = self._in_a_row < URGENT_IN_A_ROW or other is None
        taken = urgent if urgent and may_be_urgent else other
        if taken is None:
            return None
        self._queues[taken.is_urgent, taken.is_writing].popleft()
        self._in_a_row = self._in_a_row + 1 if taken.is_urgent else 0
        self._count(taken, 1)
        return taken

    def _oldest(self, *, is_urgent: bool) -> Waiting | None:
        may_write = self._at_writing < self._most_writing
        queues = [self._queues[is_urgent, is_writing] for is_writing in ([False, True] if may_write else [False])]
        return min((queue[0] for queue in queues if queue), key=lambda one: one.number, default=None)

    def _count(self, taken: Waiting, change: int) -> None:
        self._at_others += 0 if taken.is_urgent else change
        self._at_writing += change if taken.is_writing else 0

    def _work_on(self, taken: Waiting) -> object:
        try:
            return taken.work()
        finally:
            with self._filled:
                self._count(taken, -1)
                self._filled.notify()

    def _serve(self) -> None:
        while True:
            work = self.next()
            try:
                work()
            except Exception:
                log.exception("A request could not be answered.")
