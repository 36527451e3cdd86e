"""Timed sections of a course and the components that stand in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sources.conftest import Export


@pytest.mark.parametrize(
    ("due", "closes_at"),
    [
        ("2030-06-01T16:00:00Z", datetime(2030, 6, 1, 16, tzinfo=UTC)),
        ("&quot;2030-06-01T18:00:00+02:00&quot;", datetime(2030, 6, 1, 16, tzinfo=UTC)),
        ("2030-06-01T16:00:00", datetime(2030, 6, 1, 16, tzinfo=UTC)),
        ("null", None),
        ("", None),
    ],
)
def test_due_dates_are_read_as_utc(export: Export, due: str, closes_at: datetime | None) -> None:
    export.outline("", f'due="{due}"')
    assert export.exam().closes_at == closes_at


def test_a_section_takes_over_the_due_date_of_its_chapter(export: Export) -> None:
    chapter = '<chapter due="2030-01-01T00:00:00Z"><sequential url_name="exam"/></chapter>'
    export.write("chapter/ch.xml", chapter)
    assert export.exam().closes_at == datetime(2030, 1, 1, tzinfo=UTC)


def test_kinds_and_rules(export: Export) -> None:
    export.outline("", 'is_proctored_exam="true" is_onboarding_exam="true" exam_review_rules="&quot;One&quot;"')
    exam = export.exam()
    assert (exam.is_proctored, exam.is_onboarding, exam.is_practice) == (True, True, True)
    assert exam.review_rules == "One"
    assert exam.content_id == "block-v1:Org+C1+run+type@sequential+block@exam"


@pytest.mark.parametrize("limit", ["0", "", "null", "soon"])
def test_a_timed_section_needs_a_limit(export: Export, limit: str) -> None:
    section = f'<sequential display_name="S" is_time_limited="true" default_time_limit_minutes="{limit}"/>'
    export.write("sequential/exam.xml", section)
    (left,) = export.read().left_out
    assert (left.name, left.reason) == ("S", "it has no time limit; give it one in minutes")


def test_sections_out_of_reach_or_untimed_are_no_exams(export: Export) -> None:
    export.write("sequential/orphan.xml", '<sequential is_time_limited="true"/>')
    export.write("sequential/exam.xml", '<sequential is_time_limited="false"/>')
    assert export.read().exams == ()


def test_the_course_policy_fills_in_what_the_course_leaves_out(export: Export) -> None:
    export.write("policies/run/policy.json", '{"course/run": {"proctoring_provider": "mock"}}')
    course = export.read()
    assert (course.key, course.name, course.provider) == ("course-v1:Org+C1+run", "A course", "mock")


def test_html_becomes_materials_with_their_pictures(export: Export) -> None:
    export.outline('<html url_name="h" display_name="Sheet"/><html url_name="h"/>')
    export.write("static/a.png", b"picture")
    export.write("static/sheet.pdf", b"%PDF")
    export.write(
        "html/h.html",
        "<p>x&nbsp;&lt; 1<br></p><script>alert(1)</script><img src='/static/a.png'>"
        "<a href='/static/sheet.pdf'>Sheet</a><a href='/jump_to_id/x'>Away</a><!-- <iframe> -->"
        "<img src='/static/gone.png'><iframe src='/x'>Inside</iframe><button>Press</button>",
    )
    exam = export.exam()
    assert exam.materials_html.startswith('<h3>Unit</h3>\n<p>x&nbsp;&lt; 1<br></p><img src="asset:a.png">')
    assert '<a href="asset:sheet.pdf">Sheet</a><a href="">Away</a>' in exam.materials_html
    for gone in ("alert", "Inside", "Press"):
        assert gone not in exam.materials_html
    assert [asset.media_type for asset in exam.assets] == ["image/png", "application/pdf"]
    assert [(left.kind, left.name) for left in exam.unreadable] == [
        ("picture", "gone.png"),
        ("html", "Sheet"),
    ]


def test_other_components_are_listed_by_name_and_kind(export: Export) -> None:
    export.outline(
        '<video url_name="v" display_name="Film"/><problem url_name="gone"/>'
        '<drag-and-drop-v2 url_name="d" display_name="Drag" data="{}"/>'
        '<sculpture url_name="s" display_name="Clay" data="{}"/>'
        '<problem url_name="empty" display_name="Empty"><p>No question</p></problem>'
    )
    left = [(component.kind, component.name, component.reason) for component in export.exam().unreadable]
    assert left == [
        ("video", "Film", "videos are not shown during an exam"),
        ("problem", "gone", "the export has no file for it"),
        ("drag-and-drop-v2", "Drag", "drag-and-drop questions are not supported"),
        ("sculpture", "Clay", "this type of component is not supported"),
        ("problem", "Empty", "it has no question of a type that is supported"),
    ]


def test_a_unit_that_holds_itself_is_read_once(export: Export) -> None:
    export.outline('<vertical url_name="unit"/><problem url_name="p"><numericalresponse answer="1"/></problem>')
    assert len(export.exam().questions) == 1
