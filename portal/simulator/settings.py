"""How a simulated provider behaves, and how it can be told to misbehave."""

from dataclasses import dataclass, field
from typing import Literal, get_args

#: ``strict``: wants a JSON body with every verb, as some providers on modern Flask do by accident.
Misbehaviour = Literal["slow", "500", "html", "wrong-token", "duplicate", "late", "out-of-order", "garbage", "strict"]
MISBEHAVIOURS: tuple[str, ...] = get_args(Misbehaviour)
REVIEWS = ("passed", "violation", "suspicious", "not_reviewed")


@dataclass(kw_only=True)
class Settings:
    """May be changed while it runs, from its control page. Lengths of time are in seconds."""

    portal: str
    """Where the portal is; it is called there, whatever host a registration names."""
    client_id: str
    client_secret: str
    """One pair for both directions: what the portal gave us, and what it shows us."""
    ready_after: float = 2
    review_after: float = 10
    review: str = "passed"
    needs_onboarding: bool = False
    """Whether a proctored exam is refused until the learner's onboarding is approved."""
    misbehave: set[str] = field(default_factory=set)
    slow_seconds: float = 15
    """Longer than the portal waits."""
    late_seconds: float = 60
    retry_seconds: float = 1
