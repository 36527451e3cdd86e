"""Giving a running attempt more minutes, or taking some away, with what that does said beforehand."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain import access, allowances, attempts, granting, time_account, timing
from portal.domain.allowances import Terms
from portal.domain.errors import BadInput, NotNow
from portal.domain.history import Actor, Deed
from portal.domain.time_account import LARGEST_GIFT_MINUTES
from portal.models import AllowanceKind, Attempt
from portal.web.formats import minutes_text
from portal.web.guards import me, the_taught_attempt
from portal.web.teach.blueprint import bp
from portal.web.teach.forms import AddTimeForm
from portal.web.teach.words import short_time, why_no_time


@bp.route("/attempts/<ref>/add-time", methods=["GET", "POST"])
def add_time(ref: str) -> ResponseReturnValue:
    attempt = the_taught_attempt(ref, right="give_time")
    form = AddTimeForm()
    why_not = why_no_time(attempt)
    if not why_not and form.validate_on_submit() and _fits(attempt, form) and _given(attempt, form):
        return redirect(url_for(".attempt", ref=ref), 303)
    if form.minutes.raw_data is None:
        form.minutes.data = 15
    room = _room_minutes(attempt, clock.now())
    may_extend = access.may(me(), "grant_allowance", attempt.exam.course_id)
    page = render_template(
        "teach/add_time.html",
        attempt=attempt,
        form=form,
        why_not=why_not,
        closes_at=_closes_at(attempt, clock.now()),
        room_minutes=room,
        may_extend=may_extend,
        asks_to_extend=may_extend and room is not None and room < LARGEST_GIFT_MINUTES,
    )
    return page, 422 if form.errors else 200


def _given(attempt: Attempt, form: AddTimeForm) -> bool:
    """Give it; False with the reason at its field when a rule says no."""
    deed = Deed(actor=Actor.STAFF, by=me(), reason=form.why)
    try:
        with writing():
            locked, now = attempts.lock(attempt.id), clock.now()
            _extend_window(locked, form, deed, now=now)
            time_account.add_time(locked, form.given, deed, now=now)
            ends = short_time(locked.deadline_at)
    except BadInput as err:
        form[err.field].errors = [err.message]
        return False
    except NotNow as err:
        form.minutes.errors = [err.message]
        return False
    did = "added" if form.given > 0 else "taken away"
    flash(f"{minutes_text(abs(form.given)).capitalize()} {did}. The exam now ends {ends}.", "ok")
    return True


def _fits(attempt: Attempt, form: AddTimeForm) -> bool:
    """Whether the window has room for these minutes, or may be extended; else says so at the field.

    More than anybody may give is not a matter of the window, and is refused where it is given.
    """
    room = _room_minutes(attempt, clock.now())
    if room is None or form.given <= room or form.given > LARGEST_GIFT_MINUTES:
        return True
    may_extend = access.may(me(), "grant_allowance", attempt.exam.course_id)
    if may_extend and form.extends_window.data:
        return True
    closes = short_time(_closes_at(attempt, clock.now()))
    how = "tick the box below" if may_extend else "ask the course's instructor for a longer window"
    form.minutes.errors = [
        f"The exam closes {closes} for this learner, so only {minutes_text(room)} would count. "
        f"Give at most that, or {how}."
    ]
    return False


def _extend_window(attempt: Attempt, form: AddTimeForm, deed: Deed, *, now: datetime) -> None:
    """Where asked for, let the exam close later for this learner by as much as is missing."""
    room = _room_minutes(attempt, now)
    if room is None or form.given <= room or not form.extends_window.data:
        return
    exam = attempt.exam
    in_force = allowances.in_force(exam, attempt.learner_id, now=now)
    has = max((a.minutes or 0 for a in in_force if a.kind is AllowanceKind.LONGER_WINDOW), default=0)
    longer = Terms(kind=AllowanceKind.LONGER_WINDOW, minutes=has + form.given - room, exam=exam)
    granting.grant(exam.course, attempt.learner, longer, by=deed.by, reason=deed.reason, now=now)


def _closes_at(attempt: Attempt, now: datetime) -> datetime | None:
    return timing.window_closes_at(attempt.exam, allowances.in_force(attempt.exam, attempt.learner_id, now=now))


def _room_minutes(attempt: Attempt, now: datetime) -> int | None:
    """Whole minutes between the attempt's end and the closing of its window; None when it never closes."""
    closes_at = _closes_at(attempt, now)
    if closes_at is None or attempt.deadline_at is None:
        return None
    return max(0, int((closes_at - attempt.deadline_at).total_seconds()) // 60)
