"""How a question stands: one place says it for its sign in the list, its line in the check, and the count."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.domain.answers import kinds
from portal.models import Answer, Question
from portal.web.attempt.page.number_shown import NumberShown, number_shown


@dataclass(frozen=True, kw_only=True)
class QuestionState:
    is_answered: bool
    is_flagged: bool
    number: NumberShown | None
    """How a number is read; None where none is asked for, or nothing stands there."""

    @property
    def is_unread(self) -> bool:
        """Whether a number is asked for, and what stands there is none."""
        return self.number is not None and not self.number.is_number

    @property
    def is_fine(self) -> bool:
        """Whether nothing needs to be looked at again."""
        is_doubtful = self.number is not None and self.number.is_doubtful
        return self.is_answered and not (self.is_flagged or self.is_unread or is_doubtful)

    @property
    def sign(self) -> str:
        """flag, unread, done or open; the list has one sign for each question."""
        return "flag" if self.is_flagged else "unread" if self.is_unread else "done" if self.is_answered else "open"


def state_of(question: Question, answer: Answer | None) -> QuestionState:
    if answer is None:
        return QuestionState(is_answered=False, is_flagged=False, number=None)
    return QuestionState(
        is_answered=kinds.of(question).is_answered(answer.value),
        is_flagged=answer.is_flagged,
        number=number_shown(question, answer.value),
    )


@dataclass(frozen=True, kw_only=True)
class Progress:
    total: int
    answered: int
    flagged: int


def progress(states: Collection[QuestionState]) -> Progress:
    return Progress(
        total=len(states),
        answered=sum(one.is_answered for one in states),
        flagged=sum(one.is_flagged for one in states),
    )
