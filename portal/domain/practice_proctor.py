"""What the built-in proctor can do: the same verbs that a vendor's messages reach, and only on its own attempts."""

from datetime import datetime

from portal.domain import attempts, heartbeats, history, readying, reports, time_account
from portal.domain.errors import BadInput, NotAllowed, NotNow
from portal.domain.history import Actor, Deed
from portal.domain.proctoring import CommentReceived, ReviewReceived
from portal.domain.reviews import LEGACY, Source
from portal.models import Attempt, EndedBy, Event, HeardFrom, Provider, TimeEntryKind

#: deed -> what its button says.
DEEDS = {
    "ready": "The learner is ready",
    "reject_id": "Reject the ID",
    "flag": "Flag an incident",
    "drop": "Lose the connection",
    "silent": "Go silent",
    "return": "Reconnect",
    "finish": "Finish the exam",
    "review": "Report",
}
#: Of these nothing comes but a line of history.
NOTED = {"reject_id": Event.PROCTOR_REJECT_ID, "flag": Event.PROCTOR_FLAG}


def act(attempt: Attempt, provider: Provider, deed: str, *, review: Source, word: str = "", now: datetime) -> None:
    """Do one thing. Most do nothing when there is nothing to do.

    :raises NotAllowed: the attempt is another provider's. :raises BadInput: there is no such deed or word.
    """
    if not provider.is_built_in or attempt.provider_slug != provider.slug:
        raise NotAllowed("The practice proctor watches only attempts that are registered with it.")
    if deed not in DEEDS:
        raise BadInput("deed", "The practice proctor can: %(deeds)s.", deeds=", ".join(DEEDS))
    who = Deed(actor=Actor.PROVIDER, reason=f"Practice proctor: {DEEDS[deed].lower()}.")
    if deed == "ready":
        readying.make_ready(attempt, who, now=now)
    elif deed == "finish":
        attempts.hand_in(attempt, who, ended_by=EndedBy.PROVIDER, now=now)
    elif deed == "review":
        _report(attempt, review, word, now=now)
    elif deed in NOTED:
        history.record(attempt, who, from_status=attempt.status, now=now, event=NOTED[deed])
    else:
        _connection(attempt, provider, deed, who, now=now)


def _connection(attempt: Attempt, provider: Provider, deed: str, who: Deed, *, now: datetime) -> None:
    """Drop stops the clock at once; silence is left to the patience of the job; coming back is a sign of life."""
    heartbeats.hear(attempt.id, HeardFrom.PROVIDER, now=now, failed=deed != "return", detail=deed)
    if deed == "drop" and attempt.is_running:
        time_account.stand_still(attempt, TimeEntryKind.INTERRUPTION, who, now=now)
    if deed == "return" and attempt.is_running:
        heartbeats.attend(attempt, provider, now=now)


def _report(attempt: Attempt, source: Source, word: str, *, now: datetime) -> None:
    if word not in LEGACY:
        raise BadInput("word", "A report is one of: %(words)s.", words=", ".join(LEGACY))
    if attempt.completed_at is None:
        raise NotNow("The exam is not over yet. Finish it first.")
    length = int((attempt.completed_at - (attempt.started_at or attempt.completed_at)).total_seconds())
    seen = CommentReceived(
        comment="Something for a person to look at.",
        vendor_status=LEGACY[word],
        start_seconds=length // 3,
        stop_seconds=length // 3 + 12,
        duration_seconds=12,
    )
    said = ReviewReceived(status=word, vendor_status=LEGACY[word], comments=() if word == "passed" else (seen,))
    reports.receive(attempt, said, source, None, now=now)
