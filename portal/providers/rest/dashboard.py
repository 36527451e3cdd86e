"""Links into a provider's dashboard. Each carries its own key, so it is made at click time and for one minute."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from joserfc import jwt
from joserfc.jwk import OctKey

from portal import clock
from portal.domain.providers.facts import DashboardRequest

#: HMAC itself fills a shorter key with zero bytes up to its block, so the signature is the same.
_COMFORTABLE_BYTES = 32


def claims(wanted: DashboardRequest, client_id: str, *, lasts_seconds: int) -> dict[str, object]:
    """Who looks, and at what: a course, an exam or its configuration, or one attempt."""
    said: dict[str, object] = {
        "course_id": wanted.course_key,
        "user": {"id": wanted.pairwise_id, "full_name": wanted.full_name, "email": wanted.email},
        "iss": client_id,
        "jti": secrets.token_hex(16),
        "exp": int((clock.now() + timedelta(seconds=lasts_seconds)).timestamp()),
    }
    if wanted.exam_external_id:
        said["exam_id"] = wanted.exam_external_id
    if wanted.wants_configuration:
        said["config"] = True
    if wanted.attempt_external_id:
        said["attempt_id"] = wanted.attempt_external_id
    return said


def signed(said: Mapping[str, object], secret: str) -> str:
    """An HS256 token. Providers hand out short secrets, too."""
    key = OctKey.import_key(secret.encode().ljust(_COMFORTABLE_BYTES, b"\0"))
    return jwt.encode({"alg": "HS256", "typ": "JWT"}, dict(said), key)
