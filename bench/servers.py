"""Starts the portal's own server and the bare one beside it, and weighs them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
LONGEST_START_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How both servers are run."""

    processes: int
    threads: int
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def urls(self) -> list[str]:
        """Where each process has a port of its own."""
        return [f"http://127.0.0.1:{self.port + number}" for number in range(self.processes)]


@dataclass(frozen=True)
class Server:
    """A running server; its parent and the processes that answer."""

    url: str
    pid: int

    def weight_mib(self) -> tuple[float, float]:
        """The proportional share (PSS) in MiB: of the processes that answer, and of the one that keeps them."""
        return sum(_pss_kib(pid) for pid in _children(self.pid)) / 1024, _pss_kib(self.pid) / 1024

    def cpu_seconds(self) -> float:
        """What the processes that answer have used of the processors until now."""
        return sum(_ticks(pid) for pid in _children(self.pid)) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])


def _children(pid: int) -> list[int]:
    named = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in named.split()]


def _pss_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


@contextmanager
def portal(shape: Shape, environment: dict[str, str], code: Path = ROOT) -> Iterator[Server]:
    """The production server, as ``serve`` starts it, of the portal in the folder ``code``."""
    words = ["-m", "flask", "--app", "wsgi", "serve", "--port", str(shape.port)]
    words += ["--processes", str(shape.processes), "--threads", str(shape.threads)]
    with _running(words, environment, f"{shape.url}/status", code) as server:
        yield server


@contextmanager
def bare(shape: Shape, environment: dict[str, str]) -> Iterator[Server]:
    """The same server software with the bare application."""
    words = ["-m", "granian", "--interface", "wsgi", "--port", str(shape.port), "--no-ws", "--no-log"]
    words += ["--workers", str(shape.processes), "--blocking-threads", str(shape.threads), "bench.ceiling.app:app"]
    with _running(words, environment, f"{shape.url}/ok") as server:
        yield server


@contextmanager
def edx_proctoring(shape: Shape, environment: dict[str, str], python: Path) -> Iterator[Server]:
    """edX's package by gunicorn, in the Python of its own environment; each process answers at a port of its own."""
    variables = {**environment, "PEER_PORT": str(shape.port), "PEER_PROCESSES": str(shape.processes)}
    words = ["-m", "gunicorn", "--config", "python:bench.peers.edx.serving", "bench.peers.edx.wsgi:application"]
    with _running(words, variables, f"{shape.url}/edx-proctoring-is-up", python=python) as server:
        yield server


@contextmanager
def _running(
    words: list[str], environment: dict[str, str], answers_at: str, code: Path = ROOT, python: Path | None = None
) -> Iterator[Server]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    process = subprocess.Popen(
        [python or sys.executable, *words],
        cwd=code,
        env={**inherited, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, answers_at)
        yield Server(answers_at.rpartition("/")[0], process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        if process.poll() is None:
            process.kill()


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    """Until it answers, and then often enough that each of its processes has answered."""
    end = time.monotonic() + LONGEST_START_SECONDS
    answered = 0
    while answered < 40:
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"The server of {url} did not start; start it by hand to see why.")
        try:
            urlopen(url, timeout=5).read()
            answered += 1
        except (URLError, ConnectionError):
            time.sleep(0.1)
