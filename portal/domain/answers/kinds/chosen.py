"""What the kinds have in common in which learners choose among answers that are shown."""

from abc import abstractmethod
from collections.abc import Collection
from typing import Any

from portal.domain.answers.kinds.answer_kind import ByMachine, Key
from portal.domain.text.sanitising import plain
from portal.models import Question


def ids_of(question: Question) -> set[str]:
    return {str(choice["id"]) for choice in question.choices}


class Chosen(ByMachine):
    """An answer is the id of a choice, or a list of them."""

    has_choices = True

    def text(self, question: Question, value: Any) -> str:
        ids = value if isinstance(value, list) else [value]
        chosen = [choice for choice in question.choices if choice["id"] in ids]
        return ", ".join(plain(str(choice["html"])) or str(choice["id"]) for choice in chosen)

    def why_unusable(self, key: Key, choice_ids: Collection[str]) -> str | None:
        if not choice_ids:
            return "it has no choices"
        named = self.named(key)
        if named is None:
            return "its key names no choices"
        strange = next((one for one in named if one not in tuple(choice_ids)), None)
        return None if strange is None else f"its key names {strange!r}, which is none of its choices"

    @abstractmethod
    def named(self, key: Key) -> list[str] | None:
        """Every choice that the key speaks of; None when it cannot be read."""
