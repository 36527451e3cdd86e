"""A number, in whichever way people write one."""

from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.domain.answers.kinds.answer_kind import ALL, NONE, ByMachine, Key
from portal.domain.answers.kinds.written import Written
from portal.domain.courses.published import QuestionPublished
from portal.domain.text import numbers
from portal.domain.text.arithmetic import NotANumber, evaluated
from portal.models import QuestionKind

AMOUNTS = ("value", "tolerance", "tolerance_percent", "low", "high")


class Number(Written, ByMachine):
    """The key: ``{"value": "9.81"}``, perhaps with ``"tolerance": "0.05"`` (absolute) or ``"tolerance_percent": "5"``;
    or ``{"low": "1", "high": "2", "low_inclusive": bool, "high_inclusive": bool}``, of which either end may be missing.
    What is in ``"additional": ["50"]`` is right exactly. The answer: a text, read by :mod:`portal.domain.text.numbers`.
    """

    name = QuestionKind.NUMBER
    example = QuestionPublished(
        content_id="a-number",
        kind=QuestionKind.NUMBER,
        title="A number",
        text_html="<p>How many minutes are in a quarter of an hour?</p>",
        points=1,
        key={"value": "15", "tolerance": "0"},
        group="a-number",
        original="",
    )
    reads_numbers = True

    def why_unusable(self, key: Key, choice_ids: Collection[str]) -> str | None:
        named = {name: key[name] for name in AMOUNTS if key.get(name) is not None}
        if not named.keys() & {"value", "low", "high"}:
            return "its key names no number"
        strange = [one for one in named.values() if not _is_plain(one)]
        strange += [one for one in key.get("additional", []) if not _is_number(str(one))]
        return f"{strange[0]!r} cannot be read as a number" if strange else None

    def judge(self, key: Key, value: Any, offered: int) -> Decimal:
        """Within the tolerance or the range, or exactly one of the additional. What is no number earns nothing."""
        reading = numbers.read(str(value))
        if reading is None:
            return NONE
        given = reading.number
        is_right = _is_near(key, given) if "value" in key else _is_in_range(key, given)
        return ALL if is_right or given in [evaluated(str(one)) for one in key.get("additional", [])] else NONE

    def right_answer(self, key: Key) -> Any:
        return key.get("value")

    def wrong_answer(self, key: Key, choice_ids: Collection[str]) -> Any:
        return "1"


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


def _is_plain(written: Any) -> bool:
    """Whether it is a number in digits, within what anybody measures."""
    try:
        Decimal(str(written))
    except InvalidOperation:
        return False
    return _is_number(str(written))


def _is_number(written: str) -> bool:
    try:
        evaluated(written)
    except NotANumber:
        return False
    return True
