"""The background of a process: threads that dispatch messages and one that ends what time ends, until told to stop."""

import atexit
import logging
import os
import time
from collections.abc import Callable
from datetime import datetime
from threading import Event, Lock, Thread

from flask import Flask, current_app
from sqlalchemy.exc import OperationalError, ProgrammingError

from portal import clock
from portal.db import db
from portal.jobs import dispatcher
from portal.jobs.mail import delivery
from portal.jobs.outbox import wakeup, yielding
from portal.jobs.outbox.lanes import LANES, Lane
from portal.jobs.recurring import schedule

log = logging.getLogger(__name__)

#: How often to look without being woken; other processes and other machines cannot wake us.
LOOK_SECONDS = 1.0
#: After a round that failed as a whole, such as a database that is away.
PAUSE_SECONDS = 5.0
PAUSE_WHILE_EXAMS_END_SECONDS = 0.1
EXTENSION = "portal_worker"
OFF = {"off", "no", "false", "0"}


#: One look at a lane's messages, and one at what time brings; how much there was.
Dispatch = Callable[[datetime, Lane], int]
Due = Callable[[datetime], int]


def leave_connections(app: Flask) -> None:
    """For a child of a fork: the connections it finds are its parent's, which still uses them."""
    with app.app_context():
        db.engine.dispose(close=False)


class Worker:
    """Daemon threads: one ends what time ends, and each lane of messages has its own.

    So a mail server, a platform or a provider that takes its time holds up neither a clock that has run out nor others.
    """

    def __init__(
        self,
        app: Flask,
        *,
        dispatch: Dispatch = dispatcher.dispatch_batch,
        run_due: Due = schedule.run_due,
        process_id: Callable[[], int] = os.getpid,
        leave: Callable[[Flask], None] = leave_connections,
    ) -> None:
        self._app, self._dispatch, self._run_due = app, dispatch, run_due
        self._process_id, self._leave = process_id, leave
        self._stop = Event()
        self._threads: list[Thread] = []
        self._pid = 0
        self._said_at: dict[str, float] = {}
        self._starting, self._announces = Lock(), Lock()

    @property
    def is_running(self) -> bool:
        return self._pid == self._process_id() and any(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        """Start the threads, unless they run in this very process. Threads do not survive a fork."""
        with self._starting:
            if self.is_running:
                return
            if self._pid not in {0, self._process_id()}:
                self._leave(self._app)
            self._pid, self._stop, self._announces = self._process_id(), Event(), Lock()
            self._threads = [
                Thread(target=self._dispatch_messages, args=(lane,), name=f"portal-{lane.name}", daemon=True)
                for lane in LANES
                for _ in range(lane.threads)
            ]
            self._threads.append(Thread(target=self._watch_time, name="portal-time", daemon=True))
            for thread in self._threads:
                thread.start()

    def stop(self, *, within_seconds: float = 5.0) -> None:
        """Let what is being done come to its end, and no longer."""
        self._stop.set()
        wakeup.wake_all()
        for thread in self._threads:
            thread.join(within_seconds)

    def _dispatch_messages(self, lane: Lane) -> None:
        bell = wakeup.of(lane)
        if lane.name == "mail" and self._announces.acquire(blocking=False):
            delivery.announce(self._app)
        while not self._stop.is_set():
            while yielding.is_ending_exams() and not self._stop.is_set():
                self._stop.wait(PAUSE_WHILE_EXAMS_END_SECONDS)  # Not even a look: each end would wake a lane.
            bell.clear()
            if not self._round(lambda now: self._dispatch(now, lane)):
                bell.wait(LOOK_SECONDS)

    def _watch_time(self) -> None:
        while not self._stop.is_set():
            clock.watch.look()
            self._round(self._run_due)
            self._stop.wait(LOOK_SECONDS)

    def _round(self, work: Callable[[datetime], int]) -> int:
        """One look, in an app context of its own. A failure is logged, and the next round tries again."""
        try:
            with self._app.app_context():
                return work(clock.now())
        except (OperationalError, ProgrammingError) as err:
            if self._is_news("database"):
                said = str(err.orig or err).strip().split("\n")[0]
                log.warning("The database is not ready for the worker: %s", said)
        except Exception as err:
            if self._is_news(repr(err)):
                log.exception("The worker's round failed; the next one tries again.")
        self._stop.wait(PAUSE_SECONDS)
        return 0

    def _is_news(self, fault: str) -> bool:
        """Whether no other thread has said so in this pause: a database that is away is one line, not one for each."""
        now = time.monotonic()
        with self._starting:
            is_news = now - self._said_at.get(fault, -PAUSE_SECONDS) >= PAUSE_SECONDS
            if is_news:
                self._said_at = {
                    **{one: at for one, at in self._said_at.items() if now - at < PAUSE_SECONDS},
                    fault: now,
                }
            return is_news


def init_app(app: Flask) -> None:
    """Run the worker inside each process that answers requests; ``PORTAL_WORKER=off`` leaves it to ``flask worker``.

    It starts with the first request, not here: a server may fork after it has built the app, and a command
    of the portal needs no worker. ``serve`` starts it at once.
    """
    app.extensions[EXTENSION] = Worker(app)
    yielding.init_app(app)
    if str(app.config["WORKER"]).lower() not in OFF:
        app.before_request(start)


def start(app: Flask | None = None) -> None:
    """Start this process's worker if it should have one and has none."""
    worker = of(app or current_app)
    if worker.is_running or str((app or current_app).config["WORKER"]).lower() in OFF:
        return
    worker.start()
    atexit.register(worker.stop, within_seconds=1.0)


def of(app: Flask) -> Worker:
    worker: Worker = app.extensions[EXTENSION]
    return worker


def work_through(*, now: datetime) -> int:
    """Dispatch every message that is due at ``now``, and those that follow; how many. For tests and simulations."""
    handled = 0
    while batch := dispatcher.dispatch_batch(now):
        handled += batch
    return handled
