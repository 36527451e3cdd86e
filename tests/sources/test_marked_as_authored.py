"""From the author's text to the points: what a course export says is right earns points, and nothing else does."""

from decimal import Decimal

import pytest

from portal.domain.answers.marking import mark
from portal.models import Question
from tests.sources.conftest import Export

PATTERN = '<stringresponse answer="{answer}" type="ci regexp">{more}<textline/></stringresponse>'
NUMBER = '<numericalresponse answer="{answer}">{more}<formulaequationinput/></numericalresponse>'
ONE_PERCENT = '<responseparam type="tolerance" default="1%"/>'
OWL = PATTERN.format(answer="owl", more="")
OWL_WITHIN = PATTERN.format(answer=".*owl.*", more="")
COLOUR = PATTERN.format(answer="red", more='<additional_answer answer="gr[ae]y"/>')
THIRD = NUMBER.format(answer="1/3", more=ONE_PERCENT)
THOUSAND = NUMBER.format(answer="1000", more="")
FOUR = NUMBER.format(answer="4", more="")
MARKED = [
    (OWL, "owl", 1), (OWL, "OWL", 1), (OWL, " owl ", 1), (OWL, "growl", 0), (OWL, "owl.", 0),
    (OWL, "a growling dog", 0), (OWL_WITHIN, "growl", 1),
    (COLOUR, "red", 1), (COLOUR, "gray", 1), (COLOUR, "infrared", 0), (COLOUR, "greyish", 0),
    (THIRD, "1/3", 1), (THIRD, "0.333", 1), (THIRD, "1/0", 0), (THIRD, "9^9^9^9", 0),
    (THIRD, "33.3%", 1), (THIRD, "3%", 0), (THOUSAND, "1,000", 0),
    (THOUSAND, "1,000.0", 1), (THOUSAND, "1000", 1), (THOUSAND, "10^3", 1), (THOUSAND, "1k", 1),
    (FOUR, "1e1000000", 0), (FOUR, "-1e1000000", 0), (FOUR, "1E+999999999", 0), (FOUR, "2^2", 1),
]  # fmt: skip


@pytest.mark.parametrize(("response", "answer", "points"), MARKED)
def test_an_answer_earns_what_the_author_says(export: Export, response: str, answer: str, points: int) -> None:
    [asked] = export.questions(f"<problem><p>Which?</p>{response}</problem>")
    assert asked.problem is None
    question = Question(kind=asked.kind, key=asked.key, points=asked.points)
    assert mark(question, answer) == Decimal(points)
