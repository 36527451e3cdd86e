"""What the portal asks of a proctoring provider and hears from it: the port that every kind implements.

The rules meet only this file, and nobody outside ``portal.providers`` asks which kind a provider is. What just some
providers can do is a small protocol of its own. The words and paths behind it are those of the edx-proctoring REST
provider protocol and of PSI RPNow.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from portal.domain.providers.facts import (
    Configuration,
    DashboardRequest,
    ExamFacts,
    Named,
    Place,
    Registered,
    ReviewReceived,
    Seen,
)
from portal.models import Provider, ProviderKind

#: The four standard words of a review.
PASSED, VIOLATION, SUSPICIOUS, NOT_REVIEWED = "passed", "violation", "suspicious", "not_reviewed"


class ProctoringProvider(Protocol):
    """Every kind. Network calls have time limits, and are made outside any transaction.

    Each raises :class:`ProviderUnavailable` when no usable answer came; a job may repeat each.
    """

    slug: str
    passing: frozenset[str]
    """Standard words that count as passed without a person."""
    supports_onboarding: bool
    listens: bool
    """Whether there is a server outside that may speak for it, and is told what happens."""
    forbids_reentry: bool
    """Whether going back to the set-up ends a running exam."""

    def save_exam(self, exam: ExamFacts) -> str | None:
        """Tell the provider about an exam; its name for it, or None when it keeps no exams."""

    def register(self, place: Place) -> Registered:
        """Ask for a place. The learner waits, so answer fast or fail.

        :raises ProviderRefused: the provider understood, and said no.
        """

    def see(self, named: Named, languages: Sequence[str]) -> Seen:
        """How to get ready; called while the learner waits."""

    # The next four return None where the provider said yes; otherwise a sentence for the provider log: why it was not
    # told, or what it said instead. A repeat would change nothing.

    def start(self, named: Named) -> str | None: ...

    def stop(self, named: Named) -> str | None: ...

    def fail(self, named: Named) -> str | None: ...

    def remove(self, named: Named) -> str | None: ...

    def read_review(self, said: Mapping[str, object]) -> ReviewReceived:
        """What a review's body means. Pure. :raises BadInput: it has not the shape this provider agreed to."""


class Kind(Protocol):
    """A kind of provider, before anybody is spoken with: what its records need, and how its learners meet it."""

    kind: ProviderKind
    usual_options: Mapping[str, bool]
    """Written into a new record; see :mod:`portal.domain.providers.provider_options`."""
    has_own_browser: bool
    """Whether a running exam is for the provider's own browser only, which shows that the provider has launched it."""
    shows_code: bool
    """Whether the provider's software asks the learner for the attempt's code, so that our pages show it."""

    def __call__(self, record: Provider, secrets: Mapping[str, str]) -> ProctoringProvider: ...

    def check_record(self, record: Provider) -> None:
        """:raises BadInput: a provider with this record could never work."""

    def missing(self, record: Provider) -> list[str]:
        """Options without which it cannot be used yet, in the words of the command line."""


@runtime_checkable
class ChecksCredentials(Protocol):
    credentials: str
    """What they are, in a word for the person who sets the provider up."""

    def check_credentials(self) -> None:
        """:raises ProviderUnavailable: some are missing, or the provider does not take them."""


@runtime_checkable
class KeepsExams(Protocol):
    def save_exam(self, exam: ExamFacts) -> str | None: ...

    def read_exam(self, external_id: str) -> Mapping[str, object] | None:
        """The exam as the provider keeps it; None when it does not know it."""


@runtime_checkable
class IsConfigured(Protocol):
    def configuration(self, languages: Sequence[str]) -> Configuration: ...


@runtime_checkable
class HasDashboard(Protocol):
    def dashboard_url(self, wanted: DashboardRequest) -> str | None:
        """A link that carries its own key: made at click time, never put in a page."""


@runtime_checkable
class HasPlayer(Protocol):
    def player_url(self, video_url: str) -> str | None:
        """Where a recording is best watched; None: where its link says."""


@runtime_checkable
class Retires(Protocol):
    slug: str

    def retire(self, pairwise_id: str) -> str | None:
        """Forget a learner. None: it has; otherwise a sentence: it never will, however often it is asked.

        :raises ProviderUnavailable: not yet.
        """
