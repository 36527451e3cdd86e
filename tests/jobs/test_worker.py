"""The worker inside a process and as a process: it starts, wakes, survives trouble and forks, and stops."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from portal import create_app
from portal.db import db
from portal.jobs import dispatcher, worker

ROOT = Path(__file__).parents[2]


@pytest.fixture
def told(monkeypatch):
    told = Event()
    monkeypatch.setitem(dispatcher.HANDLERS, "test", lambda message: told.set())
    return told


@pytest.fixture
def running(app):
    """A worker of this app, running until the end of the test."""
    running = worker.Worker(app)
    running.start()
    yield running
    running.stop()
    assert not running.is_running


def test_a_commit_wakes_it(running, told, enqueue, monkeypatch):
    monkeypatch.setattr(worker, "LOOK_SECONDS", 60)
    time.sleep(1.2)  # The look it is in was to last a second.
    enqueue()
    assert told.wait(30)  # Without being woken it would look in a minute.


def test_time_is_watched_while_a_message_takes_long(app, enqueue, monkeypatch):
    slow, ran = Event(), Event()
    monkeypatch.setitem(dispatcher.HANDLERS, "test", lambda message: slow.wait(10))
    running = worker.Worker(app, run_due=lambda now: ran.set() or 0)
    enqueue()
    running.start()
    assert ran.wait(5)
    slow.set()
    running.stop()


def test_trouble_with_the_database_does_not_end_it(app, told, enqueue, monkeypatch, caplog):
    failed = []

    def dispatch(now, lane):
        if lane.name == "default" and len(failed) < 2:
            failed.append(now)
            raise OperationalError("SELECT", {}, RuntimeError("no such table")) if failed[1:] else ValueError("odd")
        return dispatcher.dispatch_batch(now, lane)

    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.01)
    running = worker.Worker(app, dispatch=dispatch)
    enqueue()
    running.start()
    assert told.wait(10)
    running.stop()
    assert "The database is not ready for the worker: no such table" in caplog.text
    assert "The worker's round failed" in caplog.text


def test_starting_twice_is_starting_once(running):
    threads = list(running._threads)
    running.start()
    assert running._threads == threads


def test_it_starts_again_in_a_forked_process(app):
    process_ids, left = [7], []
    running = worker.Worker(app, process_id=lambda: process_ids[-1], leave=left.append)
    running.start()
    before = list(running._threads)
    running.stop()  # A fork leaves the parent's threads behind.
    process_ids.append(8)
    assert not running.is_running
    running.start()
    assert running.is_running and left == [app]
    assert not set(before) & set(running._threads)
    running.stop()


#: Starts a worker, forks as a preloading server does, and lets the child dispatch a message.
FORKING = """
import os, time
from portal import create_app
from portal.db import WritingOutsideADoor, db, writing
from portal.domain.outbox import messages
from portal.jobs import worker
from portal import clock
from portal.models import OutboxMessage
app = create_app(DATA=FOLDER, SECRET_KEY="x" * 40)
with app.app_context():
    db.create_all()
parent = worker.Worker(app)
parent.start()
time.sleep(0.3)
parent.stop()
child = os.fork()
if child:
    _, status = os.waitpid(child, 0)
    raise SystemExit(os.waitstatus_to_exitcode(status))
assert not parent.is_running
parent.start()
with app.app_context():
    says = dict(template="password_reset", to="ada@example.edu", name="Ada", link="http://x")
    with writing():
        messages.enqueue("email", now=clock.now(), key="a", payload=says)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        db.session.rollback()
        if db.session.scalars(db.select(OutboxMessage.done_at)).one():
            os._exit(0)
        time.sleep(0.05)
os._exit(1)
"""


@pytest.mark.slow
def test_a_forked_child_dispatches_its_own_messages(tmp_path):
    """A real fork, as gunicorn's --preload makes it, in a process without the threads of this one."""
    program = FORKING.replace("FOLDER", repr(str(tmp_path)))
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=30)
    assert (tmp_path / "mail" / "a.eml").exists()


def test_tests_and_the_switch_keep_it_off(app, tmp_path):
    for given in ({"TESTING": True}, {"WORKER": "off"}):
        other = create_app(DATA=str(tmp_path), SECRET_KEY="x" * 40, **given)
        worker.init_app(other)
        worker.start(other)
        assert not worker.of(other).is_running


def test_the_first_request_starts_it(app, tmp_path):
    other = create_app(DATA=str(tmp_path), SECRET_KEY="x" * 40)
    worker.init_app(other)
    with other.app_context():
        db.create_all()
    assert not worker.of(other).is_running
    other.test_client().get("/status")
    assert worker.of(other).is_running
    worker.of(other).stop()
    with other.app_context():
        db.engine.dispose()


@pytest.mark.slow
def test_the_command_works_until_it_is_told_to_stop(tmp_path):
    environment = {**os.environ, "PORTAL_DATA": str(tmp_path), "PORTAL_WORKER": "off"}
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True, timeout=60)
    command = subprocess.Popen(
        [*flask, "worker"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert command.stdout is not None
    said = []
    while "The worker is running" not in "".join(said):
        said.append(command.stdout.readline())
        assert said[-1], said
    time.sleep(0.5)
    command.send_signal(signal.SIGTERM)
    rest, _ = command.communicate(timeout=20)
    assert command.returncode == 0, said
    assert "The worker has stopped." in rest
    assert "Traceback" not in "".join(said) + rest
