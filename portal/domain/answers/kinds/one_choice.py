"""One choice among several."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from portal.domain.answers.kinds.answer_kind import ALL, Key
from portal.domain.answers.kinds.chosen import Chosen, ids_of
from portal.domain.courses.published import ChoicePublished, QuestionPublished
from portal.domain.errors import BadInput
from portal.models import Answer, Question, QuestionKind


class OneChoice(Chosen):
    """The key: ``{"choice": id}`` or ``{"choices": [ids]}``, any of which is right; with part credit also
    ``"partial": {id: per cent}``. The answer: an id.
    """

    name = QuestionKind.ONE_CHOICE
    example = QuestionPublished(
        content_id="one-choice",
        kind=QuestionKind.ONE_CHOICE,
        title="One choice",
        text_html="<p>Which of these moves while you answer?</p>",
        points=1,
        choices=(
            ChoicePublished(id="a", html="The clock"),
            ChoicePublished(id="b", html="The question"),
            ChoicePublished(id="c", html="The deadline"),
        ),
        key={"choice": "a"},
        group="one-choice",
        original="",
    )

    def check(self, question: Question, value: Any, stored: Answer | None) -> Any:
        if not isinstance(value, str):
            raise BadInput("value", "Send the answer as text.")
        if value and value not in ids_of(question):
            raise BadInput("value", "Choose one of the answers shown.")
        return value

    def judge(self, key: Key, value: Any, offered: int) -> Decimal:
        """Any of the right choices earns everything; ``partial`` names others with what they earn in per cent."""
        if value in _right(key):
            return ALL
        return min(Decimal(str(key.get("partial", {}).get(value, 0))) / 100, ALL)

    def named(self, key: Key) -> list[str] | None:
        partial = key.get("partial", {})
        if not ("choices" in key or "choice" in key) or not isinstance(partial, dict):
            return None
        right = _right(key)
        return [*right, *partial] if isinstance(right, list) else None

    def right_answer(self, key: Key) -> Any:
        return next(iter(_right(key)), None)

    def wrong_answer(self, key: Key, choice_ids: Collection[str]) -> Any:
        return next((one for one in choice_ids if one not in _right(key)), None)


def _right(key: Key) -> Any:
    return key["choices"] if "choices" in key else [key["choice"]]
