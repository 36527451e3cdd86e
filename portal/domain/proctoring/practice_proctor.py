"""What the built-in proctor can do: the same verbs that a provider's messages reach, and only on its own attempts."""

from datetime import datetime

from portal.domain.attempts import attempts
from portal.domain.errors import BadInput, NotAllowed, NotNow
from portal.domain.lifecycle import history
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import heartbeats, setup
from portal.domain.providers.facts import CommentReceived, ReviewReceived
from portal.domain.reviews import provider_reports
from portal.domain.reviews.verdicts import LEGACY, Source
from portal.domain.timekeeping import time_account
from portal.models import Attempt, EndedBy, Event, HeardFrom, Provider, TimeEntryKind

#: action -> what its button says.
ACTIONS = {
    "ready": "Mark learner as ready",
    "reject_id": "Reject the ID",
    "flag": "Flag an incident",
    "drop": "Lose the connection",
    "silent": "Stop responding",
    "return": "Reconnect",
    "finish": "Finish the exam",
    "review": "Report",
}
#: Of these nothing comes but a line of history.
NOTED = {"reject_id": Event.PROCTOR_REJECT_ID, "flag": Event.PROCTOR_FLAG}


def act(attempt: Attempt, provider: Provider, action: str, *, review: Source, word: str = "", now: datetime) -> None:
    """Do one thing. Most do nothing when there is nothing to do.

    :raises NotAllowed: the attempt is another provider's. :raises BadInput: there is no such action or word.
    """
    if not provider.is_built_in or attempt.provider_slug != provider.slug:
        raise NotAllowed("The practice proctor watches only attempts that are registered with it.")
    if action not in ACTIONS:
        known = ", ".join(ACTIONS)
        raise BadInput("action", "Use one of the actions of the practice proctor: %(actions)s.", actions=known)
    who = Cause(actor=Actor.PROVIDER, reason=f"Practice proctor: {ACTIONS[action].lower()}")
    if action == "ready":
        setup.make_ready(attempt, who, now=now)
    elif action == "finish":
        attempts.complete(attempt, who, ended_by=EndedBy.PROVIDER, now=now)
    elif action == "review":
        _report(attempt, review, word, now=now)
    elif action in NOTED:
        history.record(attempt, who, from_status=attempt.status, now=now, event=NOTED[action])
    else:
        _connection(attempt, provider, action, who, now=now)


def _connection(attempt: Attempt, provider: Provider, action: str, who: Cause, *, now: datetime) -> None:
    """Drop stops the clock at once; silence is left to the patience of the job; coming back is a sign of life."""
    heartbeats.hear(attempt.id, HeardFrom.PROVIDER, now=now, failed=action != "return", detail=action)
    if action == "drop" and attempt.is_running:
        time_account.pause_clock(attempt, TimeEntryKind.INTERRUPTION, who, now=now)
    if action == "return" and attempt.is_running:
        heartbeats.attend(attempt, provider, now=now)


def _report(attempt: Attempt, source: Source, word: str, *, now: datetime) -> None:
    if word not in LEGACY:
        raise BadInput("word", "Use one of these results for a report: %(words)s.", words=", ".join(LEGACY))
    if attempt.completed_at is None:
        raise NotNow("The exam is not over yet. Finish it first.")
    length = int((attempt.completed_at - (attempt.started_at or attempt.completed_at)).total_seconds())
    seen = CommentReceived(
        comment="A person should check this.",
        provider_status=LEGACY[word],
        start_seconds=length // 3,
        stop_seconds=length // 3 + 12,
        duration_seconds=12,
    )
    said = ReviewReceived(status=word, provider_status=LEGACY[word], comments=() if word == "passed" else (seen,))
    provider_reports.receive(attempt, said, source, None, now=now)
