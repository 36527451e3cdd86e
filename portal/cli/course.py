"""``flask --app wsgi course``: take over a course export, enrol learners, build the course team."""

from datetime import datetime
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from portal import clock
from portal.cli.refusals import plainly
from portal.cli.tables import table
from portal.db import writing
from portal.domain import courses, people, requirements
from portal.domain.courses import Difference
from portal.domain.errors import NotFound
from portal.domain.publishing import CoursePublished, ExamPublished
from portal.models import Exam, Role, User
from portal.sources import olx

course = AppGroup("course", help="Courses: import an export, enrol learners, build the team.")


def init_app(app: Flask) -> None:
    app.cli.add_command(course)


@course.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def import_course(path: Path, dry_run: bool) -> None:
    """Take over the timed sections of an OLX course export (.tar.gz or folder). Repeating it is harmless."""
    with plainly():
        published = olx.read(path)
        found = courses.difference(published) if dry_run else _publish(published)
    click.echo("\n".join(report(published, found, is_dry_run=dry_run)))


@course.command("enrol")
@click.argument("key")
@click.argument("email")
def enrol(key: str, email: str) -> None:
    """Let the person with EMAIL take the exams of the course KEY."""
    with plainly(), writing():
        courses.enrol(courses.get_by_key(key), _person(email), now=clock.now())
    click.echo(f"{email} is enrolled in {key}.")


@course.command("add-member")
@click.argument("key")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def add_member(key: str, email: str, role: str) -> None:
    """Give the person with EMAIL a ROLE in the team of the course KEY."""
    with plainly(), writing():
        courses.add_member(courses.get_by_key(key), _person(email), Role(role))
    click.echo(f"{email} is {role} of {key}.")


@course.command("require")
@click.argument("key")
@click.argument("exams", nargs=-1)
@click.option("--nothing", is_flag=True, help="Ask for nothing any more.")
def require(key: str, exams: tuple[str, ...], nothing: bool) -> None:
    """Ask learners of the course KEY for these EXAMS, in this order, before a later proctored one; or show the list.

    An exam is named by its content id or by the last part of its address.
    """
    with plainly():
        if exams or nothing:
            _publish_requirements(key, exams)
        asked = requirements.list_for(courses.get_by_key(key).id)
    for line in [f"{number}. {one.display_name}" for number, one in enumerate(asked, 1)] or ["Nothing is asked for."]:
        click.echo(line)


def _publish_requirements(key: str, exams: tuple[str, ...]) -> None:
    with writing():
        course = courses.get_by_key(key)
        requirements.publish(course, [courses.as_requirement(course, name) for name in exams])


def report(published: CoursePublished, found: Difference, *, is_dry_run: bool) -> list[str]:
    """What was (or would be) taken over, line by line."""
    lines = [f"{published.name} ({published.key})", ""]
    if not published.exams:
        lines.append("This export has no timed section that a learner can reach, so it brings no exams.")
    else:
        lines += table(
            ("Exam", "Kind", "Minutes", "Closes", "Questions", "Need attention", "Change"),
            [_row(exam, found) for exam in published.exams],
        )
    lines += [f"No longer in the course, switched off: {name}" for name in found.deactivated]
    lines += _attention(found)
    return [*lines, "", _summary(found, is_dry_run=is_dry_run)]


def _row(exam: ExamPublished, found: Difference) -> tuple[str, ...]:
    broken = sum(question.attention is not None for question in exam.questions)
    return (
        exam.name,
        _kind(exam),
        str(exam.time_limit_minutes),
        _moment(exam.closes_at),
        str(len(exam.questions) - broken),
        str(broken + len(exam.unreadable)),
        _change(exam.content_id, found),
    )


def _kind(exam: ExamPublished) -> str:
    return Exam(is_proctored=exam.is_proctored, is_practice=exam.is_practice, is_onboarding=exam.is_onboarding).kind


def _change(content_id: str, found: Difference) -> str:
    if content_id in found.added:
        return "new"
    return ", ".join(found.changed.get(content_id, ())) or "none"


def _attention(found: Difference) -> list[str]:
    if not found.attention:
        return []
    rows = [(what.exam, what.name, what.kind.replace("_", " "), what.reason) for what in found.attention]
    return ["", "Not shown to learners until somebody looks at it:", *table(("Exam", "Name", "Kind", "Why"), rows)]


def _summary(found: Difference, *, is_dry_run: bool) -> str:
    if found.is_nothing:
        return "Nothing has changed."
    counts = f"{len(found.added)} new, {len(found.changed)} changed, {len(found.unchanged)} unchanged"
    counts += f", {len(found.deactivated)} switched off."
    return f"This was a dry run; nothing was written. It would be: {counts}" if is_dry_run else f"Done: {counts}"


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "never"


def _publish(published: CoursePublished) -> Difference:
    with writing():
        return courses.publish(published, now=clock.now())


def _person(email: str) -> User:
    person = people.find_by_email(email)
    if person is None:
        raise NotFound(f"Nobody has the mail address {email}. Make the account with `people add`.")
    return person
