"""What hard tests ask for: ``portal``, a whole one of the test's own, on the database the run is for."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from portal import clock
from tests.resilience.whole_portal import Portal


@pytest.fixture
def own_database(database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database that no other test knows."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'portal.sqlite'}"
        return
    name = f"hard_{uuid4().hex[:12]}"
    server = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield database_url.replace("/postgres?", f"/{name}?")
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def portal(own_database: str, tmp_path: Path, the_clock: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    """Nothing of it runs yet, but its tables are there; the test's own clock is its clock."""
    portal = Portal(tmp_path, own_database)
    monkeypatch.setattr(clock, "source", portal.now)
    with portal.app.app_context():
        upgrade()
        yield portal
        portal.close()
