"""Authors' patterns (``regexp``), on an engine whose time grows with the length of the answer and never faster.

The format means Python's patterns. Those run for ever on an unlucky answer, so they run on RE2 instead; what
RE2 does not know (looking ahead, referring back) is refused at import, in words.
"""

import re
from functools import lru_cache
from typing import Any

import re2

from portal.domain.text import same_text

LONGEST_PATTERN = 1000
LONGEST_TEXT = 2000
#: Bounds the compiled pattern, and so the time of one step.
MOST_BYTES = 2 * 1024 * 1024

#: One piece of a pattern; whatever is none of these stands for itself.
PIECE = re.compile(
    r"\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\.|\\$"
    r"|\(\?(?:P<\w+>|P=|<=|<!|[a-zA-Z-]*[:)]|.)|\{,\d*\}|\[\^?\]?|\]|.",
    re.DOTALL,
)
WORD, BLANK = r"\p{L}\p{N}_", r"\s\p{Z}"
OUTSIDE = {
    "w": f"[{WORD}]", "W": f"[^{WORD}]", "d": r"\p{Nd}", "D": r"\P{Nd}", "s": f"[{BLANK}]", "S": f"[^{BLANK}]",
    "Z": r"\z", "z": r"\z", "A": r"\A", "b": r"\b", "B": r"\B",
}  # fmt: skip
INSIDE = {"w": WORD, "d": r"\p{Nd}", "D": r"\P{Nd}", "s": BLANK, "b": r"\x08"}
PLAIN_ESCAPES = "nrtfva"
MOST_OF_A_REASON = 80

LOOKS = "it looks ahead or behind, which cannot be run in bounded time"
REFERS = "it refers back to a group, which cannot be run in bounded time"


class Unusable(ValueError):
    """The pattern cannot be run here; the message says why, to follow the pattern and a colon."""


def why_unusable(pattern: str) -> str | None:
    """Why ``pattern`` cannot be used, to follow the pattern and a colon; None when it can."""
    try:
        _compiled(pattern, False)
    except Unusable as reason:
        return str(reason)
    return None


def fits(pattern: str, text: str, *, ignores_case: bool) -> bool:
    """Whether the whole of ``text`` fits: blanks around it never count, blanks within it may be doubled.

    :raises Unusable: the pattern cannot be run, or the text has more than 2,000 characters.
    """
    if len(text) > LONGEST_TEXT:
        raise Unusable(f"an answer of more than {LONGEST_TEXT:,} characters is not compared with a pattern")
    compiled = _compiled(pattern, ignores_case)
    return any(compiled.fullmatch(one) for one in {same_text.alike(text).strip(), same_text.as_read(text)})


@lru_cache(maxsize=64)
def _compiled(pattern: str, ignores_case: bool) -> Any:
    if len(pattern) > LONGEST_PATTERN:
        raise Unusable(f"it is longer than {LONGEST_PATTERN:,} characters")
    options = re2.Options()
    options.case_sensitive = not ignores_case
    options.log_errors = False
    options.max_mem = MOST_BYTES
    options.never_capture = True
    translated = _translated(same_text.alike(pattern))
    try:
        return re2.compile(translated, options)
    except (re2.error, UnicodeError) as fault:
        raise Unusable(_in_words(fault)) from fault


def _translated(pattern: str) -> str:
    """The same pattern as RE2 writes it: letters and digits of every language, no class of its own."""
    written, is_inside = [], False
    for piece in PIECE.findall(pattern):
        if is_inside:
            is_inside = not (piece.endswith("]") and not piece.startswith("\\"))
            piece = _inside(piece)
        elif piece.startswith("["):
            is_inside = True
        else:
            piece = _outside(piece, pattern)
        written.append(piece)
    return "".join(written)


def _inside(piece: str) -> str:
    if piece.startswith("["):
        return "".join(letter if letter == "]" else "\\" + letter for letter in piece)
    return _escape(piece, INSIDE) if piece.startswith("\\") else piece


def _outside(piece: str, pattern: str) -> str:
    if piece in (r"\b", r"\B") and not pattern.isascii():
        raise Unusable(r"it has letters beyond a to z beside \b, whose word ends are only those of English")
    if piece.startswith("\\"):
        return _escape(piece, OUTSIDE)
    if piece.startswith("{,"):
        return "{0," + piece[2:]
    if piece in ("(?=", "(?!", "(?<=", "(?<!"):
        raise Unusable(LOOKS)
    if piece == "(?P=":
        raise Unusable(REFERS)
    return piece


def _escape(piece: str, known: dict[str, str]) -> str:
    letter = piece[1:2]
    if len(piece) > 2:
        return rf"\x{{{piece[2:]}}}"
    if letter in known:
        return known[letter]
    if letter.isdigit() and letter != "0":
        raise Unusable(REFERS)
    if not letter or (letter.isascii() and letter.isalpha() and letter not in PLAIN_ESCAPES):
        raise Unusable(f"{piece} in it cannot be read")
    return piece if letter.isascii() else letter


def _in_words(fault: Exception) -> str:
    """Behind our words the engine's own, which are English and short."""
    reason = fault.args[0] if fault.args else ""
    words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else type(fault).__name__
    return f"it cannot be read ({words[:MOST_OF_A_REASON]})"
