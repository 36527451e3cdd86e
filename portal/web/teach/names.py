"""Whether a person of the team may read who a learner is: reviewers may not, until they ask for the name of an attempt.

Asking is done on the review page, and kept with the attempt (:mod:`portal.web.review.asking`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.domain import access
from portal.domain.lifecycle import history
from portal.domain.timekeeping.exam_clock import AnyRow
from portal.models import Attempt, Event, HistoryEntry, Right
from portal.web.gate.guards import me, my_roles
from portal.web.teach.blueprint import bp


@dataclass(frozen=True, kw_only=True)
class Names:
    """For the attempts of one course: all names, or those that the person has asked for."""

    all: bool
    asked: frozenset[int] = frozenset()
    """Numbers of attempts."""

    def shows(self, attempt: AnyRow | Attempt) -> bool:
        return self.all or attempt.id in self.asked

    def hidden_id(self, attempt: Attempt) -> int | None:
        """Number of the account that must not be named on the attempt's page; None when it may."""
        return None if self.shows(attempt) else attempt.learner_id


def of(course_id: int, attempts: Sequence[AnyRow | Attempt]) -> Names:
    """One query for who may read every name, another where they may not."""
    if sees_names(course_id):
        return Names(all=True)
    ids = [attempt.id for attempt in attempts]
    return Names(all=False, asked=history.attempts_with(Event.NAME_SHOWN, me(), ids))


def on_page(attempt: Attempt, lines: Sequence[HistoryEntry]) -> Names:
    """For an attempt whose history is loaded already. No query."""
    has_asked = any(line.event == Event.NAME_SHOWN and line.by_id == me().id for line in lines)
    return Names(all=sees_names(attempt.exam.course_id), asked=frozenset({attempt.id} if has_asked else ()))


@bp.app_template_global()
def sees_names(course_id: int) -> bool:
    """Whether the person may read the names of a course's learners unasked."""
    return bool(my_roles(course_id) & access.RIGHTS[Right.SEE_NAMES])
