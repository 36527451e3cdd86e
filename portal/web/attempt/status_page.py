"""The page of an attempt that is not running: its status, receipt, time account and what comes next."""

from datetime import datetime

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.domain.answers import answers, files, results, scores
from portal.domain.attempts import attempts, eligibility, exam_list, reopening
from portal.domain.lifecycle import history
from portal.domain.onboarding import profiles
from portal.domain.outbox import ledgers
from portal.domain.reviews import appeals, turnaround
from portal.domain.timekeeping import exam_clock, time_account
from portal.models import Attempt, LedgerEntry, ResumeState
from portal.web.attempt import bp
from portal.web.attempt.page import recordings
from portal.web.attempt.page.exam_page import ExamPage
from portal.web.gate.guards import me, my_attempt
from portal.web.gate.places import place_of


@bp.get("/status")
@login_required
def status(ref: str) -> ResponseReturnValue:
    """Receipt and result."""
    attempt, now = my_attempt(ref), clock.now()
    place = place_of(attempt, now=now)
    is_in_progress = exam_clock.state_of(attempt, now=now) == "in_progress"
    is_open_again = is_in_progress and reopening.was_reopened(attempt)
    if not place.endswith("/status") and not is_open_again:
        return redirect(place, 303)
    is_closing, page = attempt.is_running and not is_open_again, ExamPage(attempt, now)
    result = recordings.of(attempt)
    return render_template(
        f"attempt/status/{'closing' if is_closing else 'reopened' if is_open_again else result.page}.html",
        page=page,
        is_closing=is_closing,
        may_be_reopened=reopening.may_ever_be(attempt),
        shows_marks=scores.are_shown(attempt, now=now),
        late=answers.list_late(attempt),
        files_apart=files.apart(attempt, files.list_for(attempt, page.questions)),
        **_receipt(attempt, now),
        ledger=_ledger(attempt),
        result=result,
        shown=result.status,
        review=result.review,
        expected_at=turnaround.expected_at(attempt, now=now) if result.is_waiting else None,
        nothing_depends_on_it=appeals.nothing_depends_on(attempt),
        appeal=result.appeal,
        appeal_until=result.appeal_until,
        **_going_on(attempt, now),
    )


def _receipt(attempt: Attempt, now: datetime) -> dict[str, object]:
    """How the exam ended, and what comes of it."""
    return {
        "used_seconds": time_account.used_seconds(attempt),
        "ended_because": history.why_ended(attempt),
        "news": results.of_attempt(attempt, now=now),
    }


def _going_on(attempt: Attempt, now: datetime) -> dict[str, object]:
    """What a learner who may continue, or start again after a reset, would have, and why not if not now."""
    if attempt.archived_at is None and attempt.resume_state is not ResumeState.GRANTED:
        return {}
    latest = attempts.find_latest(attempt.exam, me())
    return {
        "latest": latest,
        "is_unblocked": attempt.archive_reason == profiles.UNBLOCKED,
        "facts": exam_list.facts_of(attempt.exam, me(), latest, now=now),
        "why_not": None if latest and latest.is_live else eligibility.why_not(attempt.exam, me(), now=now),
    }


def _ledger(attempt: Attempt) -> dict[str, LedgerEntry]:
    """What it has meant for credit and grade, also where its section has vanished since and nobody proctors it now.

    Nothing for what was reset: it no longer counts, although its ledgers hear of that a little later.
    """
    is_recorded = (attempt.exam.is_proctored or attempt.provider_slug) and attempt.archived_at is None
    return ledgers.in_force(ledgers.list_for(attempt)) if is_recorded else {}
