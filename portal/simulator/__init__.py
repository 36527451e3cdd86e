"""A provider to test against: a small server of its own that knows the portal only by its addresses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from flask import Flask
from werkzeug.serving import make_server

from portal.simulator import pages, protocol
from portal.simulator.callbacks import Callbacks
from portal.simulator.provider import SimulatedProvider
from portal.simulator.settings import Settings


@dataclass(frozen=True)
class Running:
    """A provider that answers at ``address``."""

    address: str
    provider: SimulatedProvider
    callbacks: Callbacks


def create_simulator(settings: Settings) -> Flask:
    app = Flask(__name__)
    provider = SimulatedProvider(settings)
    app.extensions["provider"], app.extensions["callbacks"] = provider, Callbacks(provider)
    app.register_blueprint(protocol.bp)
    app.register_blueprint(pages.bp)
    return app


@contextmanager
def running(settings: Settings, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[Running]:
    """The provider on a real port, in threads of this process; 0 takes any that is free."""
    app = create_simulator(settings)
    server = make_server(host, port, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    known: Running = Running(
        f"http://{host}:{server.server_port}", app.extensions["provider"], app.extensions["callbacks"]
    )
    try:
        yield known
    finally:
        known.callbacks.stop()
        known.provider.close()
        server.shutdown()
        server.server_close()
        thread.join(5)
