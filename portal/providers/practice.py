"""The proctor inside this portal, to try everything with: no network, and nothing from outside is ever accepted."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from portal.domain.errors import BadInput
from portal.domain.proctoring import practice_proctor
from portal.domain.providers import provider_options
from portal.domain.providers.facts import Configuration, ExamFacts, Named, Place, Registered, ReviewReceived, Seen
from portal.domain.providers.port import PASSED
from portal.models import Provider, ProviderKind
from portal.providers import reviews

_CUE = re.compile(r"([a-z_]+):(\d{1,5})(?:=([a-z_]+))?")


@dataclass(frozen=True, kw_only=True)
class Cue:
    """One thing to do by itself: ready counts from the registration, review from the end, others from the start."""

    action: str
    after_seconds: int
    review: str = ""
    """For a review: which word."""


class PracticeProvider:
    """Its buttons call the same verbs as a provider's messages do, and only on attempts registered with it."""

    kind = ProviderKind.PRACTICE
    usual_options: ClassVar[Mapping[str, bool]] = {}
    has_own_browser = False
    shows_code = False
    listens = False

    def __init__(self, record: Provider, secrets: Mapping[str, str]) -> None:
        self.slug = record.slug
        self.options = provider_options.of(record)
        words = {word.strip() for word in self.options.passing_statuses.split(",") if word.strip()}
        self.passing = frozenset(words) or frozenset({PASSED})
        self.supports_onboarding = self.options.supports_onboarding
        self.forbids_reentry = self.options.forbids_reentry
        self._name = record.name

    @staticmethod
    def check_record(record: Provider) -> None:
        read_script(provider_options.of(record).script)

    @staticmethod
    def missing(record: Provider) -> list[str]:
        return []

    def configuration(self, languages: Sequence[str]) -> Configuration:
        return Configuration(name=self._name)

    def save_exam(self, exam: ExamFacts) -> str | None:
        return None

    def register(self, place: Place) -> Registered:
        return Registered(external_id=secrets.token_hex(16))

    def see(self, named: Named, languages: Sequence[str]) -> Seen:
        return Seen()

    def start(self, named: Named) -> None:
        """It sees the attempt itself."""

    def stop(self, named: Named) -> None:
        """It sees the attempt itself."""

    def fail(self, named: Named) -> None:
        """It sees the attempt itself."""

    def remove(self, named: Named) -> None:
        """It keeps nothing of its own."""

    def read_review(self, said: Mapping[str, object]) -> ReviewReceived:
        return reviews.read(said)

    def script(self) -> tuple[Cue, ...]:
        return read_script(self.options.script)


def read_script(text: str) -> tuple[Cue, ...]:
    """What ``ready:2,review:10=violation`` means. :raises BadInput: a cue that the proctor does not know."""
    return tuple(_cue(part.strip()) for part in text.split(",") if part.strip())


def _cue(part: str) -> Cue:
    found = _CUE.fullmatch(part)
    if found is None or found[1] not in practice_proctor.ACTIONS or (found[3] and found[1] != "review"):
        raise BadInput("option", f"script: {part} is not a cue such as ready:2 or review:10=violation.")
    if found[3] and found[3] not in reviews.WORDS:
        raise BadInput("option", f"script: a review is one of {', '.join(reviews.WORDS)}; not {found[3]}.")
    review = (found[3] or PASSED) if found[1] == "review" else ""
    return Cue(action=found[1], after_seconds=int(found[2]), review=review)
