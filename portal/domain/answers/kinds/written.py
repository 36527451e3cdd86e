"""What the kinds have in common in which learners write."""

from typing import Any

from portal.domain.answers.kinds.answer_kind import AnswerKind
from portal.domain.errors import BadInput
from portal.domain.text.clean_text import clean
from portal.models import Answer, Question

LARGEST_TEXT_BYTES = 64 * 1024


class Written(AnswerKind):
    """An answer is a text."""

    def check(self, question: Question, value: Any, stored: Answer | None) -> Any:
        if not isinstance(value, str):
            raise BadInput("value", "Send the answer as text.")
        if len(value.encode("utf-8", "surrogatepass")) > LARGEST_TEXT_BYTES:
            raise BadInput("value", "This answer is longer than 64 kB. Shorten it; what you have typed is still here.")
        return clean(value)

    def text(self, question: Question, value: Any) -> str:
        return str(value or "")
