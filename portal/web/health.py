"""Whether this process can do its work: its database, its disk, its clock. For a load balancer, and for people."""

import shutil

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.db import its_clock, require_answer
from portal.web import faults

#: With less than this left on the data folder's disk, the next large answer may not be kept.
LEAST_FREE_BYTES = 20 * 1024 * 1024


def failures() -> dict[str, object]:
    """What keeps this process from serving people, by name; empty when all is well."""
    found = {"database": _database(), "disk": _disk()}
    return {name: said for name, said in found.items() if said}


def notes() -> dict[str, object]:
    """What those who run the portal should know though it works; to be asked after :func:`failures`."""
    clock.watch.look()
    said = "; ".join(one for one in (clock.watch.words(), _apart_from_database()) if one)
    return {"clock": said} if said else {}


def _apart_from_database() -> str:
    """The database's own clock shows whether this one's is right."""
    theirs = its_clock()
    if theirs is None:
        return ""
    seconds = round((clock.system() - theirs).total_seconds())
    return f"{seconds:+d} seconds from the database's" if abs(seconds) >= clock.LEAST_JUMP_SECONDS else ""


def _database() -> str:
    try:
        require_answer()
    except SQLAlchemyError:
        return "does not answer"
    return ""


def _disk() -> str:
    try:
        free_bytes = shutil.disk_usage(current_app.config["DATA"]).free
    except OSError:
        return "the data folder cannot be read"
    return "full" if free_bytes < LEAST_FREE_BYTES or faults.disk_was_full() else ""
