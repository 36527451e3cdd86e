"""When a section opens, for whom, and that what is wrong with one stops that one alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sources.conftest import Export

NEW_YEAR = datetime(2031, 1, 1, tzinfo=UTC)
JUNE = datetime(2031, 6, 1, tzinfo=UTC)
PROBLEM = '<problem display_name="Sum"><numericalresponse answer="4"/></problem>'


def _outline(export: Export, *, course: str = "", chapter: str = "", section: str = "", unit: str = "") -> None:
    export.outline("")
    export.write("course/run.xml", f"<course display_name='A course' {course}><chapter url_name='ch'/></course>")
    export.write("chapter/ch.xml", f"<chapter {chapter}><sequential url_name='exam'/></chapter>")
    timed = "display_name='Exam' is_time_limited='true' default_time_limit_minutes='30'"
    export.write("sequential/exam.xml", f"<sequential {timed} {section}><vertical url_name='unit'/></sequential>")
    export.write("vertical/unit.xml", f"<vertical display_name='Unit' {unit}>{PROBLEM}</vertical>")


@pytest.mark.parametrize(
    ("levels", "opens_at"),
    [
        ({"section": "start='2031-01-01T00:00:00Z'"}, NEW_YEAR),
        ({"chapter": "start='2031-01-01T00:00:00Z'"}, NEW_YEAR),
        ({"course": "start='2031-01-01T00:00:00Z'"}, NEW_YEAR),
        ({"course": "start='2031-06-01T00:00:00Z'", "section": "start='2031-01-01T00:00:00Z'"}, JUNE),
        ({"chapter": "start='2031-01-01T00:00:00Z'", "section": "start='2031-06-01T02:00:00+02:00'"}, JUNE),
        ({"course": "start='&quot;2031-01-01T00:00:00Z&quot;'", "section": "start=''"}, NEW_YEAR),
        ({"section": "start='null'"}, None),
        ({}, None),
    ],
)
def test_the_latest_start_opens_it(export: Export, levels: dict[str, str], opens_at: datetime | None) -> None:
    _outline(export, **levels)
    assert export.exam().opens_at == opens_at


@pytest.mark.parametrize("start", ["2031-01-01T00:00:00Z", "2030-06-01T00:00:00Z"])
def test_a_policy_says_more_than_the_block(export: Export, start: str) -> None:
    _outline(export, section="start='2013-01-01T00:00:00Z'")
    export.write("policies/run/policy.json", json.dumps({"sequential/exam": {"start": start}}))
    assert export.exam().opens_at == datetime.fromisoformat(start)


def test_a_unit_that_opens_later_than_its_exam_is_listed(export: Export) -> None:
    _outline(export, section="start='2031-01-01T00:00:00Z'", unit="start='2031-06-01T00:00:00Z'")
    exam = export.exam()
    assert exam.questions == ()
    (left,) = exam.unreadable
    assert (left.name, left.kind) == ("Unit", "unit")
    assert left.reason.startswith("it opens on 1 June 2031, 00:00 UTC, later than the exam")


def test_a_unit_that_is_open_by_now_is_shown(export: Export) -> None:
    _outline(export, section="start='2031-01-01T00:00:00Z'", unit="start='2031-06-01T00:00:00Z'")
    (exam,) = export.read(now=JUNE).exams
    assert len(exam.questions) == 1


@pytest.mark.parametrize("hides", ["visible_to_staff_only='true'", "group_access='{&quot;7&quot;: [1, 2]}'"])
@pytest.mark.parametrize("level", ["course", "chapter", "section"])
def test_a_section_that_its_author_hides_brings_no_exam(export: Export, level: str, hides: str) -> None:
    _outline(export, **{level: hides})
    course = export.read()
    assert course.exams == ()
    (left,) = course.left_out
    assert (left.name, left.is_hidden) == ("Exam", True)
    assert hides.partition("=")[0] in left.reason


@pytest.mark.parametrize("hides", ["visible_to_staff_only='true'", "group_access='{&quot;7&quot;: [1]}'"])
def test_a_unit_that_its_author_hides_is_listed(export: Export, hides: str) -> None:
    _outline(export, unit=hides)
    exam = export.exam()
    assert exam.questions == ()
    assert [(left.name, left.kind) for left in exam.unreadable] == [("Unit", "unit")]


@pytest.mark.parametrize("kind", ["problem", "html"])
def test_a_component_that_its_author_hides_is_listed(export: Export, kind: str) -> None:
    inside = '<numericalresponse answer="4"/>' if kind == "problem" else "<p>For the team</p>"
    export.outline(f'<{kind} url_name="x" display_name="X" visible_to_staff_only="true">{inside}</{kind}>')
    exam = export.exam()
    assert (exam.questions, exam.materials_html) == ((), "")
    assert [(left.name, left.kind) for left in exam.unreadable] == [("X", kind)]


@pytest.mark.parametrize(
    "says", ["visible_to_staff_only='false'", "group_access='{}'", "group_access='{&quot;7&quot;: []}'"]
)
@pytest.mark.parametrize("level", ["course", "chapter", "section", "unit"])
def test_what_hides_nothing_is_shown(export: Export, level: str, says: str) -> None:
    _outline(export, **{level: says})
    assert len(export.exam().questions) == 1


def test_all_that_is_wrong_is_named_and_the_others_come_in(export: Export) -> None:
    timed = 'is_time_limited="true" default_time_limit_minutes="30"'
    sections = {
        "good": timed,
        "old": f'{timed} due="June 3 2027 14:00"',
        "older": f'{timed} start="tomorrow"',
        "endless": 'is_time_limited="true"',
        "long": 'is_time_limited="true" default_time_limit_minutes="1000000000000000000000"',
        "backwards": f'{timed} start="2031-06-01T00:00:00Z" due="2031-01-01T00:00:00Z"',
    }
    blocks = (
        f'<sequential url_name="{n}" display_name="{n}" {more}><vertical/></sequential>' for n, more in sections.items()
    )
    export.write("chapter/ch.xml", f"<chapter>{''.join(blocks)}</chapter>")
    course = export.read()
    assert [exam.name for exam in course.exams] == ["good"]
    assert {left.name: left.reason for left in course.left_out} == {
        "old": "it is due at 'June 3 2027 14:00', which is not a date",
        "older": "it starts at 'tomorrow', which is not a date",
        "endless": "it has no time limit; give it one in minutes",
        "long": "its time limit is longer than 527,040 minutes, which is a year",
        "backwards": "it opens on 1 June 2031, 00:00 UTC, which is not before it is due on 1 January 2031, 00:00 UTC",
    }
    assert not any(left.is_hidden for left in course.left_out)


def test_a_chapters_bad_date_stops_its_sections(export: Export) -> None:
    _outline(export, chapter="start='soon'")
    (left,) = export.read().left_out
    assert left.reason == "its chapter starts at 'soon', which is not a date"


def test_one_bad_problem_is_listed_and_the_others_come_in(export: Export) -> None:
    export.outline(f'<problem url_name="bad"/>{PROBLEM}')
    export.write("problem/bad.xml", "<problem><p>No end")
    exam = export.exam()
    assert len(exam.questions) == 1
    assert [(left.name, left.reason) for left in exam.unreadable] == [
        ("bad", "problem/bad.xml is not well-formed XML, see its line 1")
    ]


@pytest.mark.parametrize("timed", ["false", "absent"])
@pytest.mark.parametrize("proctored", ["false", "absent"])
def test_only_both_switches_off_leave_the_exams_alone(export: Export, timed: str, proctored: str) -> None:
    said = {"enable_timed_exams": timed, "enable_proctored_exams": proctored}
    _outline(export, course=" ".join(f"{name}='{value}'" for name, value in said.items() if value != "absent"))
    course = export.read()
    both_off = (timed, proctored) == ("false", "false")
    assert bool(course.leaves_exams_because) == both_off
    assert len(course.exams) == (not both_off)


def test_onboarding_alone_is_a_proctored_practice_exam(export: Export) -> None:
    _outline(export, section="is_onboarding_exam='true'")
    exam = export.exam()
    assert (exam.is_onboarding, exam.is_practice, exam.is_proctored) == (True, True, True)


@pytest.mark.parametrize(("said", "may"), [("true", True), ("false", False), (None, None)])
def test_opting_out_is_as_the_course_says(export: Export, said: str | None, may: bool | None) -> None:
    _outline(export, course=f"allow_proctoring_opt_out='{said}'" if said else "")
    assert export.exam().may_decline is may
