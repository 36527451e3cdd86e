"""What the entry of an exam says about its window: before, while and after it is open."""

from datetime import timedelta

import pytest

from tests import make
from tests.make import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "says"),
    [
        (NOON - HOUR, NOON + HOUR, "Open today"),
        (NOON - DAY, NOON + DAY, "Open"),
        (NOON + DAY, NOON + DAY + HOUR, "Open Tue 3 Mar"),
        (NOON - 3 * HOUR, NOON - HOUR, "Was open Mon 2 Mar"),
        (NOON - 3 * DAY, NOON - HOUR, "Was open"),
    ],
)
def test_a_window_is_told_as_it_stands_now(client, sign_in, opens_at, closes_at, says):
    exam = make.exam(opens_at=opens_at, closes_at=closes_at)
    sign_in(make.enrol(exam.course))
    assert f"<dt>{says}</dt>" in client.get(f"/exams/{exam.slug}/").text
