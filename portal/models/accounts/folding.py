"""Names as people look for them: without case, accents or doubled blanks, the same on every database."""

import unicodedata

#: Letters that Unicode does not take apart, though people do who lack the key.
APART = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)


def folded(text: str) -> str:
    """``text`` for comparing and sorting: "Émile  ĆWIK" is "emile cwik". Twice is the same."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()).translate(APART)
    return " ".join("".join(one for one in apart if not unicodedata.combining(one)).split())


def folded_person(name: str, email: str) -> str:
    """What a person is found and sorted by: the name first. A line between, so that nothing is found across."""
    return f"{folded(name)}\n{folded(email)}"
