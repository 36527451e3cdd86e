"""Values of a block's attributes, which an export writes plainly or as JSON."""

import json
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element

from portal.sources.errors import UnusablePart

#: A year. Beyond it a limit is a slip of the keyboard, and sooner or later no database can hold it.
MOST_MINUTES = 366 * 24 * 60
LONGEST_SHOWN = 60


def value(text: str | None) -> Any:
    """What the attribute says: JSON where it is JSON, the text itself otherwise."""
    if text is None:
        return None
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):  # The second: brackets within brackets beyond reason.
        return text
    return storable(read) if isinstance(read, str) else read


def storable(text: str) -> str:
    """Without what JSON can spell and no database keeps: the character of no value, and half of another."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def flag(element: Element, *names: str) -> bool:
    """Whether any of the attributes says true."""
    return any(is_true(element.get(name)) for name in names)


def is_true(text: str | None) -> bool:
    return str(value(text)).strip().lower() == "true"


def is_off(element: Element, name: str) -> bool:
    """Whether the attribute is there and says false; one that is absent says nothing."""
    return str(value(element.get(name))).strip().lower() == "false"


def words(element: Element, name: str) -> str:
    """The attribute as text; a text that looks like JSON but is none of its strings stays as written."""
    text = element.get(name) or ""
    read = value(text)
    if read is None:
        return ""
    return (read if isinstance(read, str) else text).strip()


def minutes(element: Element, name: str) -> int:
    """A whole number of minutes above zero. :raises UnusablePart: there is none, or one beyond a year."""
    read = value(element.get(name))
    try:
        count = 0 if isinstance(read, bool) else int(read)
    except (TypeError, ValueError, OverflowError):
        count = 0
    if count < 1:
        raise UnusablePart("it has no time limit; give it one in minutes")
    if count > MOST_MINUTES:
        raise UnusablePart(f"its time limit is longer than {MOST_MINUTES:,} minutes, which is a year")
    return count


def moment(text: str | None, says: str) -> datetime | None:
    """A date and time in UTC; one without a zone is taken to be in UTC.

    :raises UnusablePart: it is no date; ``says`` is how to say whose it is, such as "it is due at".
    """
    read = value(text)
    if read is None or not str(read).strip():
        return None
    written = str(read).strip()
    try:
        at = datetime.fromisoformat(written)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnusablePart(f"{says} {shown(written)}, which is not a date") from error


def shown(written: str) -> str:
    """The author's words in quotes, cut where they are long."""
    return repr(written if len(written) <= LONGEST_SHOWN else written[: LONGEST_SHOWN - 1] + "…")
