"""What is not a mistake of ours: the database is away, or a disk is full. A 503 that says so and when to come back.

Such a page needs no database. What a learner had typed into a form without a script stands in it, to be sent again.
"""

import errno
import logging
import sqlite3
import time
from typing import NamedTuple

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from portal.extensions import login_manager
from portal.languages import lazy_gettext as _
from portal.web import negotiation

log = logging.getLogger(__name__)


class Fault(NamedTuple):
    code: str
    sentence: object
    retry_after_seconds: int


AWAY = Fault("database_away", _("The portal cannot reach its database right now. Wait a moment and try again."), 5)
FULL = Fault("disk_full", _("The portal's disk is full, so nothing can be saved right now."), 30)

#: SQLite: busy, locked, read-only, broken reading or writing, cannot be opened.
SQLITE_AWAY, SQLITE_FULL = frozenset({5, 6, 8, 10, 14}), 13
#: PostgreSQL: no connection, no resources, shut down, lost to another transaction, not the one that may write.
POSTGRESQL_AWAY = ("08", "53", "57P", "40", "25006")
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
#: For so long after a write failed, /status keeps saying that the disk is full.
REMEMBERED_SECONDS = 60.0

_full_since: list[float] = []


def init_app(app: Flask) -> None:
    for kind in (DBAPIError, NoConnectionFree, OSError):
        app.register_error_handler(kind, _refuse)


def of(err: Exception) -> Fault | None:
    """Which of the two it is; None for any other error, which is a mistake of ours."""
    if isinstance(err, NoConnectionFree):
        return AWAY
    if isinstance(err, OSError):
        return FULL if err.errno in DISK_FULL else None
    if not isinstance(err, DBAPIError) or err.orig is None:
        return None
    return _of_sqlite(err.orig) if isinstance(err.orig, sqlite3.Error) else _of_postgresql(err)


def _of_sqlite(said: sqlite3.Error) -> Fault | None:
    primary_code = getattr(said, "sqlite_errorcode", 0) & 0xFF
    if primary_code == SQLITE_FULL:
        return FULL
    return AWAY if primary_code in SQLITE_AWAY else None


def _of_postgresql(err: DBAPIError) -> Fault | None:
    state = getattr(err.orig, "sqlstate", None)
    if state == "53100":
        return FULL
    if state is None:  # There was no server to say anything.
        return AWAY if err.connection_invalidated or type(err.orig).__name__ == "OperationalError" else None
    return AWAY if state.startswith(POSTGRESQL_AWAY) else None


def disk_was_full() -> bool:
    """Whether this process failed to write a moment ago because a disk is full."""
    return bool(_full_since) and time.monotonic() - _full_since[-1] < REMEMBERED_SECONDS


def _refuse(err: Exception) -> ResponseReturnValue:
    fault = of(err)
    if fault is None:
        raise err
    if fault is FULL:
        _full_since[:] = [time.monotonic()]
    log.warning("%s at %s %s: %s", fault.code, request.method, request.path, first_line(err))
    return told(fault)


def first_line(err: Exception) -> str:
    """What the driver said, without the statement and its values."""
    said = str(getattr(err, "orig", None) or err).strip() or type(err).__name__
    return said.splitlines()[0]


def told(fault: Fault) -> ResponseReturnValue:
    """The refusal, made without asking the database who is there."""
    g._login_user = login_manager.anonymous_user()
    headers = {"Retry-After": str(fault.retry_after_seconds)}
    if negotiation.is_for_provider() or negotiation.wants_json():
        return (*negotiation.answer(503, fault.code, str(fault.sentence)), headers)
    return _page(fault), 503, headers


def _page(fault: Fault) -> str:
    typed = list(request.form.items(multi=True)) if request.blueprint == "attempt" and request.method == "POST" else []
    typed = [(name, value) for name, value in typed if name != "csrf_token"]
    return render_template("errors/away.html", message=fault.sentence, typed=typed)
