"""One HTTP question to a provider and its answer, within limits of time and size, whatever the other side does."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from requests import PreparedRequest, Response

from portal.domain.errors import ProviderUnavailable
from portal.providers import json_fields

MOST_BYTES = 1024 * 1024
CONNECT_SECONDS = 3
_PIECE = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back. ``said`` is None unless the body was JSON."""

    status: int
    said: object = None

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def fields(self) -> Mapping[str, object]:
        """Its named values; none when the answer is something else."""
        return self.said if isinstance(self.said, Mapping) else {}


@dataclass(frozen=True, kw_only=True)
class Http:
    """The way to one provider's server."""

    name: str
    """What people call it, for the sentence when it does not answer."""
    base_url: str
    timeout_seconds: int = 10
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(self, verb: str, path: str, *, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Ask once. Redirects are not followed: a provider's answer comes from the provider.

        :raises ProviderUnavailable: no connection, too slow, too long, or cut short.
        """
        address = f"{self.base_url.rstrip('/')}{path}"
        check_address(address)
        until = time.monotonic() + self.timeout_seconds
        try:
            with requests.Session() as session:
                answer = session.request(
                    verb,
                    address,
                    data=body,
                    headers={"Accept": "application/json", "Accept-Encoding": "identity", **headers},
                    timeout=(min(CONNECT_SECONDS, self.timeout_seconds), self.timeout_seconds),
                    allow_redirects=False,
                    stream=True,
                    auth=_as_it_is,
                )
                return Reply(status=answer.status_code, said=_json(self._read(answer, until)))
        except requests.Timeout as err:
            raise self._too_slow() from err
        except (OSError, ValueError) as err:  # What requests raises is an OSError; bad addresses are ValueErrors.
            raise ProviderUnavailable(f"{self.name} cannot be reached at the moment.") from err

    def _read(self, answer: Response, until: float) -> bytes:
        body = b""
        for piece in iter(lambda: _next(answer), b""):
            body += piece
            if len(body) > MOST_BYTES:
                raise ProviderUnavailable(f"{self.name} gave an answer that is too long.")
            if time.monotonic() > until:
                raise self._too_slow()
        return body

    def _too_slow(self) -> ProviderUnavailable:
        return ProviderUnavailable(f"{self.name} did not answer within {self.timeout_seconds} seconds.")


def check_address(address: str) -> None:
    """:raises ProviderUnavailable: not something that a server may be asked over."""
    try:
        parts = urlsplit(address)
    except ValueError as err:
        raise ProviderUnavailable("The provider's address is not a web address.") from err
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ProviderUnavailable("The provider's address must begin with https:// or http://.")


def _as_it_is(request: PreparedRequest) -> PreparedRequest:
    """Without this, requests would put the credentials of a .netrc file in place of ours."""
    return request


def _next(answer: Response) -> bytes:
    """What has come so far: waiting for a whole piece would let a slow sender outlast the limit."""
    try:
        piece: bytes = answer.raw.read1(_PIECE, decode_content=True)
    except Exception as err:
        raise ConnectionError("The answer was cut short.") from err
    return piece


def _json(body: bytes) -> object:
    """Providers answer errors, and sometimes successes, with HTML or nothing at all."""
    try:
        return json_fields.parse(body)
    except json_fields.NotJson:
        return None
