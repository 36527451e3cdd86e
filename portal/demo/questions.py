"""Short ways to write a question down, so that the demo's exams read like exams."""

from typing import Any

from portal.domain.answers.kinds import AnswerKind, LongText, Number, OneChoice, SeveralChoices, ShortText
from portal.domain.courses.published import ChoicePublished, QuestionPublished
from portal.domain.courses.slugs import readable

LETTERS = "abcdefgh"


def one(title: str, asks: str, *choices: str) -> QuestionPublished:
    """One right choice: the one that begins with a star."""
    [right] = _starred(choices)
    return _question(title, asks, OneChoice, choices=choices, key={"choice": right})


def several(title: str, asks: str, *choices: str, points: int = 2) -> QuestionPublished:
    """Every choice that begins with a star is right, and all of them are asked for."""
    key = {"choices": _starred(choices)}
    return _question(title, asks, SeveralChoices, choices=choices, key=key, points=points)


def word(title: str, asks: str, *right: str) -> QuestionPublished:
    """A word or a few; capital letters do not count."""
    return _question(title, asks, ShortText, key={"texts": [*right], "ignore_case": True, "regexp": False})


def number(title: str, asks: str, value: str, *, within: str = "0", points: int = 2) -> QuestionPublished:
    return _question(title, asks, Number, key={"value": value, "tolerance": within}, points=points)


def essay(title: str, asks: str, *, points: int = 5) -> QuestionPublished:
    """Marked by a person."""
    return _question(title, asks, LongText, points=points)


def _starred(choices: tuple[str, ...]) -> list[str]:
    return [letter for letter, choice in zip(LETTERS, choices, strict=False) if choice.startswith("*")]


def _question(
    title: str,
    asks: str,
    kind: type[AnswerKind],
    *,
    choices: tuple[str, ...] = (),
    key: dict[str, Any] | None = None,
    points: int = 1,
) -> QuestionPublished:
    name = readable(title, "question")
    return QuestionPublished(
        content_id=name,
        kind=kind.name,
        title=title,
        text_html=asks if asks.startswith("<") else f"<p>{asks}</p>",
        points=points,
        choices=tuple(
            ChoicePublished(id=letter, html=choice.removeprefix("*"))
            for letter, choice in zip(LETTERS, choices, strict=False)
        ),
        key=key or {},
        group=name,
        original="",
    )
