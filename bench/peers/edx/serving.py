"""gunicorn's settings: each process has a port of its own, so that all have equally many of the connections.

Its threaded kind keeps connections open, which the load tool needs; but one process takes all that come at once.
"""

import os
from typing import Any

FIRST_PORT = int(os.environ["PEER_PORT"])

workers = int(os.environ["PEER_PROCESSES"])
bind = [f"127.0.0.1:{FIRST_PORT + number}" for number in range(workers)]
worker_class, threads, keepalive = "gthread", 1, 60
preload_app = True
timeout = 300
control_socket_disable = True


def post_fork(server: Any, worker: Any) -> None:
    worker.sockets = [worker.sockets[(worker.age - 1) % workers]]
