"""Reads what outsiders sent: JSON that may be anything, field by field, with a plain refusal for each wrong one."""

import json
import math
import re
from collections.abc import Mapping

from portal.domain.errors import BadInput

#: A week: no recording is longer, and nobody can seek to a later second.
MOST_SECONDS = 7 * 24 * 3600
LONGEST_TEXT = 20_000
LONGEST_ID = 255
#: A number of seconds in quotation marks: short, so that it is read at once.
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_UNWELCOME = dict.fromkeys([0, *range(0xD800, 0xE000)], "\N{REPLACEMENT CHARACTER}")


class NotJson(ValueError):
    """These bytes are not JSON that a database can keep."""


def parse(body: bytes) -> object:
    """The value in ``body``. :raises NotJson: broken, not UTF-8, nested beyond reason, or with NaN in it."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as err:
        raise NotJson("The text is not JSON.") from err


def plain(text: str) -> str:
    """``text`` as every database takes it: no NUL, no half of a surrogate pair."""
    if text.isascii() and "\0" not in text:
        return text
    return text.translate(_UNWELCOME)


def text(said: Mapping[str, object], field: str, called: str, *, needed: bool = False) -> str:
    """A text, or nothing where it may be left out. ``called`` is the field's whole name, for the refusal."""
    value = said.get(field)
    if value is None and not needed:
        return ""
    if value is None:
        raise BadInput(called, f"{called} is missing. Send it as a text.")
    if not isinstance(value, str):
        raise BadInput(called, f"{called} must be a text, in quotation marks.")
    if len(value) > LONGEST_TEXT:
        raise BadInput(called, f"{called} is longer than {LONGEST_TEXT} characters. Shorten it.")
    return plain(value)


def word(said: Mapping[str, object], field: str, called: str, words: Mapping[str, str]) -> tuple[str, str]:
    """One of the agreed words: the word as it came, and what it means here."""
    value = text(said, field, called, needed=True)
    if value not in words:
        raise BadInput(called, f"{called} must be one of: {', '.join(words)}.")
    return value, words[value]


def seconds(said: Mapping[str, object], field: str, called: str) -> int:
    """Whole seconds, rounded down; left out means 0. A number in quotation marks is one, too."""
    value = said.get(field)
    if value is None:
        return 0
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(called, f"{called} must be a number of seconds, such as 42.")
    if (isinstance(value, float) and not math.isfinite(value)) or not 0 <= value <= MOST_SECONDS:
        raise BadInput(called, f"{called} must be a number of seconds between 0 and {MOST_SECONDS}.")
    return int(value)


def mapping(value: object, called: str) -> Mapping[str, object]:
    """An object; nothing in its place counts as an empty one."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadInput(called, f"{called} must be an object with named values.")
    return value


def sequence(value: object, called: str, *, most: int = 1000) -> list[object]:
    """A list; nothing in its place counts as an empty one."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise BadInput(called, f"{called} must be a list.")
    if len(value) > most:
        raise BadInput(called, f"{called} has more than {most} entries. Send the most important ones.")
    return list(value)


def name_in(said: object, field: str = "id") -> str | None:
    """The other side's name for something, where it gave one that can stand in an address."""
    value = said.get(field) if isinstance(said, Mapping) else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        value = str(value)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID or not value.strip("."):
        return None
    return value if all("!" <= letter <= "~" and letter not in "/?#%\\" for letter in value) else None


def _refuse_constant(constant: str) -> object:
    raise ValueError(constant)
