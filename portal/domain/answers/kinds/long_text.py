"""Sentences, an essay: a person reads and marks it."""

from portal.domain.answers.kinds.written import Written
from portal.domain.courses.published import QuestionPublished
from portal.models import QuestionKind


class LongText(Written):
    """It has no key. The answer: a text."""

    name = QuestionKind.LONG_TEXT
    example = QuestionPublished(
        content_id="a-long-text",
        kind=QuestionKind.LONG_TEXT,
        title="A long text",
        text_html="<p>Write two or three sentences about anything. Wait a moment, and see that they are saved.</p>",
        points=2,
        group="a-long-text",
        original="",
    )
