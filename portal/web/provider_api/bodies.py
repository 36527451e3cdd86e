"""What a machine sent: read within a limit, as JSON whatever its content type says, and a copy that may be kept."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from portal.providers import recordings, shapes

LONGEST_BODY = 1024 * 1024
#: What is kept of something that is not JSON, for a person to look at.
KEPT_OF_GARBAGE = 16 * 1024
#: Headers that help to find out what happened, kept with a delivery.
OF_INTEREST = (
    "Content-Type", "Content-Length", "User-Agent", "X-Request-ID",
    "Webhook-Id", "Webhook-Timestamp", "Idempotency-Key",
)  # fmt: skip
LONGEST_HEADER = 200
MASK = "[not kept here]"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Body:
    """A body as it came, what it says (None unless it is JSON), and what may be stored of it."""

    raw: bytes
    said: Any = None
    is_json: bool = False
    is_too_large: bool = False

    @property
    def fields(self) -> Mapping[str, object]:
        """Its named values; none when it is something else."""
        return self.said if isinstance(self.said, Mapping) else {}

    @property
    def kept(self) -> str:
        """JSON without recording links and secrets; of anything else the beginning, without any address."""
        if self.is_json:
            return json.dumps(recordings.cleaned(self.said), ensure_ascii=False)
        return _ADDRESS.sub("[address]", self.raw[:KEPT_OF_GARBAGE].decode("utf-8", "replace"))


def read(request: Request) -> Body:
    """Never fails: a body that is too large, or is not JSON, is one of its answers."""
    try:
        raw = _whole(request)
    except RequestEntityTooLarge:
        return Body(raw=b"", is_too_large=True)
    try:
        return Body(raw=raw, said=shapes.parse(raw), is_json=True)
    except shapes.NotJson:
        return Body(raw=raw)


def fields_of(request: Request) -> dict[str, str]:
    """The named texts of a form or of a JSON object; anything else is left out.

    :raises RequestEntityTooLarge: more than anybody needs to ask for a token.
    """
    raw = _whole(request)
    said: Mapping[str, object] = request.form
    if request.is_json or raw.lstrip()[:1] == b"{":
        said = read(request).fields
    return {str(key): shapes.plain(value) for key, value in said.items() if isinstance(value, str)}


def _whole(request: Request) -> bytes:
    """:raises RequestEntityTooLarge: by its length, or, where it comes in pieces, by what has come of it."""
    request.max_content_length = LONGEST_BODY + 1
    raw = request.get_data()
    if len(raw) > LONGEST_BODY:  # Pieces beyond the limit are cut off without a word.
        raise RequestEntityTooLarge
    return raw


def headers_of(request: Request) -> dict[str, str]:
    """The headers of interest; of the credential only its kind."""
    found = {name: request.headers[name] for name in OF_INTEREST if name in request.headers}
    if credential := request.headers.get("Authorization"):
        found["Authorization"] = f"{credential.partition(' ')[0][:20]} {MASK}"
    found["Address"] = request.remote_addr or ""
    return {name: shapes.plain(value)[:LONGEST_HEADER] for name, value in found.items()}


def delivery_id_of(request: Request) -> str | None:
    """The sender's own name for the delivery, the same in every repeat."""
    name = request.headers.get("Webhook-Id") or request.headers.get("Idempotency-Key")
    return shapes.plain(name.strip().strip('"'))[:LONGEST_HEADER] or None if name else None
