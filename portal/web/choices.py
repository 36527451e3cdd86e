"""Choices of a select field, in the shape the form library asks for."""

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs


def choices(words: dict[str, str]) -> list[SelectChoice]:
    """From stored value to the words a person reads, in that order."""
    return [SelectChoice(value=value, label=label) for value, label in words.items()]
