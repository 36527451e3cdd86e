"""What a machine that calls us may do: the scopes it holds, what a token was given, and what that covers."""

from collections.abc import Iterable

from portal.models import ApiClient

#: Say that a learner is ready to start.
CALLBACK = "attempts:callback"
#: Report what was seen in a recording.
REVIEWS = "reviews:write"
#: What a provider's client may do.
OF_PROVIDERS = (CALLBACK, REVIEWS)
#: What clients written for edX ask for: ``read`` is whatever reads, ``write`` is everything else, of what is held.
READ, WRITE = "read", "write"


def held(client: ApiClient) -> tuple[str, ...]:
    """What this client may do; a record without scopes has those of its kind."""
    kept = tuple(str(scope) for scope in client.scopes)
    return kept or (OF_PROVIDERS if client.provider_id is not None else (READ, WRITE))


def granted(asked: Iterable[str], client: ApiClient) -> list[str]:
    """Which of the words that were asked for mean something that the client holds, each once. Nothing asked: all.

    ``read write`` stays whole: stock clients take a shorter answer for a fault.
    """
    words, mine = list(dict.fromkeys(asked)), held(client)
    if not words:
        return list(mine) if client.scopes else [READ, WRITE]
    meant = {word for word in words if any(covers([word], scope, client) for scope in mine)}
    if meant & {READ, WRITE}:
        meant |= {READ, WRITE} & set(words)
    return [word for word in words if word in meant]


def covers(words: Iterable[str], needed: str, client: ApiClient) -> bool:
    """Whether a token with these words may do ``needed``: only what its client holds at this moment."""
    broad = READ if needed == READ or needed.endswith(":read") else WRITE
    return needed in held(client) and not {needed, broad}.isdisjoint(words)
