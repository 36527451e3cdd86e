"""Whether what was answered was done: rows are counted before and after, and no figure is given where they lack."""

from collections.abc import Mapping

from sqlalchemy import Engine, text

from bench.load import Measured
from bench.peers.works import PeerWork


class NothingDone(Exception):
    """A work was answered, and the database does not show it."""


def counted(engine: Engine, work: PeerWork) -> dict[str, int]:
    """How many rows there are of each kind that the work adds to."""
    with engine.connect() as connection:
        return {rows: connection.scalar(text(f"SELECT count(*) FROM {rows}")) or 0 for rows in work.grows}


def check(work: PeerWork, measured: Measured, before: Mapping[str, int], after: Mapping[str, int]) -> None:
    """As many as were answered; one more for each connection may have been done whose answer nobody waited for."""
    if not measured.gone:
        raise NothingDone(f"{work.name}: nothing was answered. Errors: {dict(measured.errors)}.")
    for rows, by in work.grows.items():
        least, grown = measured.gone * by, after[rows] - before[rows]
        if not least <= grown <= least + work.connections * by:
            raise NothingDone(
                f"{work.name}: {measured.gone:,} were answered, so {rows} should be {least:,} more; it is {grown:,}. "
                f"Errors: {dict(measured.errors)}."
            )
