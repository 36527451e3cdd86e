"""The kinds of question there are. Whoever needs to know what differs between them asks the class of the kind.

A new kind is a member of ``QuestionKind``, a class here with its line in the table, and a template of its name.
"""

from sqlalchemy import Row

from portal.domain.answers.kinds.answer_kind import AnswerKind, ByMachine
from portal.domain.answers.kinds.file import File
from portal.domain.answers.kinds.long_text import LongText
from portal.domain.answers.kinds.number import Number
from portal.domain.answers.kinds.one_choice import OneChoice
from portal.domain.answers.kinds.several_choices import SeveralChoices
from portal.domain.answers.kinds.short_text import ShortText
from portal.domain.courses.published import QuestionPublished
from portal.models import Question, QuestionKind

#: In the order in which the demo's practice exam shows them.
KINDS: dict[QuestionKind, AnswerKind] = {
    kind.name: kind for kind in (OneChoice(), SeveralChoices(), ShortText(), Number(), LongText(), File())
}
BY_PERSON = tuple(name for name, kind in KINDS.items() if not kind.is_by_machine)

__all__ = [
    "BY_PERSON", "KINDS", "AnswerKind", "ByMachine", "File", "LongText", "Number", "OneChoice",
    "SeveralChoices", "ShortText", "is_marked", "of",
]  # fmt: skip


def of(question: Question | QuestionPublished | Row[*tuple[object, ...]]) -> AnswerKind:
    return KINDS[question.kind]


def is_marked(question: Question | QuestionPublished | Row[*tuple[object, ...]]) -> bool:
    """Whether its points can be earned."""
    return of(question).is_marked(question.key)
