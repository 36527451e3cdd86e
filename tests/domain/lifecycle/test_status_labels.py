"""Every status reads as words of a sentence, wherever a refusal or a note names it."""

import pytest

from portal.domain.lifecycle import status_labels
from tests.make import S


@pytest.mark.parametrize("status", S)
def test_every_status_has_words(status):
    words = status_labels.of(status.value)
    assert "_" not in words and "clicked" not in words and words == words.strip()


def test_a_word_that_is_none_of_ours_stands_as_it_is():
    assert status_labels.of("something_else") == "something else"
