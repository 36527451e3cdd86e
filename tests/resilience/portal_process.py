"""The portal as a process whose clock a test moves: ``python -m tests.resilience.portal_process FILE ARGS…``."""

import ctypes
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal import clock

PR_SET_PDEATHSIG = 1


def moved_by(file: Path) -> Callable[[], datetime]:
    """A clock that runs as the wall clock does, so many seconds apart from it as ``file`` says at the moment."""

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(file.read_text()))

    return now


def move(file: Path, seconds: float) -> None:
    """Whole or not at all: the processes that look at it never see half a number."""
    draft = file.with_suffix(".draft")
    draft.write_text(repr(seconds))
    draft.replace(file)


def main(file: str, *words: str) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # Nothing of it outlives the test run.
    clock.source = moved_by(Path(file))
    from flask.cli import main as flask

    sys.argv = ["flask", "--app", "wsgi", *words]
    flask()


if __name__ == "__main__":
    main(*sys.argv[1:])
