"""For tests of every kind of question: the example that each kind names, and an answer to it."""

from typing import Any

from portal.domain.answers.kinds import AnswerKind, ByMachine


def example(kind: AnswerKind) -> dict[str, Any]:
    """The facts of its example as they are stored; ``make.exam`` takes them, and so does ``Question``."""
    shown = kind.example
    choices = [{"id": choice.id, "html": choice.html} for choice in shown.choices]
    facts = {"title": shown.title, "text_html": shown.text_html, "points": shown.points}
    return {"kind": shown.kind, "choices": choices, "key": shown.key, **facts}


def answer_to(kind: AnswerKind) -> Any:
    """An answer as it is stored; the right one, where a machine says which that is."""
    if isinstance(kind, ByMachine):
        return kind.right_answer(kind.example.key)
    return {"file": 1, "name": "plan.pdf", "size_bytes": 9} if kind.takes_files else "In my own words"
