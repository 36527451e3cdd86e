"""Keeps each provider's access token until shortly before it ends, for all threads of this process."""

import hashlib
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal import clock

#: Renewed so long before its end, so that it does not end on the way.
EARLY_SECONDS = 30
LONGEST_SECONDS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Token:
    text: str
    until: datetime


_kept: dict[str, Token] = {}
_lock = threading.Lock()


def key_for(*parts: str) -> str:
    """A name for one set of credentials: with a new secret, the token of the old one is not used again."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def get(key: str, fetch: Callable[[], Token]) -> str:
    """The token kept under ``key``, or a fresh one. Two threads at once may both fetch; that is harmless."""
    with _lock:
        known = _kept.get(key)
    if known is not None and clock.now() < known.until:
        return known.text
    fresh = fetch()
    with _lock:
        _kept[key] = fresh
    return fresh.text


def drop(key: str, token: str) -> None:
    """Forget a token that was not accepted, unless somebody has replaced it by now."""
    with _lock:
        known = _kept.get(key)
        if known is not None and known.text == token:
            del _kept[key]


def forget_all() -> None:
    with _lock:
        _kept.clear()


def lasting(text: str, expires_in: Any, *, now: datetime) -> Token:
    """What the provider said, with an end that can be believed; without one it serves a single call."""
    try:
        seconds = float(expires_in) if not isinstance(expires_in, bool) else 0.0
    except (TypeError, ValueError, OverflowError):
        seconds = 0.0
    usable = min(seconds, LONGEST_SECONDS) - EARLY_SECONDS if math.isfinite(seconds) else 0
    return Token(text=text, until=now + timedelta(seconds=max(0, usable)))
