"""What one kind of question is: all that the portal does for it and not for others, in one class each."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from portal.domain.courses.published import QuestionPublished
from portal.models import Answer, Question, QuestionKind

ALL, NONE = Decimal(1), Decimal(0)
#: What a question is marked by: see the class of its kind.
Key = dict[str, Any]


class Form(Protocol):
    """The fields that a page without a script sends."""

    def get(self, key: str, /) -> str | None: ...

    def getlist(self, key: str, /) -> list[str]: ...


class AnswerKind(ABC):
    """A kind of question whose answers a person marks. One object serves all questions of the kind; it keeps nothing.

    Its fields stand in :attr:`template`, one macro for each place that shows a question or an answer:
    ``field(question, value, ref)`` for learners and ``said(question, value, ref)`` for the team, and where the kind
    needs them ``form_data(question, value, ref)``, attributes of the form, and ``more()``, buttons below the field.
    The page's script reads the fields as ``static/js/answer_fields.js`` has it, which knows no kind.
    """

    name: ClassVar[QuestionKind]
    example: ClassVar[QuestionPublished]
    """A question of this kind: what the demo's practice exam shows, and what the tests of all kinds try."""
    is_by_machine: ClassVar[bool] = False
    has_choices: ClassVar[bool] = False
    takes_files: ClassVar[bool] = False
    """The answer is a file. It is sent by requests of its own; the question's form leaves it as it stands."""
    reads_numbers: ClassVar[bool] = False
    """The page says how it reads what was typed, and that it is no number, if it is none."""

    @property
    def template(self) -> str:
        return f"answer_kinds/{self.name.value}.html"

    @property
    def label(self) -> str:
        """For the course team."""
        return self.name.value.replace("_", " ")

    def from_form(self, form: Form, stored: Answer | None) -> Any:
        """What the form says, of which ``stored`` is the answer as it stands; None is no answer."""
        return None if form.get("go") == "clear" else self.typed(form) or None

    def typed(self, form: Form) -> Any:
        return form.get("value")

    @abstractmethod
    def check(self, question: Question, value: Any, stored: Answer | None) -> Any:
        """``value``, which is not None, as it will be kept; ``stored`` is the answer as it stands.

        :raises BadInput: no answer to this question is like that.
        """

    def is_answered(self, value: Any) -> bool:
        """Whether ``value`` counts as an answer: a tick among the question numbers, one more of those answered.

        The page has the same rule until it is loaded again (``isAnswer``).
        """
        return value not in (None, "", []) and not (isinstance(value, str) and not value.strip())

    @abstractmethod
    def text(self, question: Question, value: Any) -> str:
        """The answer as plain text, for whoever has no page: a list, a receipt, a message. Empty for None."""

    def is_marked(self, key: Key) -> bool:
        """Whether its points can be earned. A question for a machine, without a key, only asks, as a survey does."""
        return True

    def why_unusable(self, key: Key, choice_ids: Collection[str]) -> str | None:
        """Why answers cannot be marked by this key, to follow the question's name and a colon; None if they can."""
        return "a person marks it, so nothing is done with its key" if key else None


class ByMachine(AnswerKind):
    """A kind of question that is marked as soon as an exam ends. ``key`` is never empty where a method takes one."""

    is_by_machine = True

    def is_marked(self, key: Key) -> bool:
        return bool(key)

    @abstractmethod
    def why_unusable(self, key: Key, choice_ids: Collection[str]) -> str | None: ...

    @abstractmethod
    def judge(self, key: Key, value: Any, offered: int) -> Decimal:
        """What share of the points ``value`` earns, which is not empty, of ``offered`` choices; 1 is all of them.

        Whatever it raises means that nobody but a person can say.
        """

    @abstractmethod
    def right_answer(self, key: Key) -> Any:
        """An answer that earns everything; None where the key names none, as a pattern does not."""

    @abstractmethod
    def wrong_answer(self, key: Key, choice_ids: Collection[str]) -> Any:
        """An answer, such as a learner may give, that does not earn everything by any usual key."""
