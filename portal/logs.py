"""Log lines that nobody outside can forge, and that say nothing about answers or people.

Whatever a request put into a message, such as an address with a line break in it, stays on its own line.
"""

import logging
import re
from types import TracebackType

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
#: What could begin a line, or move a terminal's cursor.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
#: What PostgreSQL adds to an error: the values of the row.
VALUES = re.compile(r"^(DETAIL|CONTEXT|PARAMETERS?):.*$", re.MULTILINE)
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class OneLine(logging.Formatter):
    """One record is one line; a traceback follows it, set in, so that none of its lines looks like a record."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # Another handler may have kept its own text of the traceback there.
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        return escaped(super().formatMessage(record))

    def formatException(self, ei: ExcInfo) -> str:
        lines = VALUES.sub(r"\1: not logged", super().formatException(ei)).splitlines()
        return "\n".join(f"    {escaped(line)}" for line in lines)


def escaped(text: str) -> str:
    """The same on one line, with what cannot be seen written out."""
    return CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def set_up() -> None:
    """Log to stderr, from INFO on. A second call changes nothing."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
