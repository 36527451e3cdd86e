"""``flask --app wsgi attempt``: look at one attempt, give it more time, open it again, when no browser is at hand."""

from collections.abc import Iterator
from datetime import datetime

import click
from flask import Flask
from flask.cli import AppGroup

from portal import clock
from portal.cli.terminal.refusals import plainly
from portal.cli.terminal.tables import table
from portal.db import writing
from portal.domain.attempts import attempts, reopening
from portal.domain.lifecycle import history, status_labels
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import exam_clock, time_account
from portal.models import Attempt

attempt = AppGroup("attempt", help="Attempts: show one, add time, reopen one.")


def init_app(app: Flask) -> None:
    app.cli.add_command(attempt)


@attempt.command("show")
@click.argument("ref")
def show(ref: str) -> None:
    """Show the status, time log and history of the attempt REF."""
    with plainly():
        click.echo("\n".join(_described(attempts.get_by_ref(ref))))


@attempt.command("add-time")
@click.argument("ref")
@click.option("--minutes", type=int, required=True, help="A negative number removes time.")
@click.option("--reason", required=True, help="Saved with the change. The course team can see it.")
def add_time(ref: str, minutes: int, reason: str) -> None:
    """Add minutes to the running attempt REF. The learner's page updates automatically."""
    with plainly(), writing():
        found = attempts.lock_by_ref(ref)
        time_account.add_time(found, minutes, Cause(actor=Actor.STAFF, reason=reason), now=clock.now())
        ends = _moment(_end(found))
    click.echo(f"{ref.upper()} now ends {ends}.")


@attempt.command("reopen")
@click.argument("ref")
@click.option("--minutes", type=int, required=True, help="Minutes from now, 1 to 1440.")
@click.option("--reason", required=True, help="Saved with the attempt. The course team can see it.")
def reopen(ref: str, minutes: int, reason: str) -> None:
    """Reopen the submitted attempt REF. The learner continues with their answers and gets an email."""
    with plainly(), writing():
        found = attempts.lock_by_ref(ref)
        reopening.reopen(found, minutes, Cause(actor=Actor.STAFF, reason=reason), now=clock.now())
        ends = _moment(_end(found))
    click.echo(f"{ref.upper()} is reopened and ends {ends}.")


def _end(found: Attempt) -> datetime | None:
    """As every page says it, also while the clock is paused."""
    return exam_clock.deadline_of(found, now=clock.now()) if found.is_running else found.deadline_at


def _described(found: Attempt) -> Iterator[str]:
    yield f"{found.ref}  {found.learner.name} <{found.learner.email}>"
    yield f"{found.exam.name}, {found.exam.course.name}"
    yield f"{status_labels.of(found.status)}{', clock paused' if found.is_paused else ''}"
    yield f"started {_moment(found.started_at)}, ends {_moment(_end(found))}"
    yield ""
    rows = [
        (_moment(row.at), row.kind, _minutes(row.seconds), row.by.name if row.by else row.by_role, row.reason)
        for row in time_account.rows(found)
    ]
    yield from table(("Time log", "What", "Minutes", "Who", "Reason"), rows)
    yield ""
    lines = [
        (_moment(line.at), line.event, line.to_status, line.by.name if line.by else line.actor, line.reason)
        for line in history.list_for(found)
    ]
    yield from table(("History", "What", "Status", "Who", "Reason"), lines)


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else "not yet"


def _minutes(seconds: int) -> str:
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else ''}{minutes}:{rest:02}"
