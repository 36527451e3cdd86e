"""Choices of a select field, in the shape the form library asks for."""

from collections.abc import Mapping

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs


def choices(words: Mapping[str, object]) -> list[SelectChoice]:
    """From stored value to the words a person reads, in that order."""
    return [SelectChoice(value=value, label=label) for value, label in words.items()]
