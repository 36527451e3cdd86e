"""The session's signed cookie, read also where the clock that signed it was ahead of ours.

Only we can sign, so a signature from the future is one of ours: another machine's clock is ahead, or this one
was set back. Whoever is in an exam must not be signed out for that. How long a session lasts is decided by what is
inside it (``portal.web.gate.sessions``), not by the signature's time alone.
"""

from datetime import datetime
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class PatientSigner(TimestampSigner):
    """A signer whose signatures expire, but are never too young."""

    def unsign(  # type: ignore[override]
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> tuple[bytes, datetime] | bytes:
        value, signed_at = super().unsign(signed_value, return_timestamp=True)
        age_seconds = self.get_timestamp() - int(signed_at.timestamp())
        if max_age is not None and age_seconds > max_age:
            raise SignatureExpired(f"Signature age {age_seconds} > {max_age} seconds", payload=value)
        return (value, signed_at) if return_timestamp else value


class PatientSessions(SecureCookieSessionInterface):
    """Flask's own sessions with :class:`PatientSigner`."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        serializer: Any = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = PatientSigner
        return serializer  # type: ignore[no-any-return]


def init_app(app: Flask) -> None:
    app.session_interface = PatientSessions()
