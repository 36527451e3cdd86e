"""Texts as people read them: one way to write an accent, a quotation mark or a blank, whatever was typed."""

import unicodedata

APOSTROPHES = "\u2018\u2019\u201a\u201b\u02bc\u00b4\u0060\uff07"
QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02"
#: What nobody sees: soft hyphens, zero-width blanks, marks of direction.
UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
ONE_WAY = str.maketrans(APOSTROPHES + QUOTES, "'" * len(APOSTROPHES) + '"' * len(QUOTES), UNSEEN)


def alike(text: str) -> str:
    """``text`` with accents composed (NFC) and quotation marks straight; blanks stay as they are."""
    return unicodedata.normalize("NFC", text.translate(ONE_WAY))


def as_read(text: str) -> str:
    """``text`` as two people compare it: ``alike``, and every run of blanks is one space. Twice is the same."""
    return " ".join(alike(text).split())
