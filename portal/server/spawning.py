"""What a process of the server does: granian talks to the network, and each request goes straight to our front.

Granian's own way gives every request a task in an event loop, which costs a third of what the clock of an exam costs.
Only requests with a body need the loop. This file and ``listening.Server`` are the only ones that know granian's
inside; its version is pinned, and ``tests/server`` shows that they fit.
"""

import asyncio
from asyncio import AbstractEventLoop
from collections.abc import Callable
from functools import partial
from typing import Any

from granian import _granian as native
from granian import _signals
from granian.server.common import WORKERS_METHODS
from granian.server.mp import WorkerProcess

from portal.server.front import Front
from portal.server.gateway import Watcher

#: Its types are those of an older version, or none.
_native: Any = native
_shut: Any = _signals


class Scheduler(_native.CallbackScheduler):
    """Calls ``take`` with each request, in a thread of granian's."""

    def __init__(self, loop: AbstractEventLoop, take: Callable[[Watcher], None], *tasks: object) -> None:
        super().__init__()
        self._schedule_fn = take


@WorkerProcess.wrap_target
def run(number: int, front: Front, sockets: object, ipc: object, loop: AbstractEventLoop, *settings: Any) -> None:
    """Answer until told to stop, then until everybody has been answered. ``settings`` are granian's, in its order."""
    mode, sizes, http, tls, metrics = settings[0], settings[1:6], settings[7:12], settings[13], settings[15]
    stopping, stopped = _shut.set_loop_signals(loop), asyncio.Event()
    stopping.add_cb(lambda: loop.call_soon_threadsafe(stopped.set))
    worker = _native.RSGIWorker(number, sockets, ipc, *sizes, *http, *tls, metrics)
    front.begin(loop)
    tasks = (None, partial(asyncio.tasks._enter_task, loop), partial(asyncio.tasks._leave_task, loop))
    serve = getattr(worker, WORKERS_METHODS[mode][False])
    serve(Scheduler(loop, front.take, *tasks), loop, stopping)
    loop.run_until_complete(stopped.wait())
