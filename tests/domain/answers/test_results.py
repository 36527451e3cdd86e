"""Whether and when a learner hears a result: every status, with marks shown or not, before and after the closing."""

from datetime import timedelta

import pytest

from portal.db import writing
from portal.domain.answers import results
from portal.domain.answers.results import ResultState
from tests import make
from tests.make import NOON, S

HOUR = timedelta(hours=1)
SUBMITTED = (S.SUBMITTED, S.TIMED_OUT, S.VERIFIED, S.REJECTED, S.SECOND_REVIEW_REQUIRED)


def result_of(status, *, closes_at, points=None, **exam):
    attempt = make.attempt(status, exam=make.exam(closes_at=closes_at, **exam))
    with writing():
        attempt.points, attempt.points_possible = points, 20
    return results.of_attempt(attempt, now=NOON)


@pytest.mark.parametrize("status", SUBMITTED)
@pytest.mark.parametrize(
    ("closes_at", "state"),
    [
        (NOON - HOUR, ResultState.SHOWN), (NOON, ResultState.SHOWN), (None, ResultState.SHOWN),
        (NOON + HOUR, ResultState.AFTER_CLOSING),
    ],
)  # fmt: skip
def test_marks_are_shown_once_the_exam_has_closed(app, status, closes_at, state):
    found = result_of(status, closes_at=closes_at, points=12, shows_marks=True)
    assert (found.state, found.at) == (state, closes_at if state is ResultState.AFTER_CLOSING else None)
    assert (found.points, found.possible) == ((12, 20) if state is ResultState.SHOWN else (None, None))


@pytest.mark.parametrize("status", SUBMITTED)
def test_where_no_marks_are_shown_the_team_tells_them(app, status):
    assert result_of(status, closes_at=NOON, points=12, shows_marks=False).state is ResultState.FROM_TEAM


@pytest.mark.parametrize("status", [one for one in S if one not in SUBMITTED])
def test_nothing_is_said_while_there_is_something_to_do(app, status):
    found = result_of(status, closes_at=NOON + HOUR, points=12, shows_marks=True)
    assert found is None


@pytest.mark.parametrize(("closes_at", "is_missed"), [(NOON, True), (NOON + HOUR, False), (None, False)])
def test_an_exam_that_closed_without_an_attempt_was_missed(app, closes_at, is_missed):
    exam = make.exam(closes_at=closes_at)
    found = results.of(exam, None, closes_at, now=NOON)
    assert (found is not None and found.state is ResultState.MISSED) is is_missed
    expired = result_of(S.EXPIRED, closes_at=closes_at)
    assert (expired is not None) is is_missed
