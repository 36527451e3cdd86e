"""The signature and the encrypted exam password that PSI's registration demands."""

import hmac
from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import ECB

CONTENT_TYPE = "application/json"
#: Two keys of eight bytes, or three.
KEY_BYTES = (16, 24)
_BLOCK = 8


def authorization(body: Mapping[str, object], date: str, *, key_id: str, secret: str) -> str:
    """The header's value: HMAC-SHA256 over verb, type, date and the body line by line."""
    text = f"POST\n\n{CONTENT_TYPE}\n{date}\n{canonical(body)}"
    digest = hmac.new(secret.encode(), text.encode(), sha256).digest()
    return f"SSI {key_id}:{b64encode(digest).decode()}"


def launch_proof(attempt_code: str, callback_token: str) -> str:
    """What must stand beside an attempt's code in the address that the secure browser comes back to.

    A learner knows the code, so it opens nothing by itself; this proves that the address came from us, by the vendor.
    """
    return hmac.new(callback_token.encode(), f"launch {attempt_code}".encode(), sha256).hexdigest()[:40]


def canonical(body: Mapping[str, object]) -> str:
    """One line for each value, by name: ``parent.child:value``, and list entries by their number."""
    return "".join(f"{name}:{value}\n" for name, value in _lines(body, ""))


def _lines(body: Mapping[str, object], before: str) -> Iterator[tuple[str, str]]:
    for key in sorted(body):
        yield from _value(f"{before}{key}", body[key])


def _value(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        yield from _lines(value, f"{name}.")
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from _value(f"{name}.{number}", one)
    elif isinstance(value, bool):
        yield name, str(value).lower()
    else:
        yield name, str(value) if value or value == "" else "null"


def encrypted(text: str, key: str) -> str:
    """Triple DES, block by block. Broken by today's measure: it hides nothing that matters, and PSI demands it.

    :raises ValueError: the key has not 16 or 24 bytes.
    """
    kept = key.encode()
    if len(kept) not in KEY_BYTES:
        raise ValueError(f"The key has {len(kept)} bytes; it needs 24.")
    clear = text.encode()
    fill = _BLOCK - len(clear) % _BLOCK
    cipher = Cipher(TripleDES(kept), ECB()).encryptor()
    return b64encode(cipher.update(clear + bytes([fill]) * fill) + cipher.finalize()).decode()
