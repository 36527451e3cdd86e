"""The process that keeps the others is killed: none of them is left behind, on Linux and elsewhere."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def lives(pid):
    """Whether it runs; a dead one may wait for whoever inherits it."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_killed_parent_leaves_no_process_and_a_free_port(portal):
    parent = portal.serve("--processes", "2")
    kept = children(parent.pid)
    assert len(kept) == 2
    os.kill(parent.pid, signal.SIGKILL)
    portal.wait_until(lambda: not any(lives(pid) for pid in kept))
    portal.kill(parent)
    portal.serve()


FORK = """
import os, time
from portal.server import parents
parent = os.getpid()
child = os.fork()
if child:
    print(child, flush=True)
    time.sleep(60)
parents.sys.platform = "elsewhere"
parents.end_with(parent)
time.sleep(60)
"""


def test_a_system_that_does_not_tell_is_looked_at(portal):
    parent = subprocess.Popen([sys.executable, "-c", FORK], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    assert lives(child)
    parent.kill()
    portal.wait_until(lambda: not lives(child))
    parent.stdout.close()
    parent.wait(20)
