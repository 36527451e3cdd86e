"""The rows of the list of attempts, as they are read: what all rows have in common is worked out once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from flask import get_template_attribute, url_for
from markupsafe import Markup

from portal.domain.timekeeping.exam_clock import AnyRow
from portal.web.teach import labels
from portal.web.teach.names import Names

#: Stands in an address for the reference, which has only letters, digits and a hyphen.
REF = "REF-0000"


class Line(NamedTuple):
    """A row of the table; the cells in their order."""

    url: str
    name: str
    """Empty where the person may not read it."""
    email: str
    status: Markup
    started: str
    ended: str
    clock: str
    answered: str
    points: Decimal | None
    points_possible: int | None
    ref: str


def of(found: Sequence[AnyRow], names: Names) -> list[Line]:
    address, short_time = url_for("teach.attempt", ref=REF), labels.short_times()
    signs = _signs(found)
    return [
        Line(
            url=address.replace(REF, attempt.ref),
            name=attempt.learner_name if names.shows(attempt) else "",
            email=attempt.learner_email,
            status=signs[labels.display_status_of(attempt).words],
            started=short_time(attempt.started_at),
            ended=short_time(attempt.completed_at),
            clock=labels.clock_text(attempt),
            answered=f"{attempt.answered_count} of {attempt.question_count}",
            points=attempt.points,
            points_possible=attempt.points_possible,
            ref=attempt.ref,
        )
        for attempt in found
    ]


def _signs(found: Sequence[AnyRow]) -> dict[str, Markup]:
    """Each status that occurs, drawn once."""
    drawn = get_template_attribute("teach/macros.html", "sign")
    statuses = {status.words: status for status in (labels.display_status_of(one) for one in found)}
    return {words: drawn(status) for words, status in statuses.items()}
