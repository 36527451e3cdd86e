"""What a person must hear about a provider's report: it is suspicious, or it says what the attempt cannot become."""

from datetime import datetime

from portal.domain.lifecycle import status_labels
from portal.domain.outbox import cases
from portal.domain.providers.port import SUSPICIOUS
from portal.domain.reviews import verdicts
from portal.models import Attempt, CaseKind, Decision, Review, User
from portal.models import AttemptStatus as S

#: These wait in the reviewers' queue until somebody decides or closes them.
WAITS_FOR_REVIEWER = frozenset({CaseKind.CONTRADICTORY_REVIEW, CaseKind.REPORT_TO_DECIDE})
#: A person's decision answers all of these.
ANSWERED_BY_DECISION = WAITS_FOR_REVIEWER | {CaseKind.SUSPICIOUS}
FAILING = frozenset({S.REJECTED, S.SECOND_REVIEW_REQUIRED})


def open_for(review: Review, attempt: Attempt, wanted: S, unsent: Decision | None, *, now: datetime) -> str:
    """Open a case where a person is needed, or count one more on it; what is to be noted beside the report.

    ``wanted``: the status that the report calls for. ``unsent``: a decision that somebody has made and not sent.
    """
    if attempt.archived_at is not None:
        return "The attempt was already reset, so its status did not change."
    stands = verdicts.BECAME[unsent.verdict] if unsent else attempt.status
    if _agree(wanted, stands):
        if review.status == SUSPICIOUS and attempt.status in FAILING and _needs_person(review, attempt):
            said = f"{attempt.exam.name}: the proctoring provider marked an attempt as suspicious."
            _count(CaseKind.SUSPICIOUS, said, review, attempt, now=now)
        return ""
    note = f"it is still {status_labels.of(stands)}"
    if unsent is not None:
        note = f"{unsent.reviewer.name} has just made a different decision"
    note = f"It would have made the attempt {status_labels.of(wanted)}; {note}."
    is_first = review.number == 1 and unsent is None
    kind = CaseKind.REPORT_TO_DECIDE if is_first else CaseKind.CONTRADICTORY_REVIEW
    _count(kind, f"{attempt.exam.name}: {_TITLES[kind]} {note}", review, attempt, now=now)
    return note


def answer_all(attempt: Attempt, by: User, said: str, *, until: datetime, now: datetime) -> None:
    """A decision made at ``until`` answers what was known then; a report that came later still waits."""
    for case in cases.open_about(attempt, ANSWERED_BY_DECISION):
        if (case.last_at or case.opened_at) <= until:
            cases.close(case, by, note=f"Decided: {said}.", now=now)


_TITLES = {
    CaseKind.CONTRADICTORY_REVIEW: "a provider report contradicts the current result.",
    CaseKind.REPORT_TO_DECIDE: "a reviewer must decide on a provider report.",
}


def _agree(wanted: S, stands: S) -> bool:
    """A machine that asks for a second review has no quarrel with a person who did not accept."""
    return wanted is stands or (wanted in FAILING and stands in FAILING)


def _needs_person(review: Review, attempt: Attempt) -> bool:
    is_practice = attempt.is_sample and not attempt.exam.is_onboarding
    return not review.is_by_person and review.is_current and not is_practice


def _count(kind: CaseKind, text: str, review: Review, attempt: Attempt, *, now: datetime) -> None:
    # The first report needs no look for an earlier case; the provider waits for the answer.
    take = cases.open_new if review.number == 1 else cases.count_in
    key = f"{attempt.ref}.{kind}"
    take(kind, text, key=key, course_id=attempt.exam.course_id, attempt=attempt, now=now)
