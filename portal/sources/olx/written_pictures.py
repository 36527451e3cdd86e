"""Pictures that an author has written into the text itself, as `data:` addresses."""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import unquote_to_bytes

from portal.sources.errors import UnusableSource
from portal.sources.olx.export.files import parsed

SCHEME = "data:"
#: How a file of each kind begins. What the address says of itself is not asked.
BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"GIF87a", "image/gif", "gif"),
    (b"GIF89a", "image/gif", "gif"),
)
SVG = ("image/svg+xml", "svg")
#: Base64 has four letters for three bytes, an escape three for one.
LETTERS_PER_BYTE = 3


@dataclass(frozen=True, kw_only=True)
class Written:
    """A picture with a name that its content gives it."""

    name: str
    media_type: str
    content: bytes


def read(address: str, most_bytes: int) -> Written | None:
    """The picture in a `data:` address; None when it is none that browsers show, or larger than ``most_bytes``."""
    if len(address) > most_bytes * LETTERS_PER_BYTE:
        return None
    head, _, body = address.removeprefix(SCHEME).partition(",")
    content = _decoded(body, is_base64=head.strip().lower().endswith(";base64"))
    kind = _kind(content) if content and len(content) <= most_bytes else None
    if kind is None or content is None:
        return None
    media_type, ending = kind
    return Written(name=f"picture-{sha256(content).hexdigest()[:12]}.{ending}", media_type=media_type, content=content)


def _decoded(body: str, *, is_base64: bool) -> bytes | None:
    plain = unquote_to_bytes(body)
    if not is_base64:
        return plain
    try:
        return base64.b64decode(b"".join(plain.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _kind(content: bytes) -> tuple[str, str] | None:
    for beginning, media_type, ending in BEGINNINGS:
        if content.startswith(beginning):
            return media_type, ending
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", "webp"
    return SVG if content.lstrip()[:1] == b"<" and _is_svg(content) else None


def _is_svg(content: bytes) -> bool:
    try:
        return parsed(content, "picture").tag == "{http://www.w3.org/2000/svg}svg"
    except UnusableSource:
        return False
