#!/usr/bin/env python3
"""The commands of this project, for a machine with nothing but Python: run and test (and flask, bench, peers, lock)."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
CHROMIUM = ROOT / ".cache" / "chromium"
#: In an environment that is being made or changed. Where a run was cut short it stays, and the next begins anew.
UNFINISHED = VENV / ".unfinished"
#: Nothing is kept outside this folder, whether or not there is a HOME to keep it in.
CACHES = {"UV_CACHE_DIR": "uv", "PIP_CACHE_DIR": "pip", "npm_config_cache": "npm", "XDG_CACHE_HOME": "other"}
UV = "uv==0.13.8"
OLDEST = (3, 11)

#: What runs on PostgreSQL, too: where two transactions meet, or SQL is more than a look by key.
#: Every test can: ``python3 dev.py test --database postgresql``.
ROOMS = (
    "resilience", "jobs", "journeys", "migrations", "db", "domain/attempts/test_search.py",
    "domain/attempts/test_search_words.py", "domain/attempts/test_search_plans.py", "test_clock.py",
)  # fmt: skip
ON_POSTGRESQL = [f"tests/{room}" for room in ROOMS]

#: What ``test --quick`` leaves out: browsers, processes of their own, and whole journeys.
SLOW = ("browser", "resilience", "journeys", "migrations", "contract", "cli", "simulator")


class CannotGoOn(Exception):
    """Something about this machine, in one line that says what to do."""


def call(*words: object, **options: object) -> None:
    subprocess.run([str(word) for word in words], check=True, **options)  # type: ignore[call-overload]


def check_machine() -> None:
    """Refuse early what would fail late: an old Python, a folder that cannot be written though something is missing."""
    if sys.version_info < OLDEST:
        raise CannotGoOn(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Install a newer one.")
    if not os.access(ROOT, os.W_OK):
        raise CannotGoOn(f"{ROOT} cannot be written. Copy the project to a folder of your own and try again.")


def begin_environment() -> None:
    """Take away what an earlier run left half made: no Python, no pins that are whole, or cut short on the way."""
    is_whole = PYTHON.exists() and any(VENV.glob("*.installed")) and not UNFINISHED.exists()
    if VENV.exists() and not is_whole and not VENV.is_symlink():
        print("The environment was not finished; it is made anew.", file=sys.stderr, flush=True)
        shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()


def make_venv(*, with_pip: bool) -> None:
    try:
        import venv

        venv.create(VENV, with_pip=with_pip)
    except (ImportError, subprocess.CalledProcessError) as missing:
        shutil.rmtree(VENV, ignore_errors=True)  # Half of one would be taken for a whole one next time.
        raise CannotGoOn(
            "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv. Then try again."
        ) from missing


def find_uv() -> Path | None:
    """The fast installer: on the PATH, in our environment, or None when it cannot be had."""
    found = shutil.which("uv")
    if found:
        return Path(found)
    if (BIN / "uv").exists():
        return BIN / "uv"
    if not PYTHON.exists():
        make_venv(with_pip=True)
    got = subprocess.run([PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", UV])
    return BIN / "uv" if got.returncode == 0 else None


def ensure(requirements: str) -> None:
    """Make the environment hold exactly these pins. Instant when it already does; safe when two run at once."""
    wanted = hashlib.sha256((ROOT / requirements).read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f"{requirements}.installed"

    def is_installed() -> bool:
        return stamp.exists() and stamp.read_text() == wanted and PYTHON.exists() and not UNFINISHED.exists()

    if is_installed():  # Asked without the lock, for a folder that cannot be written.
        return
    check_machine()
    with open(ROOT / ".dev.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_installed():
            return
        begin_environment()
        print(f"Installing {requirements} (once) …", file=sys.stderr, flush=True)
        install(requirements)
        stamp.write_text(wanted)
        UNFINISHED.unlink(missing_ok=True)


def install(requirements: str) -> None:
    uv = find_uv()
    if not PYTHON.exists():
        make_venv(with_pip=uv is None)
    pip = [uv, "pip", "install", "--python", PYTHON] if uv else [PYTHON, "-m", "pip", "install"]
    try:
        call(*pip, "-q", "--require-hashes", "-r", ROOT / requirements)
    except subprocess.CalledProcessError as failure:
        raise CannotGoOn(f"Installing {requirements} failed (above). Check the network and try again.") from failure


def with_node() -> dict[str, str]:
    """The environment for npm and Node, which both come with the environment's own packages."""
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}


def fetch_packages(folder: Path, what: str) -> None:
    """What ``package-lock.json`` of ``folder`` pins, once; again when it pins something else."""
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".fetched"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Fetching {what} (once) …", file=sys.stderr, flush=True)
    try:
        call(BIN / "npm", "ci", "--silent", "--no-audit", "--no-fund", cwd=folder, env=with_node())
    except subprocess.CalledProcessError as failure:
        raise CannotGoOn(f"Fetching {what} failed (above). Check the network and try again.") from failure
    stamp.write_text(wanted)


