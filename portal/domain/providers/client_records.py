"""Adds machines that may call us, and changes their secrets; what is kept of a secret is a hash."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.domain.errors import BadInput, NotFound
from portal.domain.providers import api_clients, scopes
from portal.models import ApiClient, Provider

SECRET_BYTES = 32
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@:-]{0,99}")


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def add(client_id: str, *, provider: Provider | None, secret: str, now: datetime) -> ApiClient:
    """Without ``provider`` it is a platform. :raises BadInput: the name is taken, or cannot be one."""
    if _NAME.fullmatch(client_id) is None:
        raise BadInput("client_id", "Use only letters, digits, hyphens and underscores, such as provider-1.")
    if api_clients.find(client_id) is not None:
        raise BadInput("client_id", f"The client {client_id} already exists. `client rotate` gives it a new secret.")
    client = ApiClient(
        client_id=client_id,
        provider_id=provider.id if provider else None,
        secret_hash=_hashed(secret),
        scopes=list(scopes.OF_PROVIDERS) if provider else [],
        is_enabled=True,
        created_at=now,
    )
    db.session.add(client)
    return client


def rotate(client: ApiClient, secret: str) -> None:
    """Give it a new secret. The one before stays good until the next change, so that nobody is cut off."""
    client.previous_secret_hash, client.secret_hash = client.secret_hash, _hashed(secret)


def forget_previous(client: ApiClient) -> None:
    client.previous_secret_hash = None


def switch(client: ApiClient, *, on: bool) -> None:
    client.is_enabled = on


def get(client_id: str) -> ApiClient:
    """:raises NotFound: no such client."""
    client = api_clients.find(client_id)
    if client is None:
        raise NotFound(f"There is no client {client_id}.")
    return client


def list_all() -> Sequence[ApiClient]:
    query = select(ApiClient).options(joinedload(ApiClient.provider)).order_by(ApiClient.client_id)
    return db.session.scalars(query).all()


def _hashed(secret: str) -> str:
    if not secret or not secret.isprintable():
        raise BadInput("secret", "Enter the secret as one line of text.")
    return api_clients.hash_secret(secret)
