"""A problem's weight in whole points, shared out among the questions it asks."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from xml.etree.ElementTree import Element

MOST_POINTS = Decimal(10_000)


def weight_of(element: Element) -> Decimal | None:
    """The weight as its author wrote it; None where there is none that can be read."""
    try:
        weight = Decimal((element.get("weight") or "").strip('" '))
    except (InvalidOperation, ValueError):
        return None
    return weight if weight.is_finite() else None


def shared_points(element: Element, counts: Sequence[bool]) -> list[int]:
    """Points for each part; without a weight each part that counts is worth one point.

    Earlier parts take what does not divide evenly. A part of a problem that counts at all is worth at
    least one point, so that no answer is asked for nothing; a weight of zero makes all parts worth none.
    """
    weight = weight_of(element)
    if weight is None:
        return [int(is_counted) for is_counted in counts]
    if weight <= 0 or not any(counts):
        return [0] * len(counts)
    whole = int(min(weight, MOST_POINTS).to_integral_value(ROUND_HALF_UP))
    share, left = divmod(whole, sum(counts))
    points = []
    for is_counted in counts:
        points.append(max(share + (left > 0), 1) if is_counted else 0)
        left -= is_counted
    return points
