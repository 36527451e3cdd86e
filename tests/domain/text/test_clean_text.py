"""Text as every database keeps it: composed, without controls and halves of letters; JSON within bounds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.text.clean_text import Unreadable, clean, clean_json

ANYTHING = st.text(st.characters(exclude_categories=[]))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("\ud83d", "\ufffd"),
        ("\U0001f600", "\U0001f600"),
        ("a\x00b\x1bc\x7fd", "abcd"),
        ("one\n\ttwo\r\n", "one\n\ttwo\r\n"),
        ("e\u0301", "é"),
    ],
    ids=ascii,
)
def test_what_is_kept_of_a_text(text, kept):
    assert clean(text) == kept


@given(ANYTHING)
def test_whatever_comes_in_can_be_kept_and_shown_and_twice_is_once(text):
    kept = clean(text)
    assert clean(kept) == kept
    assert kept.encode().decode() == kept
    assert "\x00" not in kept


def test_json_is_cleaned_to_its_depth():
    said = json.loads('{"a\\u0000": ["\\ud83d", {"b": "e\\u0301"}, 1, null, true, 1.5]}')
    assert clean_json(said) == {"a": ["\ufffd", {"b": "é"}, 1, None, True, 1.5]}


@pytest.mark.parametrize("said", [2**53 + 1, -(2**60), [[2**60]]])
def test_a_number_that_no_browser_counts_to_is_refused(said):
    with pytest.raises(Unreadable):
        clean_json(said)


def test_depth_beyond_reason_is_refused():
    said: list = []
    for _ in range(21):
        said = [said]
    with pytest.raises(Unreadable):
        clean_json(said)
