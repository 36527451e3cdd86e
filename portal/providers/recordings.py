"""Takes links to recordings and shared secrets out of what a vendor sent, before anything is kept in the clear."""

import math
import re
from collections.abc import Mapping
from enum import Enum, auto
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from portal.providers.shapes import LONGEST_TEXT, plain

DEEPEST = 20
MASK = "[not kept here]"
LINK = "[link to the recording]"
_LINKS = re.compile(r"(video|recording|playback|screencast|webcam).*(link|links|url|urls|uri|href|src)$|^directlink")
_OTHER_THAN_LETTERS = re.compile(r"[^a-z]")
_SECRETS = re.compile(r"secret|password|passwd|token$|^authorization$|^jwt$|apikey$|signature$")
#: Shared with one vendor only, and as good as a password there.
_CODES = frozenset({"examcode", "attemptcode", "exampassword"})
_BIGGEST = 2**63
#: A longer key than this is looked at each time, so that nobody can fill our memory with keys.
_LONGEST_KNOWN_KEY = 64


class _Holds(Enum):
    """What stands under a key, as far as its name tells."""

    LINK = auto()
    SECRET = auto()
    WORDS = auto()


def link_in(said: Mapping[str, object]) -> str | None:
    """The link to the recording, from the two places where vendors put it."""
    payload = said.get("payload")
    places = (said, payload if isinstance(payload, Mapping) else {})
    return next((link for place in places if (link := _web_address(place.get("videoReviewLink")))), None)


def cleaned(said: object) -> Any:
    """A copy that may be stored: no links to recordings at any depth, no secrets, and nothing a database refuses.

    Never fails, whatever ``said`` is.
    """
    links = set(_links(said, 0))
    return _copy(said, sorted(links, key=len, reverse=True), 0)


def _web_address(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        return None
    try:
        address = urlsplit(value.strip())
    except ValueError:
        return None
    return plain(value.strip()) if address.scheme in {"http", "https"} and address.netloc else None


def _is_link(key: object) -> bool:
    return _held_under(key) is _Holds.LINK


def _held_under(key: object) -> _Holds:
    if not isinstance(key, str):
        return _Holds.WORDS
    return _known(key) if len(key) <= _LONGEST_KNOWN_KEY else _told_by(key)


def _told_by(key: str) -> _Holds:
    letters = _OTHER_THAN_LETTERS.sub("", key.lower())
    if _LINKS.search(letters):
        return _Holds.LINK
    return _Holds.SECRET if letters in _CODES or _SECRETS.search(letters) else _Holds.WORDS


#: Vendors use the same few keys in every message.
_known = lru_cache(maxsize=1024)(_told_by)


def _links(said: object, depth: int) -> list[str]:
    """Every link that stands under a recording's key, to be found again in other texts."""
    if depth > DEEPEST:
        return []
    if isinstance(said, Mapping):
        own = [value for key, value in said.items() if _is_link(key) and _web_address(value)]
        return own + [link for value in said.values() for link in _links(value, depth + 1)]
    if isinstance(said, list | tuple):
        return [link for value in said for link in _links(value, depth + 1)]
    return []


def _copy(said: object, links: list[str], depth: int) -> object:
    if depth > DEEPEST and isinstance(said, Mapping | list | tuple):
        return "[nested too deeply]"
    if isinstance(said, Mapping):
        kept = [(key, value) for key, value in said.items() if not _is_link(key)]
        return {_text(str(key), links): _value(key, value, links, depth) for key, value in kept}
    if isinstance(said, list | tuple):
        return [_copy(value, links, depth + 1) for value in said]
    return _scalar(said, links)


def _value(key: object, value: object, links: list[str], depth: int) -> object:
    return MASK if _held_under(key) is _Holds.SECRET and value not in (None, "") else _copy(value, links, depth + 1)


def _scalar(value: object, links: list[str]) -> object:
    if isinstance(value, str):
        return _text(value, links)
    if isinstance(value, float):
        return value if math.isfinite(value) else "[not a number]"
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < _BIGGEST else "[a very large number]"
    return value if value is None or isinstance(value, bool) else f"[{type(value).__name__}]"


def _text(value: str, links: list[str]) -> str:
    for link in links:
        value = value.replace(link, LINK)
    return plain(value)
