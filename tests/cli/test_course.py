"""``flask course``: what it prints, what it refuses in one line, and that a dry run writes nothing."""

import pytest

from portal.cli.course import course as commands
from portal.db import db
from portal.models import Course, Enrolment, Exam, Membership, Role
from tests import make


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(commands, words)


KEY = "course-v1:Test+P1+2026"
GOOD = '<problem display_name="Sum"><numericalresponse answer="4"/></problem>'
OTHER = '<problem display_name="Product"><numericalresponse answer="6"/></problem>'
SCRIPTED = '<problem display_name="Hard one"><numericalresponse answer="$x"/></problem>'
E1 = "default_time_limit_minutes='60' due='2026-06-01T12:00:00Z'"
E2 = "default_time_limit_minutes='60'"


@pytest.fixture
def export(tmp_path):
    """``export(e1=(settings, problem, …), …)`` writes a small course export with these timed sections; its path."""

    def export(**sections):
        chapter = "".join(f"<sequential url_name='{name}'/>" for name in sections)
        files = {
            "course.xml": '<course url_name="2026" org="Test" course="P1"/>',
            "course/2026.xml": "<course display_name='Published'><chapter url_name='ch'/></course>",
            "chapter/ch.xml": f"<chapter>{chapter}</chapter>",
        }
        for name, (settings, *problems) in sections.items():
            unit = f"<vertical display_name='Unit'>{''.join(problems)}</vertical>"
            timed = f"display_name='Exam {name}' is_time_limited='true' {settings}"
            files[f"sequential/{name}.xml"] = f"<sequential {timed}>{unit}</sequential>"
        for name, text in files.items():
            path = tmp_path / "course" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return str(tmp_path / "course")

    return export


def test_an_import_prints_what_it_took_over(run, export):
    result = run("import", export(e1=(E1, GOOD, SCRIPTED), e2=(E2, GOOD, OTHER)))
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert lines[0] == f"Published ({KEY})"
    assert "Exam Kind Minutes Opens Closes Questions Need attention Change" in lines
    assert "Exam e1 timed 60 always open 2026-06-01 12:00 UTC 1 1 new" in lines
    assert "Exam e2 timed 60 always open never 2 0 new" in lines
    assert "Exam e1 Hard one long text numericalresponse: a script works out its answer, $x" in lines
    assert lines[-1] == "Done: 2 new, 0 changed, 0 unchanged, 0 turned off."
    assert len(db.session.scalars(db.select(Exam)).all()) == 2


def test_the_second_import_reports_that_nothing_has_changed(run, export):
    path = export(e1=(E1, GOOD))
    run("import", path)
    assert run("import", path).output.endswith("There are no changes.\n")


def test_changes_are_named(run, export):
    run("import", export(e1=(E1, GOOD, OTHER), e2=(E2, GOOD)))
    longer = export(e1=(E1.replace("60", "90"), GOOD, OTHER))
    lines = [" ".join(line.split()) for line in run("import", longer).output.splitlines()]
    assert "Exam e1 timed 90 always open 2026-06-01 12:00 UTC 2 0 minutes" in lines
    assert "Turned off, because it is deleted or hidden in the course: Exam e2" in lines


def test_a_dry_run_says_what_would_be_and_writes_nothing(run, export):
    result = run("import", export(e1=(E1, GOOD), e2=(E2, GOOD)), "--dry-run")
    assert "nothing was changed. An import would give: 2 new" in result.output
    assert db.session.scalar(db.select(Course)) is None


def test_an_export_without_exams_says_so(run, export):
    assert "it contains no exams" in run("import", export()).output


def test_a_source_that_cannot_be_used_is_one_plain_line(run, tmp_path):
    result = run("import", str(tmp_path))
    assert result.exit_code == 1
    [line] = result.output.splitlines()
    assert line.startswith("Error: ") and "course.xml" in line


def test_a_path_that_is_not_there(run, tmp_path):
    result = run("import", str(tmp_path / "nothing.tar.gz"))
    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)


def test_enrolling_and_adding_to_the_team(run):
    course, person = make.course(), make.user(email="ada@example.edu")
    assert run("enrol", course.key, "Ada@example.edu").exit_code == 0
    assert run("add-member", course.key, "ada@example.edu", "proctor").exit_code == 0
    assert db.session.scalars(db.select(Enrolment.user_id)).all() == [person.id]
    assert db.session.scalars(db.select(Membership.role)).all() == [Role.PROCTOR]


@pytest.mark.parametrize("words", [("enrol",), ("add-member", "staff")], ids=["enrol", "add-member"])
def test_nobody_of_that_name_and_no_such_course(run, words):
    course, command, role = make.course(), words[0], words[1:]
    assert "No account has the email address" in run(command, course.key, "x@example.edu", *role).output
    assert "There is no course with the key" in run(command, "none", "x@example.edu", *role).output


def test_exams_are_asked_for_in_order_and_no_longer(run):
    course = make.course(key="course-v1:A+B+C")
    same = {"course": course, "is_proctored": True}
    first, second = make.exam(**same, name="First"), make.exam(**same, name="Second")
    assert run("require", course.key).output == "There are no requirements.\n"
    assert run("require", course.key, second.slug, first.content_id).output == "1. Second\n2. First\n"
    assert run("require", course.key).output == "1. Second\n2. First\n"
    assert run("require", course.key, "--nothing").output == "There are no requirements.\n"


@pytest.mark.parametrize(("name", "says"), [("gone", "has no exam gone"), ("timed", "not a proctored exam")])
def test_what_brings_no_credit_is_not_asked_for(run, name, says):
    course = make.course(key="course-v1:A+B+C")
    make.exam(course=course, content_id="timed")
    result = run("require", course.key, name)
    assert (result.exit_code, says in result.output) == (1, True)
