"""Text as every database keeps it and every page can show it, whatever a person, a script or a program typed."""

import unicodedata

#: Beyond this nobody's JSON is nested; ours is three deep.
DEEPEST = 20
#: As far as a browser counts exactly; beyond, a number is none of ours.
LARGEST = 2**53
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
#: Halves of letters beyond U+FFFF, as JSON.stringify writes a cut emoji, and characters that mean nothing.
_UNWELCOME: dict[int, str | None] = dict.fromkeys(range(0xD800, 0xE000), REPLACEMENT)
_UNWELCOME |= dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
for _kept in "\t\n\r\x85":
    del _UNWELCOME[ord(_kept)]


class Unreadable(ValueError):
    """Nested too deep, or with a number beyond what anybody counts."""


def clean(text: str) -> str:
    """``text`` composed (NFC), without controls and halves of letters. Twice is the same; plain text costs nothing."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", text.translate(_UNWELCOME))


def clean_json(said: object, *, depth: int = DEEPEST) -> object:
    """The same for every text in a JSON value, names too.

    :raises Unreadable: it is nested more than 20 deep, or has a whole number that a browser cannot count to.
    """
    if isinstance(said, str):
        return clean(said)
    if isinstance(said, int) and abs(said) > LARGEST:
        raise Unreadable("a number is too large")
    if not isinstance(said, list | dict):
        return said
    if not depth:
        raise Unreadable("nested too deep")
    if isinstance(said, list):
        return [clean_json(one, depth=depth - 1) for one in said]
    return {clean(name): clean_json(value, depth=depth - 1) for name, value in said.items()}
