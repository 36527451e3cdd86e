"""Authors' patterns fit the whole answer, as people read it, in bounded time; what cannot be run is said."""

import time

import pytest

from portal.domain.text import patterns, same_text

FITS = [
    ("owl", True, "owl", True),
    ("owl", True, "OWL", True),
    ("owl", False, "OWL", False),
    ("owl", True, " owl ", True),
    ("owl", True, "growl", False),
    ("owl", True, "owl.", False),
    ("owl", True, "a growling dog", False),
    (".*owl.*", True, "growl", True),
    ("..bble", False, "gobbledygook", False),
    ("red|blue", False, "blue", True),
    ("red|blue", False, "redder", False),  # Each way is anchored, not only the ends.
    ("gr[ae]y", False, "gray", True),
    (r"\w+", False, "naïve", True),
    (r"\d{3}", False, "٣٤٥", True),
    (r"\s*a\s+b\s*", False, " a\u00a0 b", True),
    (r"a  b", False, "a  b", True),
    ("don't", False, "don\u2019t", True),
    ("don\u2019t", False, "don't", True),
    ("café", False, "cafe\u0301", True),
    ("caf[e\u0301é]", False, "café", True),
    (r"\u00e9t\xe9", False, "été", True),
    ("[a[]b", False, "[b", True),
    ("[]a]+", False, "]a", True),
    (r"[^\]]+\Z", False, "abc", True),
    ("x{,2}y", False, "xxy", True),
    (r"(?i)straße", False, "STRAßE", True),
    (r"\bthe\b.*", False, "the owl", True),
    (r"\.5|\ 3", False, ".5", True),
]
UNUSABLE = [
    r"(?=x)y", r"(?!x)y", r"(?<=x)y", r"(a)\1", r"(?P<n>a)(?P=n)", "a++", "(", "[a", "a|*b", "\\", r"\p{L}", r"[\W]",
    r"\bé", "(?x)a", "a{2000}", "(a{1000}){1000}", r"(\w{1,50}){1,20}", "\ud800", "x" * 2000, "(" * 900,
]  # fmt: skip
#: Each takes Python's own engine longer than anybody lives.
SLOW_ELSEWHERE = [("(a+)+", "a" * 1999 + "b"), ("(a|aa)+", "a" * 1999 + "b"), (r"(\w+\s?)*", "word " * 399 + "!")]


@pytest.mark.parametrize(("pattern", "ignores_case", "text", "expected"), FITS)
def test_a_pattern_fits_the_whole_answer(pattern, ignores_case, text, expected):
    assert patterns.why_unusable(pattern) is None
    assert patterns.fits(pattern, text, ignores_case=ignores_case) is expected


@pytest.mark.parametrize("pattern", UNUSABLE, ids=ascii)
def test_what_cannot_be_run_is_said_in_one_short_line(pattern):
    reason = patterns.why_unusable(pattern)
    assert reason and len(reason) <= 120 and "\n" not in reason
    with pytest.raises(patterns.Unusable):
        patterns.fits(pattern, "a", ignores_case=False)


@pytest.mark.parametrize(("pattern", "text"), SLOW_ELSEWHERE)
def test_no_answer_takes_long(pattern, text):
    began = time.perf_counter()
    assert not patterns.fits(pattern, text, ignores_case=True)
    assert time.perf_counter() - began < 1


def test_a_text_too_long_for_a_pattern_is_refused_and_not_called_wrong():
    with pytest.raises(patterns.Unusable):
        patterns.fits(".*", "a" * 2001, ignores_case=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [("“Yes”", '"Yes"'), ("l’été", "l'e\u0301te\u0301"), ("a \u00a0\tb", "a b"), ("zero\u200bwidth", "zerowidth")],
)
def test_two_texts_that_people_read_alike_are_one(one, other):
    assert same_text.as_read(one) == same_text.as_read(other)
    assert same_text.as_read(same_text.as_read(one)) == same_text.as_read(one)
