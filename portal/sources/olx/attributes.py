"""Values of a block's attributes, which an export writes plainly or as JSON."""

import json
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element

from portal.sources.errors import UnusableSource


def value(text: str | None) -> Any:
    """What the attribute says: JSON where it is JSON, the text itself otherwise."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # The second: brackets within brackets beyond reason.
        return text


def flag(element: Element, *names: str) -> bool:
    """Whether any of the attributes says true."""
    return any(str(value(element.get(name))).strip().lower() == "true" for name in names)


def words(element: Element, name: str) -> str:
    """The attribute as text; a text that looks like JSON but is none of its strings stays as written."""
    text = element.get(name) or ""
    read = value(text)
    if read is None:
        return ""
    return (read if isinstance(read, str) else text).strip()


def minutes(element: Element, name: str, block: str) -> int:
    """A whole number of minutes above zero."""
    read = value(element.get(name))
    try:
        count = int(read)
    except (TypeError, ValueError, OverflowError):
        count = 0
    if count < 1:
        raise UnusableSource(f"The timed section {block!r} has no time limit; give it one in minutes.")
    return count


def moment(text: str | None, block: str) -> datetime | None:
    """A date and time in UTC; one without a zone is taken to be in UTC."""
    read = value(text)
    if read is None or not str(read).strip():
        return None
    try:
        at = datetime.fromisoformat(str(read).strip())
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        sentence = f"The section {block!r} is due at {str(read)!r}, which is not a date."
        raise UnusableSource(sentence) from error
