"""What can be set for a provider, its default, and why."""

import json
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import timedelta

from portal.domain.errors import BadInput
from portal.domain.text import numbers
from portal.models import Provider

#: Who is silent for less is not looked at: the exam page itself speaks only every few seconds.
LEAST_PATIENCE_SECONDS = 60
DAY_SECONDS = 24 * 3600
#: What a number may be, in seconds; checked before anybody calculates with it.
WITHIN = {
    "timeout_seconds": (1, 30, "the learner waits during this time"),
    "patience_seconds": (LEAST_PATIENCE_SECONDS, DAY_SECONDS, "the portal ignores shorter connection losses"),
    "auto_resume_seconds": (0, 7 * DAY_SECONDS, "after this time, a person must decide"),
    "ping_interval_seconds": (10, 600, "the exam page checks at this interval"),
    "dashboard_seconds": (1, DAY_SECONDS, "anyone with the link can open the dashboard"),
}


@dataclass(frozen=True, kw_only=True)
class ProviderOptions:
    """One provider's settings. Lengths of time are in seconds."""

    token_path: str = "/oauth2/access_token"
    timeout_seconds: int = 10
    """How long a learner may be kept waiting for it."""
    patience_seconds: int = 180
    """Silence after which a running exam counts as interrupted and its clock stops. Shorter than a minute is none."""
    auto_resume_seconds: int = 900
    """Reconnected within this time, the exam resumes by itself; later a person decides."""
    ping_interval_seconds: int = 60
    after_silence: str = "wait"
    """``wait``: the clock stands until a person decides. ``ignore``: silence changes nothing."""
    forbids_reentry: bool = False
    """Whether going back to the set-up ends a running exam; some kinds have another default."""
    supports_onboarding: bool = False
    has_dashboard: bool = True
    passing_statuses: str = ""
    """Standard words, separated by commas, that pass without a person; empty: the kind's own."""
    sends_name: bool = True
    sends_email: bool = True
    dashboard_seconds: int = 60
    """How long a link to the dashboard works."""
    worker_js_url: str = ""
    """The provider's script for the exam page (edx-proctoring's worker messages)."""
    worker_needs_external_id: bool = False
    """Whether that script must be told the provider's own name of the attempt; else it gets our reference."""
    desktop_base_url: str = ""
    default_rules: str = ""
    allows_review_updates: bool = True
    register_url: str = ""
    organization: str = ""
    exam_sponsor: str = ""
    secret_key_id: str = ""
    software_download_url: str = ""
    """PSI: where a learner gets its software; ``{code}`` in it becomes the exam's code, else it is added to it."""
    launch_needs_token: bool = True
    """PSI: whether a launch needs the proof in the address we registered. Off only while attempts that were
    registered by an older release of this portal are still to be taken."""
    script: str = ""
    """Practice: what the built-in proctor does by itself, such as ``ready:2,review:10``."""

    @property
    def patience(self) -> timedelta:
        return timedelta(seconds=max(self.patience_seconds, LEAST_PATIENCE_SECONDS))

    @property
    def auto_resume(self) -> timedelta:
        return timedelta(seconds=self.auto_resume_seconds)


#: Options that are kept encrypted, and never shown, printed or logged: what each is for.
SECRET = {
    "secret_key": "PSI: signs our registrations.",
    "crypto_key": "PSI: encrypts the exam password (24 bytes).",
    "callback_token": "PSI: required in the path of its review callback or as its HTTP Basic password.",
}
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


def of(provider: Provider) -> ProviderOptions:
    """The record's options over the defaults. Keys of another release are left alone."""
    known = {field.name for field in fields(ProviderOptions)}
    return ProviderOptions(**{key: value for key, value in provider.options.items() if key in known})


def secrets_of(provider: Provider) -> dict[str, str]:
    """The options of :data:`SECRET` that are set. Costs a query unless the column was loaded."""
    return dict(json.loads(provider.secret_options)) if provider.secret_options else {}


def read(key: str, value: str) -> object:
    """An option as a person typed it, in the type it is kept in.

    :raises BadInput: there is no such option, or the value is not of its type.
    """
    defaults = {field.name: field.default for field in fields(ProviderOptions)}
    if key in SECRET:
        return value
    if key not in defaults:
        raise BadInput("option", f"There is no option {key}. Options: {', '.join(sorted([*defaults, *SECRET]))}.")
    if isinstance(defaults[key], bool):
        return _yes_or_no(key, value)
    if isinstance(defaults[key], int):
        return check_number(key, _whole(key, value, defaults[key]))
    return value


def _whole(key: str, value: str, usual: object) -> int:
    with suppress(ValueError):
        if (count := numbers.whole(value)) >= 0:
            return count
    raise BadInput("option", f"{key} must be a whole number of at most nine digits such as {usual}, not {value[:40]}.")


def check_number(key: str, value: int) -> int:
    """The number itself. :raises BadInput: it is outside what makes sense for this option."""
    least, most, why = WITHIN.get(key, (0, 10**9, "it is a number of seconds"))
    if not least <= value <= most:
        raise BadInput("option", f"{key} must be between {least} and {most}, because {why}.")
    return value


def _yes_or_no(key: str, value: str) -> bool:
    word = value.strip().lower()
    if word not in TRUE | FALSE:
        raise BadInput("option", f"{key} must be yes or no, not {value}.")
    return word in TRUE
