"""What a status page tells of a review: of one attempt, or of all recordings of a resumed exam together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from portal.domain.attempts import learner_messages
from portal.domain.reviews import appeals, outcome, review_versions
from portal.domain.reviews.outcome import Chain
from portal.models import Appeal, Attempt, Review, SupportCase
from portal.models import AttemptStatus as S

REVIEWING = frozenset({S.SUBMITTED, S.SECOND_REVIEW_REQUIRED})
JUDGED = REVIEWING | {S.VERIFIED, S.REJECTED}


@dataclass(frozen=True, kw_only=True)
class Result:
    """Where an attempt stands for its learner."""

    status: S
    """What its recordings come to together."""
    page: str
    """The template that says so."""
    chain: Chain
    """All recordings of the exam, oldest first; one, unless it was resumed."""
    review: Review | None
    """What counts now, of the recording that the result hangs on."""
    appeal: Appeal | None
    messages: Sequence[SupportCase]
    """What the learner wrote to the course team, with the answers."""
    appeal_until: datetime | None
    """Until when the learner may appeal; None where there is nothing to appeal against."""

    @property
    def is_waiting(self) -> bool:
        return self.status in REVIEWING

    @property
    def follows(self) -> Attempt | None:
        """Where the learner continued, seen from an earlier recording while the whole is not decided."""
        return self.chain[-1] if self.status is S.ERROR and len(self.chain) > 1 else None

    @property
    def mark(self) -> str:
        """Another one means that there is something new to read."""
        said = [f"{one.id}{one.status}{one.resume_state}" for one in self.chain]
        review, appeal = self.review, self.appeal
        answered = [one.closed_at for one in self.messages if one.closed_at]
        return "/".join(
            [*said, str(review.id if review else 0), str(appeal.answered_at if appeal else 0), str(answered)]
        )

    @property
    def may_change(self) -> bool:
        """Whether the learner waits for somebody, so that the page looks again by itself."""
        is_asked = self.appeal is not None and self.appeal.answered_at is None
        is_asked = is_asked or any(one.closed_at is None for one in self.messages)
        newest = self.chain[-1]
        return self.is_waiting or is_asked or (self.status is S.ERROR and not newest.is_live)


def of(attempt: Attempt) -> Result:
    """For the page of one attempt. Five queries at most."""
    chain = outcome.chain_of(attempt)
    status = outcome.shown(attempt, chain)
    has_appeal = status in {S.REJECTED, S.VERIFIED} or (status in REVIEWING and len(chain) > 1)
    days = int(current_app.config["APPEAL_DAYS"])
    return Result(
        status=status,
        page=_page(attempt, status),
        chain=chain,
        review=review_versions.current(outcome.decisive(attempt, chain)) if attempt.provider_slug else None,
        appeal=appeals.find(attempt, chain) if has_appeal else None,
        messages=learner_messages.list_for(attempt) if attempt.provider_slug else (),
        appeal_until=appeals.until(attempt, chain, days=days) if status is S.REJECTED else None,
    )


def _page(attempt: Attempt, status: S) -> str:
    """Named after the status, but for what was reset, and for what a provider makes of practice and of onboarding."""
    if attempt.archived_at is not None:
        return "reset"
    if attempt.is_sample and attempt.provider_slug and status in JUDGED:
        return "identity_check" if attempt.exam.is_onboarding else "practice"
    return status.value
