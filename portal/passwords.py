"""Passwords are kept as Argon2 hashes; making one is slow on purpose, so never inside ``writing()``."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask


class Passwords:
    """Hashes and compares with the strength that the settings ask for."""

    _hasher: PasswordHasher
    _nobody: str

    def init_app(self, app: Flask) -> None:
        self._hasher = PasswordHasher(
            time_cost=app.config["PASSWORD_TIME_COST"],
            memory_cost=app.config["PASSWORD_MEMORY_KIB"],
            parallelism=app.config["PASSWORD_LANES"],
        )
        self._nobody = ""

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether ``password`` is the one kept. Takes as long when there is no such account (None)."""
        try:
            return self._hasher.verify(kept or self._hash_of_nobody(), password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    def is_weak(self, kept: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _hash_of_nobody(self) -> str:
        self._nobody = self._nobody or self._hasher.hash("nobody has this password")
        return self._nobody
