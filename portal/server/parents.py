"""A process of the server ends with the one that keeps it, however that one ends."""

import ctypes
import os
import signal
import sys
import time
from threading import Thread

PR_SET_PDEATHSIG = 1
LOOK_SECONDS = 1.0
#: What runs may come to its end in this time, as when the server is stopped.
GRACE_SECONDS = 10.0


def end_with(parent: int) -> None:
    """End this process when ``parent``, which has forked it, is gone: gracefully, and at last without grace.

    Linux tells at once; looking who the parent is works everywhere, and also where it died before this call.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    Thread(target=_watch, args=(parent,), name="portal-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
