"""What is as large as an export may be takes seconds, not minutes, and is refused where nobody could want it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from portal.domain.courses.versions import content_of
from portal.sources.errors import UnusableSource

if TYPE_CHECKING:
    from tests.sources.conftest import Export

#: Far above what any of these takes on a slow machine, far below what they took.
SECONDS = 20
NUMBER = "<numericalresponse answer='1'/>"
HEAVY = {
    "attribute": f"<problem x='{'a' * 3_000_000}'>{NUMBER}</problem>",
    "options": f'<problem><optionresponse><optioninput options="({"x," * 500_000})"/></optionresponse></problem>',
    "choices": f"<problem><choiceresponse>{'<choice/>' * 100_000}</choiceresponse></problem>",
    "hidden": "<problem>" + "<i hidden=''/>a" * 200_000 + f"{NUMBER}</problem>",
    "formulas": "<problem>" + r"\(x^2\)" * 200_000 + f"{NUMBER}</problem>",
    "parts": f"<problem>{NUMBER * 5_000}</problem>",
    "gaps": f"<problem><table><tr>{f'<td>{NUMBER}</td>' * 400}</tr></table></problem>",
    "picture": f"<problem><img src='data:image/png;base64,{'A' * 9_000_000}'/>{NUMBER}</problem>",
}


@pytest.mark.parametrize("problem", HEAVY.values(), ids=HEAVY)
def test_heavy_problems_take_no_minutes(export: Export, problem: str) -> None:
    began = time.process_time()
    export.questions(problem)
    content_of(export.exam())
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(
    "page",
    [
        "<p " + "a" * 3_000_000 + ">",
        "<p " + "a " * 1_000_000 + ">",
        "<!--" * 500_000,
        "<pre>" * 500_000,
        r"\(" * 1_000_000,
        "<style>" + "@" * 1_000_000 + "</style>",
        "<style>" + "/*" * 500_000 + "</style>",
        "<" * 2_000_000,
        "<p a='" * 300_000,
    ],
    ids=lambda page: page[:8],
)
def test_heavy_pages_take_no_minutes(export: Export, page: str) -> None:
    export.outline('<html url_name="h"/>')
    export.write("html/h.html", page)
    began = time.process_time()
    content_of(export.exam())
    assert time.process_time() - began < SECONDS


def test_more_sections_than_a_course_has(export: Export) -> None:
    one = '<sequential url_name="s{}" is_time_limited="true" default_time_limit_minutes="5"/>'
    export.write("chapter/ch.xml", f"<chapter>{''.join(map(one.format, range(10_000)))}</chapter>")
    with pytest.raises(UnusableSource, match="more than 500 timed sections"):
        export.read()
