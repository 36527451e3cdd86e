"""What the entry of an exam says about its window: before, while and after it is open."""

from datetime import timedelta

import pytest

from portal.domain.timekeeping import budget
from portal.web.learner import window
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


def test_a_window_of_several_days_says_at_what_times_it_begins_and_ends(client, sign_in):
    exam = make.exam(opens_at=NOON - DAY, closes_at=NOON + 3 * DAY + HOUR)
    sign_in(make.enrol(exam.course))
    page = client.get(f"/exams/{exam.slug}/").text
    assert "Sun 1 Mar <small>12:00</small></time>" in page
    assert "Thu 5 Mar <small>13:00</small></time>" in page


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "is_told"),
    [(NOON - HOUR, NOON + 2 * HOUR, True), (NOON, NOON + 12 * HOUR, False), (NOON - 4 * HOUR, NOON + 6 * HOUR, True)],
    ids=["hours", "until midnight, just begun", "a working day"],
)
def test_the_minutes_under_the_ruler_never_run_into_the_dates_at_its_ends(app, opens_at, closes_at, is_told):
    exam = make.exam(opens_at=opens_at, closes_at=closes_at)
    with app.test_request_context():
        ruler = window.ruler(budget.entry_facts(exam, [], now=NOON))
    assert ruler is not None
    assert (ruler.middle_at is not None) is is_told


@pytest.mark.parametrize(("hours", "is_drawn"), [(12, True), (13, False), (24 * 14, False)])
def test_a_window_longer_than_half_a_day_has_no_ruler(client, sign_in, hours, is_drawn):
    exam = make.exam(opens_at=NOON - HOUR, closes_at=NOON + (hours - 1) * HOUR)
    sign_in(make.enrol(exam.course))
    assert ('class="rule"' in client.get(f"/exams/{exam.slug}/").text) is is_drawn
