"""A learner's own pages: what to do and when, the entry of an exam, and how they like the time shown."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain.attempts import attempts, eligibility, exam_list
from portal.domain.attempts.exam_list import ListedExam
from portal.domain.courses import versions
from portal.domain.onboarding import profiles
from portal.domain.reviews import outcome
from portal.domain.timekeeping import exam_clock
from portal.web.gate.guards import me, my_exam
from portal.web.learner import beginning

bp = Blueprint("learner", __name__)


@bp.get("/me/exams/")
@login_required
def exams() -> ResponseReturnValue:
    now = clock.now()
    listed = exam_list.list_for(me(), now=now)
    places: dict[str, list[ListedExam]] = {name: [] for name in ("running", "open", "coming", "reviewed", "past")}
    for one in listed:
        places[one.place(now=now)].append(one)
    has_checks = any(one.exam.is_onboarding for one in listed)
    ending = profiles.ending_soon(me(), now=now) if has_checks else []
    return render_template("learner/exams.html", places=places, listed=listed, ending=ending, now=now)


@bp.get("/exams/<slug>/")
@login_required
def entry(slug: str) -> ResponseReturnValue:
    """Decide to begin: the numbers, and one thing to press, or why there is nothing to press."""
    exam, now = my_exam(slug), clock.now()
    attempt = attempts.find_latest(exam, me())
    facts = exam_list.facts_of(exam, me(), attempt, now=now)
    reason = None if attempt and attempt.is_live else eligibility.why_not(exam, me(), now=now)
    version = versions.find_latest(exam.id)
    return render_template(
        "learner/entry.html",
        exam=exam,
        facts=facts,
        attempt=attempt,
        shown=outcome.shown(attempt, outcome.chain_of(attempt)) if attempt else None,
        reason=reason,
        version=version,
        ends_at=exam_clock.deadline_of(attempt, now=now) if attempt else None,
        now=now,
        **(beginning.entry_facts(exam, attempt) if exam.is_proctored else {}),
    )


@bp.post("/exams/<slug>/begin")
@login_required
def begin(slug: str) -> ResponseReturnValue:
    """Open an attempt (or find the one that is open). The clock does not start here."""
    with writing():
        exam = my_exam(slug)
        asks_provider = exam.is_proctored and eligibility.needs_provider(exam, attempts.find_latest(exam, me()))
        ref = "" if asks_provider else attempts.create(exam, me(), now=clock.now()).ref
    return redirect(url_for("attempt.router", ref=ref), 303) if ref else beginning.begin(my_exam(slug))


from portal.web.learner import settings, window  # noqa: E402, F401 - each adds its part to ``bp``.
