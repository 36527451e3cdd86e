"""The environment of edX's classes: apart from the portal's own, because another web framework comes with them."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import dev

HERE = Path(__file__).parent
PINS = HERE / "requirements-peers.txt"
FOLDER = dev.ROOT / ".cache" / "peers"


def ensure() -> Path:
    """Its Python, once it holds exactly these pins. Made anew when they have changed, or when it was cut short."""
    wanted = hashlib.sha256(PINS.read_bytes() + sys.version.encode()).hexdigest()
    stamp, python = FOLDER / ".installed", FOLDER / "bin" / "python"

    def is_installed() -> bool:
        return stamp.exists() and stamp.read_text() == wanted and python.exists()

    if is_installed():
        return python
    dev.check_machine()
    FOLDER.parent.mkdir(exist_ok=True)
    with FOLDER.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_installed():  # Another one may have made it meanwhile.
            print("Installing edX's classes (once) …", file=sys.stderr, flush=True)
            _install(python)
            stamp.write_text(wanted)
    return python


def _install(python: Path) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    uv = dev.find_uv()
    venv.create(FOLDER, with_pip=uv is None)
    pip = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    try:
        dev.call(*pip, "-q", "--require-hashes", "-r", PINS)
    except subprocess.CalledProcessError as failure:
        raise dev.CannotGoOn(f"Installing {PINS.name} failed (above). Check the network and try again.") from failure
