"""Any number of choices among several."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from portal.domain.answers.kinds.answer_kind import ALL, NONE, Form, Key
from portal.domain.answers.kinds.chosen import Chosen, ids_of
from portal.domain.courses.published import ChoicePublished, QuestionPublished
from portal.domain.errors import BadInput
from portal.models import Answer, Question, QuestionKind

#: ``halves``: what so many errors leave, and the fewest choices there must be for that.
HALVES = ((0, 0, ALL), (1, 3, Decimal("0.5")), (2, 5, Decimal("0.25")))


class SeveralChoices(Chosen):
    """The key: ``{"choices": [ids]}``, perhaps with ``"partial_credit": "edc"`` or ``"halves"``.
    The answer: a sorted list of ids.
    """

    name = QuestionKind.SEVERAL_CHOICES
    example = QuestionPublished(
        content_id="several-choices",
        kind=QuestionKind.SEVERAL_CHOICES,
        title="Several choices",
        text_html="<p>Which of these can you do in an exam here? Choose all that fit.</p>",
        points=2,
        choices=(
            ChoicePublished(id="a", html="Go back to an earlier question"),
            ChoicePublished(id="b", html="Mark a question to look at again"),
            ChoicePublished(id="c", html="Pause the clock yourself"),
            ChoicePublished(id="d", html="Hide the time and read it when you want"),
        ),
        key={"choices": ["a", "b", "d"]},
        group="several-choices",
        original="",
    )

    def typed(self, form: Form) -> Any:
        return form.getlist("value")

    def check(self, question: Question, value: Any, stored: Answer | None) -> Any:
        if not isinstance(value, list) or not {str(one) for one in value} <= ids_of(question):
            raise BadInput("value", "Choose from the answers shown.")
        return sorted({str(one) for one in value})

    def judge(self, key: Key, value: Any, offered: int) -> Decimal:
        """All the right ones and no other; with ``partial_credit``, something for a part of them.

        ``edc``: every decision counts, for a box ticked as for one left empty.
        ``halves``: an error halves what is left.
        """
        wrong = len(set(map(str, value)) ^ set(map(str, key["choices"])))
        if key.get("partial_credit") == "edc":
            return Decimal(max(offered - wrong, 0)) / offered
        if key.get("partial_credit") == "halves":
            return next((share for errors, least, share in HALVES if wrong == errors and offered >= least), NONE)
        return NONE if wrong else ALL

    def named(self, key: Key) -> list[str] | None:
        right = key.get("choices")
        return right if isinstance(right, list) else None

    def right_answer(self, key: Key) -> Any:
        return key["choices"] or None

    def wrong_answer(self, key: Key, choice_ids: Collection[str]) -> Any:
        return [*choice_ids][:1]
