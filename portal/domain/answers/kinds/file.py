"""A file of the learner's, which a person marks. How it arrives is in :mod:`portal.domain.answers.files`."""

from typing import Any

from portal.domain.answers.kinds.answer_kind import AnswerKind, Form
from portal.domain.courses.published import QuestionPublished
from portal.domain.errors import BadInput
from portal.models import Answer, AnswerFile, Question, QuestionKind


class File(AnswerKind):
    """It has no key. The answer: ``{"file": its number, "name": …, "size_bytes": …}``."""

    name = QuestionKind.FILE
    example = QuestionPublished(
        content_id="a-file",
        kind=QuestionKind.FILE,
        title="A file",
        text_html="<p>Upload any small file of yours. It is only for practice.</p>",
        points=1,
        group="a-file",
        original="",
    )
    takes_files = True

    def from_form(self, form: Form, stored: Answer | None) -> Any:
        """A file is sent by a button of its own, so the form leaves it as it is, unless it is taken back."""
        return stored.value if stored and form.get("go") != "take_back" else None

    def check(self, question: Question, value: Any, stored: Answer | None) -> Any:
        if stored is None or value != stored.value:
            raise BadInput("value", "Upload a file for this question.")
        return value

    def text(self, question: Question, value: Any) -> str:
        return str(value["name"]) if value else ""


def value_of(file: AnswerFile) -> dict[str, Any]:
    """The answer that a file is once it is whole."""
    return {"file": file.id, "name": file.name, "size_bytes": file.size_bytes}


def number_in(value: Any) -> int | None:
    """Which file an answer is; None for one that is none."""
    return value.get("file") if isinstance(value, dict) else None
