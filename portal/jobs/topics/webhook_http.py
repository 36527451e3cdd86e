"""Sends one signed event to one address, and to no other: resolved once, checked, and connected to as checked."""

import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter

from portal import clock
from portal.domain.outbox.webhook_deliveries import LONGEST_REPLY, Answer
from portal.domain.text.clean_text import clean

TIMEOUT_SECONDS = 20
#: Longer than an endpoint may ask us to wait.
LONGEST_WAIT = timedelta(days=1)
SLOW_DOWN = frozenset({429, 502, 503, 504})
#: Addresses of this network reach IPv4 ones through a translator (RFC 6052).
_TRANSLATED = IPv6Network("64:ff9b::/96")
#: Never the open internet, though not every Python says so: one's own site (RFC 3879), one's own translator
#: (RFC 8215), and IPv4 addresses as IPv6 once wrote them (RFC 4291, 2.5.5.1).
_OF_ONES_OWN = tuple(IPv6Network(network) for network in ("fec0::/10", "64:ff9b:1::/48", "::/96"))


class Unreachable(OSError):
    """There is nowhere to send it; the sentence says why."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where to connect, and as whom to address it."""

    url: str
    """With the checked number in place of the name."""
    host: str
    headers: Mapping[str, str]


class _Pinned(HTTPAdapter):
    """Connects to a number, but expects the certificate of the name."""

    def __init__(self, host: str) -> None:
        self._host = host
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **given: Any) -> None:
        super().init_poolmanager(*args, **given, server_hostname=self._host, assert_hostname=self._host)


def post(url: str, body: bytes, headers: Mapping[str, str], *, may_be_private: bool) -> Answer:
    """Send it and say what came of it. Redirects are not followed: they are answers like any other."""
    try:
        target = resolve(url, may_be_private=may_be_private)
        return _post(target, body, headers)
    except requests.Timeout:
        return Answer(status_code=None, reply=f"No answer within {TIMEOUT_SECONDS} seconds.")
    except (OSError, ValueError) as err:
        return Answer(status_code=None, reply=_plainly(err))


def resolve(url: str, *, may_be_private: bool) -> Target:
    """Look the name up once. Every address it has must be public, or an attacker could pick one that is not.

    :raises Unreachable: no such name, or it leads into a private network.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as err:
        raise Unreachable(f"The host name {host} does not exist.") from err
    numbers = [str(one[4][0]) for one in found]
    if not may_be_private and not all(is_public(number) for number in numbers):
        raise Unreachable(f"{host} is in a private network, so the portal sends no events there.")
    number = f"[{numbers[0]}]" if ":" in numbers[0] else numbers[0]
    pinned = urlunsplit((parts.scheme, f"{number}:{port}", parts.path or "/", parts.query, ""))
    return Target(url=pinned, host=host, headers={"Host": parts.netloc})


def is_public(number: str) -> bool:
    """Whether an IP address is one of the open internet, also when it wraps another."""
    address = ip_address(number.partition("%")[0])
    inner = _inner(address) if isinstance(address, IPv6Address) else None
    if any(address in network for network in _OF_ONES_OWN):
        return False
    return address.is_global and not address.is_multicast and (inner is None or is_public(str(inner)))


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _post(target: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
    until = time.monotonic() + TIMEOUT_SECONDS
    with requests.Session() as session:
        session.trust_env = False  # No proxy and no .netrc: both would lead around the check.
        session.mount("https://", _Pinned(target.host))
        answer = session.post(
            target.url,
            data=body,
            headers={"Accept-Encoding": "identity", **headers, **target.headers},
            timeout=(TIMEOUT_SECONDS / 2, TIMEOUT_SECONDS / 2),
            allow_redirects=False,
            stream=True,
        )
        reply = _beginning(answer, until)
    wait = _retry_after(answer) if answer.status_code in SLOW_DOWN else None
    return Answer(status_code=answer.status_code, reply=reply, retry_after=wait)


def _beginning(answer: requests.Response, until: float) -> str:
    """The first 2 kB, as far as they come in time: the status alone decides, so a broken body is no failure."""
    read = b""
    try:
        for piece in _pieces(answer, until):
            read += piece
    except Exception as err:
        read = read or _plainly(err).encode()
    return clean(read[:LONGEST_REPLY].decode(errors="replace"))


def _pieces(answer: requests.Response, until: float) -> Iterator[bytes]:
    missing = LONGEST_REPLY
    while missing and time.monotonic() < until and (piece := answer.raw.read1(missing)):
        missing -= len(piece)
        yield piece


def _retry_after(answer: requests.Response) -> timedelta | None:
    """Seconds or a date, as the endpoint likes; never more than a day."""
    said = answer.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        seconds = int(said.lstrip("0")[:9] or "0")  # Of more digits, any nine are more than a day.
        return min(timedelta(seconds=seconds), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - clock.now(), timedelta()), LONGEST_WAIT)


def _plainly(err: Exception) -> str:
    """A library's error without its inside."""
    return str(err) if isinstance(err, Unreachable) else f"The connection failed ({type(err).__name__})."
