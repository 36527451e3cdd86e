"""The ways a rule says no. Each carries a plain sentence for the person who asked."""


class PortalError(Exception):
    """A refusal. ``code`` is for machines, ``str()`` is for people.

    ``sentence`` and ``values`` are what a door needs that speaks the person's own language.
    """

    code = "refused"

    def __init__(self, sentence: str, **values: object) -> None:
        self.message = sentence % values if values else sentence
        super().__init__(self.message)
        self.sentence, self.values = sentence, values


class NotFound(PortalError):
    code = "not_found"


class NotAllowed(PortalError):
    code = "not_allowed"


class NotNow(PortalError):
    """The request is fine, the moment is not: not open yet, closed, none left, running elsewhere."""

    code = "not_now"


class TooLate(PortalError):
    code = "late"


class BadInput(PortalError):
    """A field cannot be used; says which and how to mend it."""

    code = "bad_input"

    def __init__(self, field: str, sentence: str, **values: object) -> None:
        super().__init__(sentence, **values)
        self.field = field


class Conflict(PortalError):
    """Somebody else changed it since the person looked; carries what stands there now."""

    code = "conflict"

    def __init__(self, message: str, *, current: dict[str, object]) -> None:
        super().__init__(message)
        self.current = current


class IllegalTransition(PortalError):
    code = "illegal_transition"


class LimitReached(PortalError):
    """Too many for now; says in how many seconds to come back."""

    code = "limit_reached"

    def __init__(self, sentence: str, *, retry_after_seconds: int, **values: object) -> None:
        super().__init__(sentence, **values)
        self.retry_after_seconds = retry_after_seconds


class ProviderUnavailable(PortalError):
    code = "provider_unavailable"


class SecretLocked(ProviderUnavailable):
    """A stored secret was encrypted under a secret key that this portal does not know any more."""

    code = "secret_locked"

    def __init__(self, whose: str) -> None:
        super().__init__(
            "%(whose)s cannot be decrypted with the present PORTAL_SECRET_KEY. Run `flask secret-key check` for help.",
            whose=whose,
        )


class ProviderRefused(PortalError):
    """A provider understood the question and said no."""

    code = "provider_refused"


def sentence(text: str) -> str:
    """Marks a text that a page shows as it is, so that it is found for the catalogues."""
    return text
