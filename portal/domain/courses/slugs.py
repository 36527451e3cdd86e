"""Short readable names for addresses: ``statistics-201-midterm``."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain, count

LONGEST = 60


def readable(text: str, otherwise: str) -> str:
    """Lower-case letters, digits and hyphens made from ``text``; ``otherwise`` when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) > LONGEST:
        words = words[:LONGEST].rsplit("-", 1)[0]
    return words or otherwise


def unused(name: str, taken: Iterable[str]) -> str:
    """``name``, or with the first number after it that nobody has."""
    known = set(taken)
    candidates = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(candidate for candidate in candidates if candidate not in known)
