"""Columns of plain text for the terminal."""

from collections.abc import Sequence

WIDEST = 48


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Aligned lines under a head; what is too wide is cut with an ellipsis, except in the last column."""
    short = [[*(_cut(cell) for cell in row[:-1]), row[-1]] for row in rows]
    widths = [max(len(row[i]) for row in [head, *short]) for i in range(len(head))]
    lines = [head, ["-" * width for width in widths[:-1]] + ["-" * len(head[-1])], *short]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
