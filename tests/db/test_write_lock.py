"""Turns at writing to SQLite: one at a time, over threads and processes, and never lost with their holder."""

import multiprocessing
import signal
import subprocess
import sys
from multiprocessing.synchronize import Event as EventType
from pathlib import Path
from threading import Event, Thread

import pytest

from portal.db import write_lock

ROOT = Path(__file__).parents[2]
#: Another process that takes a turn, says so, and keeps it until its input ends.
HOLDER = """
import sys
from portal.db import write_lock
with write_lock.at(sys.argv[1]).taken():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path) -> str:
    return str(tmp_path / "portal.sqlite")


@pytest.fixture
def elsewhere(database):
    """Another process that holds the turn."""
    words = [sys.executable, "-c", HOLDER, database]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        yield holder
        holder.kill()


def asked_for(database: str) -> Event:
    """Set once somebody who asks now has had a turn."""
    had = Event()

    def take() -> None:
        with write_lock.at(database).taken():
            had.set()

    Thread(target=take, daemon=True).start()
    return had


def test_a_thread_waits_for_another(database):
    with write_lock.at(database).taken():
        had = asked_for(database)
        assert not had.wait(0.2)
    assert had.wait(30)


def test_a_process_waits_for_another(database, elsewhere):
    had = asked_for(database)
    assert not had.wait(0.2)
    elsewhere.stdin.close()
    assert had.wait(30)


def test_the_turn_of_a_killed_process_continues(database, elsewhere):
    had = asked_for(database)
    elsewhere.send_signal(signal.SIGKILL)
    assert had.wait(30)


def test_a_failure_hands_it_on(database):
    with pytest.raises(ZeroDivisionError), write_lock.at(database).taken():
        1 / 0  # noqa: B018
    assert asked_for(database).wait(30)


def _take(database: str, began: EventType) -> None:
    had = asked_for(database)
    began.set()
    sys.exit(0 if had.wait(20) else 1)


def test_a_fork_has_turns_of_its_own(database):
    """It may be made in the middle of a turn, which none of its own threads could end."""
    forks = multiprocessing.get_context("fork")
    began = forks.Event()
    with write_lock.at(database).taken():
        child = forks.Process(target=_take, args=(database, began))
        child.start()
        assert began.wait(30)
    child.join(30)
    assert child.exitcode == 0


@pytest.mark.parametrize("name", ["", "/proc/nowhere/portal.sqlite"])
def test_without_a_file_the_threads_still_take_turns(name):
    with write_lock.at(name).taken():
        had = asked_for(name)
        assert not had.wait(0.2)
    assert had.wait(30)
