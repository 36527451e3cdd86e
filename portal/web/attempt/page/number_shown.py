"""How the page says it reads a number, so that nobody is marked for another one than they meant."""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal

from portal import languages
from portal.domain.answers import kinds
from portal.domain.text import numbers
from portal.languages import gettext
from portal.models import Question
from portal.web.attempt import bp

#: Beyond these powers of ten a number is written with one.
PLAIN_POWERS = range(-9, 15)


@dataclass(frozen=True, kw_only=True)
class NumberShown:
    """What stands in the field of a number, as it is read."""

    is_number: bool
    is_doubtful: bool
    """Others would read another number in it, so it is worth another look."""
    says: str
    """A sentence for beside the field; empty where it says nothing new."""


@bp.app_template_filter()
def number_shown(question: Question, value: object) -> NumberShown | None:
    """None where no number is asked for, or nothing stands there."""
    kind = kinds.of(question)
    if not kind.reads_numbers or not kind.is_answered(value):
        return None
    reading = numbers.read(str(value))
    if reading is None:
        return NumberShown(is_number=False, is_doubtful=False, says=gettext("Not a number yet"))
    if reading.is_obvious:
        return NumberShown(is_number=True, is_doubtful=False, says="")
    says = gettext("Read as %(number)s.", number=in_words(numbers.shown(reading.number)))
    if reading.is_doubtful:
        says += " " + gettext("If you mean thousands, leave out the comma.")
    return NumberShown(is_number=True, is_doubtful=reading.is_doubtful, says=says)


@bp.app_template_filter("number_text")
def in_words(number: Decimal) -> str:
    """``number`` as the reader's language writes it, without marks between thousands: they are what is unclear."""
    if number and number.adjusted() not in PLAIN_POWERS:
        digits, _, power = f"{number:E}".partition("E")
        return f"{in_words(Decimal(digits))} × 10^{int(power)}"
    return format_decimal(number, locale=languages.current(), decimal_quantization=False, group_separator=False)
