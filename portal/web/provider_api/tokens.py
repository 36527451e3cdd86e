"""Where a machine gets its access token: OAuth2 client credentials, as RFC 6749 has them, served by Authlib."""

from collections.abc import Callable, Mapping
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.errors import (
    InvalidClientError,
    InvalidRequestError,
    InvalidScopeError,
)
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant as AuthlibsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.domain.providers import scopes
from portal.models import ApiClient
from portal.web.provider_api import access_tokens, bp, credentials
from portal.web.provider_api.authentication import REALM
from portal.web.provider_api.bodies import fields_of

#: What ``token_type`` of the answer says, by what was asked for; otherwise ``Bearer``, as every stock client expects.
#: edx-rest-api-client asks for ``jwt``.
TOKEN_TYPES = {"jwt": "JWT"}


class Asked(OAuth2Request):
    """A request for a token, wherever its fields came from.

    The address is a constant: Authlib refuses plain http by it, which is for the settings of this portal to do.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("POST", "https://portal.invalid/oauth2/access_token", headers=request.headers)
        self.payload = BasicOAuth2Payload(dict(fields))

    @property
    def form(self) -> Mapping[str, str]:
        return self.payload.data  # type: ignore[no-any-return]


class KnownClient(ClientMixin):
    """A client of ours, in Authlib's words."""

    def __init__(self, record: ApiClient) -> None:
        self.record = record

    def get_client_id(self) -> str:
        return self.record.client_id

    def get_allowed_scope(self, scope: str) -> str:
        """What of the wanted scopes it has; all it has when it wants nothing in particular."""
        return " ".join(scopes.granted((scope or "").split(), self.record))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return endpoint == "token"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"


class ClientCredentialsGrant(AuthlibsGrant):
    """Authlib's, with our way to know a client and our token."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["kept_secret"]

    def generate_token(self, *, scope: str | None = None, **rest: object) -> dict[str, object]:
        """:raises InvalidScopeError: nothing of what was asked for is held."""
        client, granted = self.request.client, self.request.client.get_allowed_scope(scope or "")
        if not granted:
            mine = " ".join(scopes.held(client.record))
            raise InvalidScopeError(f"This client does not have this scope. Ask for: {mine}; or leave scope out.")
        wanted = self.request.payload.data.get("token_type", "").lower()
        return {
            "access_token": access_tokens.issue(client.get_client_id(), granted.split(), now=clock.now()),
            "token_type": TOKEN_TYPES.get(wanted, "Bearer"),
            "expires_in": access_tokens.LASTS_SECONDS,
            "scope": granted,
        }


class UnknownClient(InvalidClientError):
    """Always the same refusal: whether a client exists is nobody's business."""

    def __init__(self) -> None:
        super().__init__(status_code=401, description="The client is unknown, or its secret is wrong.")

    def get_headers(self) -> list[tuple[str, str]]:
        kept = [one for one in super().get_headers() if one[0] != "WWW-Authenticate"]
        return [*kept, ("WWW-Authenticate", f'Basic realm="{REALM}", charset="UTF-8"')]


class Server(AuthorizationServer):
    """Authlib's, with our clients, our token and our answers. Nothing about a token is stored."""

    def create_oauth2_request(self, fields: Mapping[str, str]) -> Asked:
        return Asked(fields)

    def save_token(self, token: object, asked: object) -> None:
        """A token is proof by its signature; whether its client may still call is asked each time."""

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        answer = jsonify(dict(body))
        answer.status_code = status
        answer.headers.update({**dict(headers), "Cache-Control": "no-store", "Pragma": "no-cache"})
        return answer


def _who(query_client: Callable[[str], object], asked: Asked) -> KnownClient:
    """By HTTP Basic, form or JSON, whichever has it."""
    given = credentials.given(asked.form)
    record = credentials.check(given) if given else None
    if record is None:
        raise UnknownClient
    return KnownClient(record)


def _server() -> Server:
    server = Server()
    server.register_grant(ClientCredentialsGrant)
    server.register_client_auth_method("kept_secret", _who)
    return server


SERVER = _server()


@bp.post("/oauth2/access_token", strict_slashes=False)
def access_token() -> ResponseReturnValue:
    fields = fields_of(request)
    if not fields.get("grant_type"):
        # Authlib would call this an unsupported type.
        missing = InvalidRequestError("grant_type is missing. Send grant_type=client_credentials.")
        return SERVER.handle_error_response(None, missing)  # type: ignore[no-any-return]
    return SERVER.create_token_response(fields)  # type: ignore[no-any-return]
