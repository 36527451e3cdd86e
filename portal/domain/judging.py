"""What share of a question's points an answer earns, kind by kind, as the course format has it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from portal.domain import numbers, patterns, same_text
from portal.domain.arithmetic import evaluated
from portal.models import QuestionKind

ALL, NONE = Decimal(1), Decimal(0)
#: ``halves``: what so many errors leave, and the fewest choices there must be for that.
HALVES = ((0, 0, ALL), (1, 3, Decimal("0.5")), (2, 5, Decimal("0.25")))

#: What is right, as the question's source said it.
Key = Mapping[str, Any]
Judge = Callable[[Key, object, int], Decimal]
"""From the key, the answer and how many choices were offered to a share of 1. Raises what it cannot judge."""


def one_choice(key: Key, value: object, offered: int) -> Decimal:
    """Any of the right choices earns everything; ``partial`` names others with what they earn in per cent."""
    if value in (key["choices"] if "choices" in key else [key["choice"]]):
        return ALL
    return min(Decimal(str(key.get("partial", {}).get(value, 0))) / 100, ALL)


def several_choices(key: Key, value: Any, offered: int) -> Decimal:
    """All the right ones and no other; with ``partial_credit``, something for a part of them.

    ``edc``: every decision counts, for a box ticked as for one left empty. ``halves``: an error halves what is left.
    """
    wrong = len(set(map(str, value)) ^ set(map(str, key["choices"])))
    if key.get("partial_credit") == "edc":
        return Decimal(max(offered - wrong, 0)) / offered
    if key.get("partial_credit") == "halves":
        return next((share for errors, least, share in HALVES if wrong == errors and offered >= least), NONE)
    return NONE if wrong else ALL


def short_text(key: Key, value: object, offered: int) -> Decimal:
    """One of the texts, read as people read it; with ``regexp`` the whole answer must fit one of the patterns."""
    ignores_case = bool(key.get("ignore_case"))
    if key.get("regexp"):
        return ALL if _fits_one(key["texts"], str(value), ignores_case) else NONE
    given, *right = (same_text.as_read(str(text)) for text in (value, *key["texts"]))
    if ignores_case:
        given, right = given.casefold(), [text.casefold() for text in right]
    return ALL if given in right else NONE


def _fits_one(texts: list[object], given: str, ignores_case: bool) -> bool:
    """:raises Unusable: none fits of those that can be run, and one cannot."""
    usable = [str(text) for text in texts if patterns.why_unusable(str(text)) is None]
    if any(patterns.fits(text, given, ignores_case=ignores_case) for text in usable):
        return True
    for text in texts:
        if reason := patterns.why_unusable(str(text)):
            raise patterns.Unusable(f"a pattern in its key cannot be used: {reason}")
    return False


def number(key: Key, value: object, offered: int) -> Decimal:
    """Within the tolerance or the range, or exactly one of the additional answers. What is no number earns nothing."""
    reading = numbers.read(str(value))
    if reading is None:
        return NONE
    given = reading.number
    is_right = _is_near(key, given) if "value" in key else _is_in_range(key, given)
    return ALL if is_right or given in [evaluated(str(one)) for one in key.get("additional", [])] else NONE


def _is_near(key: Key, given: Decimal) -> bool:
    right = Decimal(str(key["value"]))
    margin = Decimal(str(key.get("tolerance", "0")))
    if "tolerance_percent" in key:
        margin = abs(right) * Decimal(str(key["tolerance_percent"])) / 100
    return abs(given - right) <= margin


def _is_in_range(key: Key, given: Decimal) -> bool:
    low, high = (Decimal(str(key[end])) if key.get(end) is not None else None for end in ("low", "high"))
    above = low is None or given > low or (given == low and bool(key.get("low_inclusive", True)))
    below = high is None or given < high or (given == high and bool(key.get("high_inclusive", True)))
    return above and below


JUDGES: dict[QuestionKind, Judge] = {
    QuestionKind.ONE_CHOICE: one_choice,
    QuestionKind.SEVERAL_CHOICES: several_choices,
    QuestionKind.SHORT_TEXT: short_text,
    QuestionKind.NUMBER: number,
}
