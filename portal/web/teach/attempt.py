"""One attempt for the course team: its clock, its history, its answers, and what can be done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.domain import (
    access,
    allowances,
    answers,
    appeals,
    history,
    learner_messages,
    ledgers,
    time_account,
    timing,
)
from portal.models import Attempt, AttemptStatus, HistoryEntry, Role, TimeEntry
from portal.web import vendor_words
from portal.web.guards import me, the_taught_attempt
from portal.web.teach import deeds, names, pictures, proctoring, words
from portal.web.teach.blueprint import bp

ADD_TIME = "Add time"


@dataclass(frozen=True, kw_only=True)
class Possibility:
    """Something a person may want to do: where, or why not."""

    title: str
    sign: str
    details: str
    url: str = ""


@bp.get("/attempts/<ref>/")
def attempt(ref: str) -> ResponseReturnValue:
    attempt, now = the_taught_attempt(ref, right="see_attempts"), clock.now()
    rights = access.roles_in(me(), attempt.exam.course_id)
    rows, lines = time_account.rows(attempt), history.list_for(attempt)[::-1]
    may_see_answers = bool(rights & access.RIGHTS["see_answers"])
    possibilities = _possibilities(attempt, rights)
    in_force = allowances.in_force(attempt.exam, attempt.learner_id, now=now)
    return render_template(
        "teach/attempt.html",
        attempt=attempt,
        rows=rows,
        seen={row.id: _seen(attempt, row) for row in rows},
        ruler=pictures.ruler(attempt, rows, ended_at=_broken_off_at(lines), now=now),
        broken_off_at=_broken_off_at(lines),
        closes_at=timing.window_closes_at(attempt.exam, in_force),
        lines=lines,
        questions=answers.ordered_questions(attempt),
        answers=answers.list_for(attempt) if may_see_answers else {},
        late=answers.list_late(attempt) if may_see_answers else [],
        may_see_answers=may_see_answers,
        allowances=in_force,
        possibilities=possibilities,
        first=_first(possibilities),
        proctoring=proctoring.of(attempt, now=now),
        **_about_learner(attempt, lines, rights),
        may={right: bool(rights & access.RIGHTS[right]) for right in ("see_provider", "open_dashboard", "review")},
        vendor_words=vendor_words,
        words=words,
        now=now,
    )


def _about_learner(attempt: Attempt, lines: list[HistoryEntry], roles: frozenset[Role]) -> dict[str, Any]:
    """What the learner wrote and was answered, if they did; whether they may be named; what it meant for credit."""
    events = {line.event for line in lines}
    has_appeal = "appealed" in events or attempt.resumed or attempt.resumes_id is not None
    return {
        "written": learner_messages.list_for(attempt) if "learner_wrote" in events else [],
        "appeal": appeals.find(attempt) if has_appeal else None,
        "entries": ledgers.list_for(attempt),
        "names": names.on_page(attempt, lines, roles),
    }


def _broken_off_at(lines: list[HistoryEntry]) -> datetime | None:
    """When it last became what it is, if that was a break; the newest line comes first."""
    moved = next((line for line in lines if line.event == "moved"), None)
    return moved.at if moved and moved.became == AttemptStatus.ERROR else None


def _seen(attempt: Attempt, row: TimeEntry) -> str:
    shown_at = words.short_time(attempt.seen_at)
    return words.seen_text(attempt, row, shown_at)


def _first(possibilities: list[Possibility]) -> Possibility | None:
    """What the page leads with: whoever waits goes on first, else more time."""
    wanted = {one.title: one for one in possibilities if one.url}
    urgent = (deeds.DEEDS["resume"].title, deeds.DEEDS["go-on"].title, ADD_TIME)
    return next((wanted[title] for title in urgent if title in wanted), None)


def _possibilities(attempt: Attempt, roles: frozenset[Role]) -> list[Possibility]:
    """Add time, and then every deed; each with what it does or why it cannot be done."""
    why_not = words.why_no_time(attempt) or ("" if roles & access.RIGHTS["give_time"] else deeds.NO_RIGHT)
    found = [
        Possibility(
            title=ADD_TIME,
            sign="clock",
            details=why_not or "The learner's page shows it without a reload.",
            url="" if why_not else url_for(".add_time", ref=attempt.ref),
        )
    ]
    for key, deed in deeds.offered(attempt):
        why_not = deeds.why_not(deed, attempt, roles)
        url = "" if why_not else url_for(".do", ref=attempt.ref, deed=key)
        found.append(Possibility(title=deed.title, sign=deed.sign, details=why_not or deed.effect, url=url))
    return found
