"""Giving a running attempt more minutes, or taking some away, with what that does said beforehand."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import writing
from portal.domain import access
from portal.domain.attempts import attempts
from portal.domain.errors import BadInput, NotNow
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import exam_clock, granting, running_clock, time_account
from portal.domain.timekeeping.allowance_terms import Terms
from portal.domain.timekeeping.exam_clock import Clock
from portal.domain.timekeeping.time_account import LARGEST_GIFT_MINUTES
from portal.models import Allowance, AllowanceKind, Attempt, Right, TimeEntry
from portal.web.formatting.times import minutes_text
from portal.web.gate.guards import me, the_taught_attempt
from portal.web.teach import labels
from portal.web.teach.blueprint import bp
from portal.web.teach.forms import AddTimeForm
from portal.web.teach.labels import short_time, why_no_time


@bp.route("/attempts/<ref>/add-time", methods=["GET", "POST"])
def add_time(ref: str) -> ResponseReturnValue:
    """The form carries the revision of the clock that it showed: who presses after a change is told of it first."""
    attempt = the_taught_attempt(ref, right=Right.GIVE_TIME)
    form, now = AddTimeForm(), clock.now()
    why_not = why_no_time(attempt)
    acts = form.is_submitted() and request.form.get("go") != "look" and not why_not
    has_changed = acts and _has_changed(attempt, form)
    if acts and not has_changed and form.validate() and _fits(attempt, form):
        given = _given(attempt, form)
        if given:
            return redirect(url_for(".attempt", ref=ref), 303)
        has_changed = given is None
    if form.minutes.raw_data is None:
        form.minutes.data = 15
    page = _page(attempt, form, why_not, has_changed=has_changed, now=now)
    return page, 409 if has_changed else 422 if form.errors else 200


def _page(attempt: Attempt, form: AddTimeForm, why_not: str, *, has_changed: bool, now: datetime) -> str:
    seen = form.seen_revision
    form.seen.data = str(attempt.revision)
    room = _room_minutes(attempt, now)
    may_extend = access.may(me(), Right.GRANT_ALLOWANCE, attempt.exam.course_id)
    return render_template(
        "teach/add_time.html",
        attempt=attempt,
        form=form,
        why_not=why_not,
        ends_at=exam_clock.deadline_of(attempt, now=now),
        would_end_at=None if why_not else _foreseen(attempt, form, now=now).ends_at(now=now),
        meanwhile=_rows_since(attempt, seen) if has_changed else None,
        words=labels,
        closes_at=running_clock.closes_at(attempt, now=now),
        room_minutes=room,
        may_extend=may_extend,
        asks_to_extend=may_extend and room is not None and room < LARGEST_GIFT_MINUTES,
    )


def _has_changed(attempt: Attempt, form: AddTimeForm) -> bool:
    return form.seen_revision is not None and form.seen_revision != attempt.revision


def _rows_since(attempt: Attempt, seen: int | None) -> list[TimeEntry]:
    return [row for row in time_account.rows(attempt) if seen is not None and row.revision > seen]


def _given(attempt: Attempt, form: AddTimeForm) -> bool | None:
    """Give it; False with the reason at its field when a rule says no, None when the clock changed in this moment."""
    try:
        ends_at = _give_held(attempt.id, form)
    except BadInput as err:
        form[err.field].errors = [err.message]
        return False
    except NotNow as err:
        form.minutes.errors = [err.message]
        return False
    if ends_at is None:
        return None
    did = "added" if form.given > 0 else "removed"
    flash(f"{minutes_text(abs(form.given)).capitalize()} {did}. The exam now ends {short_time(ends_at)}.", "ok")
    return True


def _give_held(attempt_id: int, form: AddTimeForm) -> datetime | None:
    """When it ends then; None, with nothing given, when somebody has changed the clock since the form was shown."""
    cause = Cause(actor=Actor.STAFF, user=me(), reason=form.why)
    with writing():
        locked, now = attempts.lock(attempt_id), clock.now()
        if _has_changed(locked, form):
            return None
        _extend_window(locked, form, cause, now=now)
        time_account.add_time(locked, form.given, cause, now=now)
        return exam_clock.deadline_of(locked, now=now)


def _fits(attempt: Attempt, form: AddTimeForm) -> bool:
    """Whether the window has room for these minutes, or may be extended; else says so at the field.

    More than anybody may give is not a matter of the window, and is refused where it is given.
    """
    room = _room_minutes(attempt, clock.now())
    if room is None or form.given <= room or form.given > LARGEST_GIFT_MINUTES:
        return True
    may_extend = access.may(me(), Right.GRANT_ALLOWANCE, attempt.exam.course_id)
    if may_extend and form.extends_window.data:
        return True
    closes = short_time(running_clock.closes_at(attempt, now=clock.now()))
    how = "select the box below" if may_extend else "ask an instructor for a longer window"
    form.minutes.errors = [
        f"The exam closes {closes} for this learner, so only {minutes_text(room)} would count. "
        f"Enter at most that, or {how}."
    ]
    return False


def _extend_window(attempt: Attempt, form: AddTimeForm, cause: Cause, *, now: datetime) -> None:
    """Where asked for, let the exam close later for this learner by as much as is missing."""
    if longer := _longer_window(attempt, form, now=now):
        exam = attempt.exam
        terms = Terms(kind=AllowanceKind.LONGER_WINDOW, minutes=longer, exam=exam)
        granting.grant(exam.course, attempt.learner, terms, by=cause.user, reason=cause.reason, now=now)


def _longer_window(attempt: Attempt, form: AddTimeForm, *, now: datetime) -> int | None:
    """The allowance that makes room for the minutes asked for; None where none is needed or wanted."""
    room = _room_minutes(attempt, now)
    if room is None or form.given <= room or not form.extends_window.data:
        return None
    in_force = running_clock.in_force_for(attempt, now=now)
    has = max((a.minutes or 0 for a in in_force if a.kind is AllowanceKind.LONGER_WINDOW), default=0)
    return has + form.given - room


def _foreseen(attempt: Attempt, form: AddTimeForm, *, now: datetime) -> Clock:
    """The clock as it would be with what the form says."""
    given = min(max(form.given, -LARGEST_GIFT_MINUTES), LARGEST_GIFT_MINUTES)
    longer = _longer_window(attempt, form, now=now) if given == form.given else None
    in_force = running_clock.in_force_for(attempt, now=now)
    if longer:
        in_force.append(Allowance(kind=AllowanceKind.LONGER_WINDOW, minutes=longer))  # Never joins the session.
    return running_clock.after_adding(attempt, given, in_force=in_force, now=now)


def _room_minutes(attempt: Attempt, now: datetime) -> int | None:
    """Whole minutes between the attempt's end and the closing of its window; None when it never closes."""
    closes_at, ends_at = running_clock.closes_at(attempt, now=now), exam_clock.deadline_of(attempt, now=now)
    if closes_at is None or ends_at is None:
        return None
    return max(0, int((closes_at - ends_at).total_seconds()) // 60)
