"""Small courses that people reported as going wrong: read, and an answer marked, as the format has it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from portal.domain.answers.marking import mark
from portal.models import Question

if TYPE_CHECKING:
    from tests.sources.conftest import Export

WITHDRAWN = (
    "<p>This question was withdrawn; every answer counts.</p><multiplechoiceresponse><choicegroup>"
    "<choice correct='true'>More</choice><choice correct='true'>Less</choice><choice correct='true'>Same</choice>"
    "</choicegroup></multiplechoiceresponse>"
)
DEFENSIBLE = WITHDRAWN.replace("<choice correct='true'>Same", "<choice correct='false'>Same")
BOXES = (
    "<choiceresponse partial_credit='EDC'><checkboxgroup><choice correct='true'>2</choice>"
    "<choice correct='true'>4</choice><choice correct='false'>5</choice></checkboxgroup></choiceresponse>"
)
POINTS = (
    "<multiplechoiceresponse partial_credit='points'><choicegroup><choice correct='true'>A</choice>"
    "<choice correct='partial' point_value='0.25'>B</choice><choice correct='false'>C</choice>"
    "</choicegroup></multiplechoiceresponse>"
)
HALF = (
    "<numericalresponse answer='0.5'><responseparam type='tolerance' default='1%'/>"
    "<additional_answer answer='50'/><formulaequationinput/></numericalresponse>"
)
OWL = "<stringresponse answer='owl' type='ci regexp'><textline/></stringresponse>"
COLOUR = (
    "<stringresponse answer='red' type='ci regexp'><additional_answer answer='gr[ae]y'/><textline/></stringresponse>"
)
PER_CENT = "<numericalresponse answer='20'><formulaequationinput trailing_text='%'/></numericalresponse>"
CAMPUS = WITHDRAWN.replace("correct='true'", "correct='false'")


@pytest.mark.parametrize(
    ("inside", "answer", "points"),
    [
        *((WITHDRAWN, f"choice_{place}", 3) for place in range(3)),
        *((DEFENSIBLE, f"choice_{place}", worth) for place, worth in enumerate((3, 3, 0))),
        (BOXES, ["choice_0"], 2),
        (BOXES, ["choice_0", "choice_1"], 3),
        (BOXES, ["choice_2"], 0),
        (POINTS, "choice_1", Decimal("0.75")),
        *((HALF, given, worth) for given, worth in (("0.5", 3), ("0.503", 3), ("50", 3), ("50.3", 0), ("0.6", 0))),
        *((OWL, given, worth) for given, worth in (("owl", 3), ("OWL", 3), (" owl ", 3), ("growl", 0), ("owl.", 0))),
        (OWL.replace("owl", ".*owl.*"), "a growling dog", 3),
        *((COLOUR, given, worth) for given, worth in (("red", 3), ("Grey", 3), ("redder", 0), ("dark gray", 0))),
        (PER_CENT, "20", 3),
        (CAMPUS, "choice_0", None),
    ],
)
def test_an_answer_is_marked_as_the_format_has_it(export: Export, inside: str, answer: Any, points: Any) -> None:
    (read,) = export.questions(f"<problem weight='3'>{inside}</problem>")
    choices = [{"id": choice.id} for choice in read.choices]
    assert mark(Question(kind=read.kind, key=read.key, points=read.points, choices=choices), answer) == points
