"""A vendor to test against: a small server of its own that knows the portal only by its addresses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from flask import Flask
from werkzeug.serving import make_server

from portal.simulator import pages, protocol
from portal.simulator.callbacks import Callbacks
from portal.simulator.settings import Settings
from portal.simulator.vendor import Vendor


@dataclass(frozen=True)
class Running:
    """A vendor that answers at ``address``."""

    address: str
    vendor: Vendor
    callbacks: Callbacks


def create_vendor(settings: Settings) -> Flask:
    app = Flask(__name__)
    vendor = Vendor(settings)
    app.extensions["vendor"], app.extensions["callbacks"] = vendor, Callbacks(vendor)
    app.register_blueprint(protocol.bp)
    app.register_blueprint(pages.bp)
    return app


@contextmanager
def running(settings: Settings, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[Running]:
    """The vendor on a real port, in threads of this process; 0 takes any that is free."""
    app = create_vendor(settings)
    server = make_server(host, port, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    known: Running = Running(
        f"http://{host}:{server.server_port}", app.extensions["vendor"], app.extensions["callbacks"]
    )
    try:
        yield known
    finally:
        known.callbacks.stop()
        known.vendor.close()
        server.shutdown()
        server.server_close()
        thread.join(5)
