"""One attempt for the course team: its clock, its history, its answers, and what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.domain import (
    allowances,
    answer_files,
    answers,
    appeals,
    history,
    learner_messages,
    ledgers,
    time_account,
    timing,
)
from portal.models import Attempt, AttemptStatus, Event, HistoryEntry, Question, Right, TimeEntry
from portal.web import vendor_words
from portal.web.guards import may_i, the_taught_attempt
from portal.web.teach import deeds, history_words, names, pictures, proctoring, words
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
    attempt, now = the_taught_attempt(ref, right=Right.SEE_ATTEMPTS), clock.now()
    rows, lines = time_account.rows(attempt), history.list_for(attempt)[::-1]
    may_see_answers, questions = may_i(Right.SEE_ANSWERS, attempt), answers.ordered_questions(attempt)
    possibilities = _possibilities(attempt)
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
        questions=questions,
        **(_answers_of(attempt, questions) if may_see_answers else {}),
        may_see_answers=may_see_answers,
        allowances=in_force,
        possibilities=possibilities,
        first=_first(possibilities),
        proctoring=proctoring.of(attempt, now=now),
        **_about_learner(attempt, lines),
        vendor_words=vendor_words,
        words=words,
        history_words=history_words,
        now=now,
    )


def _answers_of(attempt: Attempt, questions: Sequence[Question]) -> dict[str, object]:
    """What the learner answered, sent too late, and replaced."""
    given, files = answers.list_for(attempt), answer_files.list_for(attempt, questions)
    return {
        "answers": given,
        "late": answers.list_late(attempt),
        "files_apart": answer_files.apart(attempt, files),
        "earlier_files": answer_files.earlier(files, given),
    }


def _about_learner(attempt: Attempt, lines: list[HistoryEntry]) -> dict[str, object]:
    """What the learner wrote and was answered, if they did; whether they may be named; what it meant for credit."""
    events = {line.event for line in lines}
    has_appeal = Event.APPEALED in events or attempt.resumed or attempt.resumes_id is not None
    return {
        "written": learner_messages.list_for(attempt) if Event.LEARNER_WROTE in events else [],
        "appeal": appeals.find(attempt) if has_appeal else None,
        "entries": ledgers.list_for(attempt),
        "names": names.on_page(attempt, lines),
    }


def _broken_off_at(lines: list[HistoryEntry]) -> datetime | None:
    """When it last became what it is, if that was a break; the newest line comes first."""
    moved = next((line for line in lines if line.event == Event.MOVED), None)
    return moved.at if moved and moved.to_status == AttemptStatus.ERROR else None


def _seen(attempt: Attempt, row: TimeEntry) -> str:
    shown_at = words.short_time(attempt.seen_at)
    return words.seen_text(attempt, row, shown_at)


def _first(possibilities: list[Possibility]) -> Possibility | None:
    """What the page leads with: whoever waits goes on first, then what can be undone, else more time."""
    wanted = {one.title: one for one in possibilities if one.url}
    urgent = (*(deeds.DEEDS[key].title for key in ("resume", "go-on", "undo-reset")), ADD_TIME)
    return next((wanted[title] for title in urgent if title in wanted), None)


def _possibilities(attempt: Attempt) -> list[Possibility]:
    """Add time, and then every deed that the person may do; each with what it does or why it cannot be done now."""
    found = []
    if may_i(Right.GIVE_TIME, attempt):
        why_not = words.why_no_time(attempt)
        details, url = "The learner's page shows it without a reload.", url_for(".add_time", ref=attempt.ref)
        found = [Possibility(title=ADD_TIME, sign="clock", details=why_not or details, url="" if why_not else url)]
    for key, deed in deeds.offered(attempt):
        why_not = deed.why_not(attempt)
        url = "" if why_not else url_for(".do", ref=attempt.ref, deed=key)
        found.append(Possibility(title=deed.title, sign=deed.sign, details=why_not or deed.effect, url=url))
    return found
