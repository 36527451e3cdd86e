"""Responses in which learners give a number."""

from decimal import Decimal
from xml.etree.ElementTree import Element

from portal.domain.arithmetic import NotANumber, evaluated
from portal.models.question import QuestionKind
from portal.sources.olx.responses.answered import Answered, Asked, Unanswerable

# What the format's own grading allows when the author gives no tolerance.
USUAL_TOLERANCE = "0.001%"


def read_number(asked: Asked) -> Answered:
    """A number, perhaps with a tolerance, or a range such as [1,2); besides it, others that are right exactly."""
    response = asked.response
    answer = (response.get("answer") or "").strip()
    if "$" in answer:
        raise Unanswerable(f"a script works out its answer, {answer}")
    is_range = answer[:1] in ("[", "(") and "," in answer
    key: dict[str, object] = _range(answer) if is_range else _value(answer, _tolerance(response))
    more = [text(_number(one.get("answer") or one.text or "")) for one in response.findall("additional_answer")]
    if more:
        key["additional"] = list(dict.fromkeys(more))
    return Answered(kind=QuestionKind.NUMBER, key=key)


def _range(answer: str) -> dict[str, object]:
    bounds = answer[1:-1].split(",")
    if answer[-1] not in "])" or len(bounds) != 2:
        raise Unanswerable(f"its range {answer!r} cannot be read")
    low, high = (_number(bound) for bound in bounds)
    if low > high:
        raise Unanswerable(f"its range {answer!r} ends before it begins")
    return {
        "low": text(low),
        "high": text(high),
        "low_inclusive": answer[0] == "[",
        "high_inclusive": answer[-1] == "]",
    }


def _value(answer: str, tolerance: str) -> dict[str, object]:
    key: dict[str, object] = {"value": text(_number(answer))}
    percent = tolerance.endswith("%")
    allowed = text(abs(_number(tolerance.removesuffix("%"))))
    return key | {"tolerance_percent" if percent else "tolerance": allowed}


def _tolerance(response: Element) -> str:
    for parameter in response.iter("responseparam"):
        if parameter.get("type") == "tolerance":
            return (parameter.get("default") or USUAL_TOLERANCE).strip()
    return USUAL_TOLERANCE


def _number(written: str) -> Decimal:
    try:
        return evaluated(written)
    except NotANumber as error:
        raise Unanswerable(f"{written.strip()!r} cannot be read as a number") from error


def text(number: Decimal) -> str:
    """The number in plain decimal digits, without an exponent."""
    plain = format(number.normalize(), "f")
    return "0" if plain == "-0" else plain
