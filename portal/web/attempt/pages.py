"""Getting ready, the questions, the check of the answers, and the pages that wait."""

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from portal import clock
from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.courses import versions
from portal.domain.timekeeping import breaks, running_clock, time_account
from portal.models import TimeEntryKind
from portal.models.attempts.attempt import PRE_START
from portal.web.attempt import bp, one_window
from portal.web.attempt.page import last_place
from portal.web.attempt.page.exam_page import ExamPage, elsewhere, place_at
from portal.web.attempt.page.provider_page import hearing_of, provider_page
from portal.web.gate import browser_gate
from portal.web.gate.guards import my_attempt, my_held_attempt
from portal.web.gate.places import is_set_up, place_of


@bp.get("/")
@login_required
def router(ref: str) -> ResponseReturnValue:
    """Always works, and sends the person to the right step; in a running exam to the question they were at.

    ``?to=``: the number of that question, from a page that knows it; otherwise the one that this browser showed last,
    and in another browser the one with the newest answer.
    """
    attempt, now, number = my_attempt(ref), clock.now(), request.args.get("to", type=int)
    place = place_at(attempt, number, now=now)
    first = url_for(".question", ref=ref, number=1)
    if place == first and number is None and attempt.answered_count:
        return redirect(url_for(".question", ref=ref, number=ExamPage(attempt, now).last_number), 303)
    return redirect(place, 303)


@bp.get("/ready")
@login_required
def ready(ref: str) -> ResponseReturnValue:
    attempt, now = my_attempt(ref), clock.now()
    if attempt.status not in PRE_START or attempt.archived_at is not None or not is_set_up(attempt):
        return redirect(place_of(attempt, now=now), 303)
    facts, _ = running_clock.start_of(attempt, now=now)
    return render_template(
        "attempt/ready.html",
        attempt=attempt,
        exam=attempt.exam,
        facts=facts,
        is_closed=facts.closes_at is not None and now >= facts.closes_at,
        provider=provider_page(attempt),
        runs_elsewhere=attempts.clock_elsewhere(attempt),
    )


@bp.post("/start")
@login_required
def start(ref: str) -> ResponseReturnValue:
    """Start the clock. A second press, or a second tab, finds it running."""
    now = clock.now()
    with writing():
        attempt = my_held_attempt(ref)
        if attempt.archived_at is not None or (attempt.status in PRE_START and not is_set_up(attempt)):
            return redirect(place_of(attempt, now=now), 303)
        browser_gate.require(attempt)
        attempts.start(attempt, attempt.learner, now=now)
        if "plain_page" in request.form:
            time_account.extend_grace(attempt)
        one_window.enter(attempt, now=now)
        is_resuming = attempt.resumes_id is not None
    return redirect(url_for(".router", ref=ref) if is_resuming else url_for(".question", ref=ref, number=1), 303)


@bp.get("/exam/<int:number>")
@login_required
def question(ref: str, number: int) -> ResponseReturnValue:
    attempt, now = my_attempt(ref), clock.now()
    if away := elsewhere(attempt, number=number, now=now):
        return away
    page = ExamPage(attempt, now)
    if not 1 <= number <= len(page.questions):
        abort(404)
    shown = render_template("attempt/question.html", page=page, number=number, question=page.questions[number - 1])
    return last_place.keep(make_response(shown), attempt, number)


@bp.get("/check-answers")
@login_required
def check(ref: str) -> ResponseReturnValue:
    attempt, now = my_attempt(ref), clock.now()
    if away := elsewhere(attempt, now=now):
        return away
    return render_template("attempt/check.html", page=ExamPage(attempt, now, request.args.get("to", type=int)))


@bp.get("/end")
@login_required
def end(ref: str) -> ResponseReturnValue:
    """A page of its own before the point of no return."""
    attempt, now = my_attempt(ref), clock.now()
    if away := elsewhere(attempt, now=now):
        return away
    return render_template("attempt/end.html", page=ExamPage(attempt, now))


@bp.get("/interrupted")
@login_required
def interrupted(ref: str) -> ResponseReturnValue:
    attempt, now = my_attempt(ref), clock.now()
    number = request.args.get("to", type=int)
    place = place_at(attempt, number, now=now)
    if not place.partition("?")[0].endswith("/interrupted"):
        return redirect(place, 303)
    stopped = breaks.open_row(attempt)
    is_meant = stopped is not None and stopped.kind is not TimeEntryKind.INTERRUPTION
    return render_template(
        f"attempt/{'paused' if is_meant else 'interrupted'}.html",
        page=ExamPage(attempt, now),
        hearing=hearing_of(attempt),
        stopped=stopped,
        may_continue=breaks.learner_may_end(stopped),
        number=number or last_place.number_of(attempt),
    )


@bp.get("/assets/<sha256>")
@login_required
def asset(ref: str, sha256: str) -> ResponseReturnValue:
    """A picture of one of the questions, for the attempt's owner."""
    attempt = my_attempt(ref)
    found = versions.asset_of(attempt, sha256)
    if found is None:
        abort(404)
    headers = {"Content-Type": found.media_type, "Cache-Control": "private, max-age=86400, immutable"}
    return found.content, {**headers, "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
