"""One attempt for the course team: its clock, its history, its answers, and what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.domain.answers import answers
from portal.domain.answers import files as answer_files
from portal.domain.attempts import learner_messages
from portal.domain.lifecycle import history
from portal.domain.outbox import ledgers
from portal.domain.reviews import appeals
from portal.domain.timekeeping import allowances, budget, time_account
from portal.models import Attempt, AttemptStatus, Event, HistoryEntry, Question, ResumeState, Right, TimeEntry
from portal.web.formatting import provider_labels
from portal.web.gate.guards import may_i, the_taught_attempt
from portal.web.teach import charts, labels, names
from portal.web.teach.attempts import actions, history_labels, proctoring
from portal.web.teach.blueprint import bp

ADD_TIME = "Add time"


@dataclass(frozen=True, kw_only=True)
class ActionLink:
    """An action on the attempt's page: its address, or why it cannot be done now."""

    title: str
    sign: str
    details: str
    url: str = ""


@bp.get("/attempts/<ref>/")
def attempt(ref: str) -> ResponseReturnValue:
    attempt, now = the_taught_attempt(ref, right=Right.SEE_ATTEMPTS), clock.now()
    rows, lines = time_account.rows(attempt), history.list_for(attempt)[::-1]
    may_see_answers, questions = may_i(Right.SEE_ANSWERS, attempt), answers.ordered_questions(attempt)
    links = _action_links(attempt)
    in_force = allowances.in_force(attempt.exam, attempt.learner_id, now=now)
    return render_template(
        "teach/attempt.html",
        attempt=attempt,
        rows=rows,
        seen={row.id: _seen(attempt, row) for row in rows},
        ruler=charts.ruler(attempt, rows, ended_at=_suspended_at(lines), now=now),
        suspended_at=_suspended_at(lines),
        closes_at=budget.window_closes_at(attempt.exam, in_force),
        lines=lines,
        questions=questions,
        **(_answers_of(attempt, questions) if may_see_answers else {}),
        may_see_answers=may_see_answers,
        allowances=in_force,
        action_links=links,
        first=_first(links),
        proctoring=proctoring.of(attempt, now=now),
        **_about_learner(attempt, lines),
        provider_labels=provider_labels,
        words=labels,
        history_words=history_labels,
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
    has_appeal = (
        Event.APPEALED in events or attempt.resume_state is ResumeState.RESUMED or attempt.resumes_id is not None
    )
    return {
        "written": learner_messages.list_for(attempt) if Event.LEARNER_WROTE in events else [],
        "appeal": appeals.find(attempt) if has_appeal else None,
        "entries": ledgers.list_for(attempt),
        "names": names.on_page(attempt, lines),
    }


def _suspended_at(lines: list[HistoryEntry]) -> datetime | None:
    """When it last became what it is, if that was a break; the newest line comes first."""
    moved = next((line for line in lines if line.event == Event.MOVED), None)
    return moved.at if moved and moved.to_status == AttemptStatus.ERROR else None


def _seen(attempt: Attempt, row: TimeEntry) -> str:
    shown_at = labels.short_time(attempt.seen_at)
    return labels.seen_text(attempt, row, shown_at)


def _first(links: list[ActionLink]) -> ActionLink | None:
    """What the page leads with: first whoever waits to continue, then what can be undone, else more time."""
    wanted = {one.title: one for one in links if one.url}
    urgent = (*(actions.ACTIONS[key].title for key in ("resume", "resume-clock", "undo-reset")), ADD_TIME)
    return next((wanted[title] for title in urgent if title in wanted), None)


def _action_links(attempt: Attempt) -> list[ActionLink]:
    """Add time, then every action that the person may take: what each does, or why it cannot be done now."""
    found = []
    if may_i(Right.GIVE_TIME, attempt):
        why_not = labels.why_no_time(attempt)
        details, url = "The learner's page updates automatically.", url_for(".add_time", ref=attempt.ref)
        found = [ActionLink(title=ADD_TIME, sign="clock", details=why_not or details, url="" if why_not else url)]
    for key, action in actions.offered(attempt):
        why_not = action.why_not(attempt)
        url = "" if why_not else url_for(".do", ref=attempt.ref, key=key)
        found.append(ActionLink(title=action.title, sign=action.sign, details=why_not or action.effect, url=url))
    return found
