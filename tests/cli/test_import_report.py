"""What ``flask course import`` says of sections left out, of what has no effect, and of providers nobody knows."""

from pathlib import Path

import pytest

from portal.cli import import_report
from portal.cli.course import course as commands
from portal.db import db
from portal.domain.courses import publishing
from portal.domain.courses.published import LeftOut, NotHonoured
from portal.models import Course, Exam
from tests.domain.courses import published as p

TRIES = NotHonoured(what="max_attempts", meaning="there are no tries to count", places=tuple("ABCDE"))
SITE = NotHonoured(what="tabs", meaning="about the course's own site", places=("the course",))
BAD = LeftOut(content_id="e9", name="Old", reason="it is due at 'soon', which is not a date", is_hidden=False)


def report(published, **given):
    lines = import_report.lines(published, publishing.difference(published), is_dry_run=True, **given)
    return [" ".join(line.split()) for line in lines]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(("most", "places"), [(3, "A; B; C and 2 more"), (None, "A; B; C; D; E")])
def test_what_has_no_effect_is_said_once_with_its_places(most, places):
    published = p.course(p.exam("e1", not_honoured=(TRIES,)), not_honoured=(SITE,))
    lines = report(published, most_places=most)
    at = lines.index("Course settings that have no effect here:")
    assert lines[at + 1 : at + 5] == [
        "tabs: about the course's own site.", "the course", "max_attempts: there are no tries to count.",
        f"Exam e1: {places}",
    ]  # fmt: skip


@pytest.mark.usefixtures("app")
def test_sections_without_an_exam_and_unknown_providers_are_named():
    lines = report(p.course(p.exam(is_proctored=True), left_out=(BAD,), other_sections=14, provider="nobody"))
    assert "Old it is due at 'soon', which is not a date" in lines
    assert "14 sections without a time limit created no exam." in lines
    assert any(line.startswith("Add the provider nobody with `flask provider add`.") for line in lines)


@pytest.mark.usefixtures("app")
def test_equal_reasons_are_one_line():
    broken = [p.question(f"q{n}", title=f"Q{n}", problem="a script works it out") for n in range(70)]
    lines = report(p.course(p.exam(questions=tuple(broken))))
    assert sum("a script works it out" in line for line in lines) == 1
    assert any("Q0; Q1; Q2 and 67 more" in line for line in lines)


@pytest.mark.usefixtures("app")
def test_switches_that_are_off_are_the_reason():
    lines = report(p.course(exams=(), leaves_exams_because="both switches are off"))
    assert "Nothing was imported: both switches are off." in lines


OLX = (
    '<course display_name="Case"><chapter url_name="c">'
    '<sequential url_name="good" display_name="Good" is_time_limited="true" default_time_limit_minutes="30"/>'
    '<sequential url_name="old" display_name="Old" is_time_limited="true" default_time_limit_minutes="30" {due}/>'
    "</chapter></course>"
)


def test_from_the_file_to_the_table(app, tmp_path: Path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course.xml").write_text('<course url_name="R1" org="LabX" course="CASE"/>')
    (tmp_path / "course/R1.xml").write_text(OLX.format(due='due="June 3 2027 14:00"'))
    runner = app.test_cli_runner()
    dry = runner.invoke(commands, ["import", str(tmp_path), "--dry-run"])
    assert dry.exit_code == 0 and "'June 3 2027 14:00', which is not a date" in dry.output
    assert db.session.scalar(db.select(Course)) is None
    done = runner.invoke(commands, ["import", str(tmp_path), "--all-places"])
    assert done.output.endswith("Done: 1 new, 0 changed, 0 unchanged, 0 turned off.\n")
    assert db.session.scalars(db.select(Exam.name)).all() == ["Good"]
    (tmp_path / "course/R1.xml").write_text(OLX.format(due=""))
    runner.invoke(commands, ["import", str(tmp_path)])
    (tmp_path / "course/R1.xml").write_text(OLX.format(due='due="June"'))
    assert "There are no changes." in runner.invoke(commands, ["import", str(tmp_path)]).output
    assert db.session.scalars(db.select(Exam.is_active)).all() == [True, True]
