"""``flask --app wsgi course``: take over a course export, enrol learners, build the course team."""

from datetime import datetime
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from portal import clock
from portal.cli import import_report
from portal.cli.terminal.refusals import plainly
from portal.db import writing
from portal.domain.accounts import people
from portal.domain.courses import publishing, requirements
from portal.domain.courses.differences import Difference
from portal.domain.courses.published import CoursePublished
from portal.domain.errors import NotFound
from portal.domain.timekeeping import exam_changes
from portal.models import Role, User
from portal.sources import olx

course = AppGroup("course", help="Courses: import an export, enrol learners, manage the course team.")


def init_app(app: Flask) -> None:
    app.cli.add_command(course)


@course.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, without changing anything.")
@click.option("--all-places", is_flag=True, help="List every location of content that is not imported.")
def import_course(path: Path, dry_run: bool, all_places: bool) -> None:
    """Import the timed sections of an OLX course export (.tar.gz or folder). You can repeat the import safely."""
    now = clock.now()
    with plainly():
        published = olx.read(path, now=now)
        found = publishing.difference(published, now=now) if dry_run else _publish(published, now=now)
    most = None if all_places else import_report.FEW
    click.echo("\n".join(import_report.lines(published, found, is_dry_run=dry_run, most_places=most)))


@course.command("enrol")
@click.argument("key")
@click.argument("email")
def enrol(key: str, email: str) -> None:
    """Enrol the person with EMAIL in the course KEY."""
    with plainly(), writing():
        publishing.enrol(publishing.get_by_key(key), _person(email), now=clock.now())
    click.echo(f"{email} is enrolled in {key}.")


@course.command("add-member")
@click.argument("key")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def add_member(key: str, email: str, role: str) -> None:
    """Give the person with EMAIL a ROLE on the team of the course KEY."""
    with plainly(), writing():
        publishing.add_member(publishing.get_by_key(key), _person(email), Role(role))
    click.echo(f"{email} is {role} of {key}.")


@course.command("require")
@click.argument("key")
@click.argument("exams", nargs=-1)
@click.option("--nothing", is_flag=True, help="Remove all requirements.")
def require(key: str, exams: tuple[str, ...], nothing: bool) -> None:
    """Require these EXAMS of the course KEY, in this order, before later proctored exams. Without EXAMS, list them.

    Name an exam by its content ID or by the last part of its address.
    """
    with plainly():
        if exams or nothing:
            _publish_requirements(key, exams)
        asked = requirements.list_for(publishing.get_by_key(key).id)
    lines = [f"{number}. {one.display_name}" for number, one in enumerate(asked, 1)]
    for line in lines or ["There are no requirements."]:
        click.echo(line)


def _publish_requirements(key: str, exams: tuple[str, ...]) -> None:
    with writing():
        course = publishing.get_by_key(key)
        requirements.publish(course, [publishing.as_requirement(course, name) for name in exams])


def _publish(published: CoursePublished, *, now: datetime) -> Difference:
    publishing.check(published)
    contents = publishing.contents_of(published)  # Takes a while, and nobody else should wait for it.
    with writing():
        return publishing.publish(published, contents, follow=exam_changes.follow, now=now)


def _person(email: str) -> User:
    person = people.find_by_email(email)
    if person is None:
        raise NotFound(f"No account has the email address {email}. Add one with `people add`.")
    return person
