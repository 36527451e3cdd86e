"""Columns that are encrypted at rest, with a key made from the portal's secret key."""

from base64 import urlsafe_b64encode
from contextlib import suppress
from enum import StrEnum
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy import Dialect, Text, TypeDecorator

KEY_BYTES = 32


class Locked(str):
    """Stands for a value that was encrypted under a secret key that is not known any more; reads as nothing.

    So a page that does not need the value still works, and whoever does need it asks :func:`is_locked`.
    """

    __slots__ = ()


class State(StrEnum):
    """Which secret key opens a stored value."""

    PRESENT = "present"
    OLDER = "older"
    LOCKED = "locked"


def is_locked(value: object) -> bool:
    return isinstance(value, Locked)


def state_of(stored: str) -> tuple[State, str]:
    """For a column's text as the database has it: which key opens it, and what it says ("" when none does)."""
    for number, key in enumerate(_secrets()):
        with suppress(InvalidToken):
            return State.OLDER if number else State.PRESENT, _opened_by((key,)).decrypt(stored).decode()
    return State.LOCKED, ""


def derived_key(purpose: str) -> bytes:
    """A key of its own for each purpose (RFC 5869), so that none can be used in place of another."""
    return _derive(str(current_app.config["SECRET_KEY"]), purpose)


def derived_keys(purpose: str) -> list[bytes]:
    """The same purpose's keys under the present secret key and, after it, under each that is still a fallback."""
    return [_derive(secret, purpose) for secret in _secrets()]


@lru_cache(maxsize=64)
def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(secret.encode())


def _box() -> MultiFernet:
    """The present key first; older ones of ``SECRET_KEY_FALLBACKS`` still open what they closed."""
    return _opened_by(_secrets())


def _secrets() -> tuple[str, ...]:
    """The present key first, then each that is still a fallback."""
    older = current_app.config.get("SECRET_KEY_FALLBACKS") or []
    return tuple(str(secret) for secret in (current_app.config["SECRET_KEY"], *older))


@lru_cache(maxsize=8)
def _opened_by(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(_derive(secret, "sealed columns"))) for secret in secrets])


class EncryptedText(TypeDecorator[str]):
    """Text that the database never holds in the clear: authenticated encryption (Fernet) around every value."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _box().encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        try:
            return _box().decrypt(value).decode()
        except InvalidToken:
            return Locked()