def ensure_browser() -> None:
    """Fetch Chromium and axe for the tests; PORTAL_CHROMIUM names another browser."""
    folder = ROOT / "tests" / "browser"
    fetch_packages(folder, "the test browser")
    if os.environ.get("PORTAL_CHROMIUM") or (CHROMIUM / "fonts.conf").exists():
        return
    CHROMIUM.mkdir(parents=True, exist_ok=True)
    packed = folder / "node_modules/@sparticuz/chromium/bin"
    call(BIN / "node", folder / "unpack.cjs", packed, CHROMIUM, env=with_node())
    for archive in CHROMIUM.glob("*.tar"):
        with tarfile.open(archive) as members:
            members.extractall(CHROMIUM, filter="data")
        archive.unlink()
    (CHROMIUM / "chromium").chmod(0o755)
    (CHROMIUM / "fonts.conf").write_text((folder / "fonts.conf").read_text().format(CHROMIUM))


def flask(*arguments: str) -> None:
    """Become one of the portal's own commands."""
    ensure("requirements.txt")
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "flask", "--app", "wsgi", *arguments])


def run(*arguments: str) -> None:
    """Serve the portal; ``--data DIR`` is handed on as PORTAL_DATA, before the portal looks for its settings."""
    rest = [part for word in arguments for part in (word.split("=", 1) if word.startswith("--data=") else [word])]
    if "--data" in rest:
        at = rest.index("--data")
        if at + 1 >= len(rest) or not rest[at + 1]:
            raise CannotGoOn("--data needs a folder: python3 dev.py run --data FOLDER")
        os.environ["PORTAL_DATA"] = str(Path(rest[at + 1]).expanduser().resolve())
        del rest[at : at + 2]
    flask("serve", *rest)


def test(*arguments: str) -> None:
    """Lint, check types, and run every test, on both databases; with arguments, hand them to pytest alone.

    ``--quick`` alone leaves out what is in ``SLOW`` or marked so, and PostgreSQL, and tries one row of each table.
    """
    is_quick = arguments == ("--quick",)
    ensure("requirements-dev.txt")
    if not is_quick:
        ensure_browser()
    os.chdir(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # Each process would compile portal and tests anew, half a minute.
    if arguments and not is_quick:
        os.execv(PYTHON, [str(PYTHON), "-m", "pytest", *arguments])
    for words in ("ruff check .", "ruff format --check -q .", "mypy"):
        call(PYTHON, "-m", *words.split())
    processes = min((os.cpu_count() or 1) + 1, 5)  # One more than there are cores: browsers and servers wait a lot.
    everything = [PYTHON, "-m", "pytest", "-n", processes, "--dist", "worksteal"]
    if is_quick:
        return call_all([*everything, "--quick", *(f"--ignore=tests/{place}" for place in SLOW)])
    call_all(everything, [*everything, "--database", "postgresql", *ON_POSTGRESQL])


def call_all(*commands: list[object]) -> None:
    """Each of them, also when one before it has failed, so that one run says all that is wrong."""
    codes = [subprocess.run([str(word) for word in words]).returncode for words in commands]
    if failed := [code for code in codes if code]:
        raise CannotGoOn(f"{len(failed)} of {len(codes)} test runs failed (above); first SQLite, then PostgreSQL.")


def bench(*arguments: str) -> None:
    """Measure the portal beside a bare server, and as it grows; ``python3 dev.py bench --help`` says what there is."""
    ensure("requirements-dev.txt")
    fetch_packages(ROOT / "bench", "the load tool")
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "bench", *arguments])


def peers(*arguments: str) -> None:
    """Let edX's own classes, in an environment of their own, speak with the portal; words are for pytest."""
    ensure("requirements.txt")
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "tests.peers", *arguments])


def lock() -> None:
    """Pin everything again, with hashes, from the .in files."""
    ensure("requirements-dev.txt")
    compiling = ["pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes"]
    for name in ("requirements", "requirements-dev", "tests/peers/requirements-peers"):
        words = [*compiling, "--custom-compile-command", "python3 dev.py lock", "-o", f"{name}.txt", f"{name}.in"]
        call(find_uv(), *words, cwd=ROOT)


COMMANDS = {"run": run, "test": test, "flask": flask, "bench": bench, "peers": peers, "lock": lock}


def main(words: list[str]) -> int:
    name, rest = (words or ["help"])[0], words[1:]
    if name not in COMMANDS:
        print("usage: python3 dev.py run [--port N] [--data DIR] | test [--quick] | flask … | bench … | peers … | lock")
        return 2
    os.environ |= {name: str(ROOT / ".cache" / folder) for name, folder in CACHES.items()}
    try:
        COMMANDS[name](*rest)
    except KeyboardInterrupt:
        print("Stopped. What was not finished is done again by the next run.", file=sys.stderr)
        return 130
    except CannotGoOn as reason:
        print(reason, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failure:
        return failure.returncode or 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
