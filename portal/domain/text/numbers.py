"""Numbers as people write them: in answers with their thousands, per cent and fractions; in forms within bounds."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, localcontext

from portal.domain.text import same_text
from portal.domain.text.arithmetic import CONTEXT, NotANumber, evaluated

#: Longer than any number that somebody types.
LONGEST = 100
MINUS, TIMES, OVER = "\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d", "\u00d7\u00b7\u22c5\u2217", "\u00f7\u2215\u2044"
#: What other keyboards have for the signs of arithmetic, for a decimal comma, and between thousands.
SIGNS = str.maketrans(
    MINUS + TIMES + OVER + "\u066b\u066c\u066a\uff0c\uff0e\uff05",
    "-" * len(MINUS) + "*" * len(TIMES) + "/" * len(OVER) + ".'%,.%",
)
SUPERSCRIPTS = str.maketrans("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b", "0123456789-")
RAISED = re.compile("[\u2070\u00b9\u00b2\u00b3\u2074-\u2079\u207b]+")

#: A number and the marks within it: what stands between two digits, or before the first.
WRITTEN = re.compile(r"\d[\d.,' ]*\d|[.,]?\d+[.,]?", re.ASCII)
DIGITS = re.compile(r"\d+", re.ASCII)
GROUPED = re.compile(r"(?P<whole>\d{1,3}(?:(?P<mark>[ '])\d{3})(?:(?P=mark)\d{3})*)(?:[.,](?P<rest>\d*))?", re.ASCII)
FRACTION_GROUPED = re.compile(r"(?P<whole>\d*)[.,](?P<rest>\d{3}(?: \d{3})* \d{1,3})", re.ASCII)
BY_COMMAS = re.compile(r"(?P<whole>\d{1,3}(?:,\d{2,3})*,\d{3})(?:\.(?P<rest>\d*))?", re.ASCII)
BY_POINTS = re.compile(r"(?P<whole>\d{1,3}(?:\.\d{3})+)(?:,(?P<rest>\d*))?", re.ASCII)
DECIMAL = re.compile(r"(?P<whole>\d*)[.,](?P<rest>\d*)", re.ASCII)
#: One thousand to some, one to others.
DOUBTFUL = re.compile(r"(?<![\d.,])[1-9]\d{0,2},\d{3}(?![\d.,])", re.ASCII)
#: Nobody needs to be told how these are read.
OBVIOUS = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
#: In forms and settings: what is longer is a slip, and is refused before anybody counts with it.
WHOLE = re.compile(r"[+-]?\d{1,9}")
LONG_WHOLE = re.compile(r"[+-]?\d{10,}")
FARTHEST = 10**9 - 1
AMOUNT = re.compile(r"[+-]?\d{1,9}(\.\d{0,6})?")
SHOWN_DIGITS, MOST_SHOWN_DIGITS = 4, 12


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a text is read as a number."""

    number: Decimal
    is_doubtful: bool
    """Others would read another number: 1,000 is one here, and a thousand elsewhere."""
    is_obvious: bool
    """Plain digits with at most a point: nobody needs to be told."""


def read(text: str) -> Reading | None:
    """How ``text`` is read, or None: then it is no number, and whoever typed it is told. Takes no time to speak of."""
    written = _ascii(text)
    if written is None:
        return None
    try:
        number = evaluated(WRITTEN.sub(_plain, written))
    except NotANumber:
        return None
    is_obvious = bool(OBVIOUS.fullmatch(written)) and not _has_three_decimals(written)
    return Reading(number=number, is_doubtful=bool(DOUBTFUL.search(written)), is_obvious=is_obvious)


def _has_three_decimals(written: str) -> bool:
    """1.000 is a thousand to those who write a decimal comma."""
    return bool(DOUBTFUL.search(written.replace(".", ",")))


def _ascii(text: str) -> str | None:
    """The same with the digits and signs of this keyboard and single spaces; None when it is far too long."""
    if len(text) > LONGEST * 2:
        return None
    digits = "".join(str(unicodedata.decimal(one, one)) for one in text.translate(SIGNS))
    raised = RAISED.sub(lambda found: f"^({found[0].translate(SUPERSCRIPTS)})", digits)
    return same_text.as_read(raised).replace("_", "'").replace(" %", "%")


def _plain(found: re.Match[str]) -> str:
    """One number within the text, in digits and a point. :raises NotANumber: its marks are in no order that we know."""
    written = found[0].strip()
    if DIGITS.fullmatch(written):
        return written
    separators = written.count(",") + written.count(".")
    forms = (GROUPED, FRACTION_GROUPED, DECIMAL) if separators < 2 else (GROUPED, BY_COMMAS, BY_POINTS)
    match = next((match for form in forms if (match := form.fullmatch(written))), None)
    if match is None:
        raise NotANumber(written)
    whole, rest = (re.sub(r"\D", "", match[name] or "") for name in ("whole", "rest"))
    if not whole + rest:
        raise NotANumber(written)
    return f"{whole or '0'}.{rest}" if rest else whole


def whole(text: str | None) -> int:
    """A whole number that somebody typed into a form, an address or a setting; at most nine digits.

    :raises ValueError: it is none.
    """
    typed = same_text.as_read(text or "").translate(SIGNS)
    if not WHOLE.fullmatch(typed):
        raise ValueError("not a whole number of at most nine digits")
    return int(typed)


def nearest_whole(text: str) -> int:
    """The same for a place in a list: what is longer is as far as one can count that way.

    :raises ValueError: it is no whole number.
    """
    if LONG_WHOLE.fullmatch(text.strip()):
        return -FARTHEST if text.strip().startswith("-") else FARTHEST
    return whole(text)


def amount(text: str | None) -> Decimal:
    """A number that somebody typed into a form, with a comma or a point; nine digits before it, six behind.

    :raises ValueError: it is none. Exponents are none: nobody means 1e3 minutes.
    """
    typed = same_text.as_read(text or "").translate(SIGNS).replace(",", ".")
    if not AMOUNT.fullmatch(typed):
        raise ValueError("not a number of at most nine digits")
    return Decimal(typed)


def shown(number: Decimal) -> Decimal:
    """``number`` as a page shows how it was read: as typed; what never ends with four digits of it."""
    digits = len(number.normalize().as_tuple().digits)
    with localcontext(CONTEXT) as context:
        if digits > MOST_SHOWN_DIGITS:
            context.prec = min(SHOWN_DIGITS + max(number.adjusted() + 1, 0), MOST_SHOWN_DIGITS + SHOWN_DIGITS)
        return (+number).normalize()
