"""Times read in the time zone of whoever looks."""

from datetime import UTC, datetime

import pytest
from flask import render_template_string
from flask_login import login_user

from portal.web.formatting import times
from tests import make

AT = datetime(2026, 11, 20, 23, 54, tzinfo=UTC)


@pytest.fixture
def page(app):
    with app.test_request_context():
        yield


def test_nobody_in_particular_reads_utc(page):
    assert times.clock_time(AT) == "23:54"
    assert times.date_time(AT) == "Fri 20 November 2026, 23:54"


@pytest.mark.parametrize(
    ("zone", "reads"),
    [
        ("Europe/Berlin", "Sat 21 November 2026, 00:54"),
        ("Asia/Kathmandu", "Sat 21 November 2026, 05:39"),
        ("Nowhere/Land", "Fri 20 November 2026, 23:54"),
        ("../etc/passwd", "Fri 20 November 2026, 23:54"),
        ("", "Fri 20 November 2026, 23:54"),
    ],
)
def test_each_reads_their_own_time(page, zone, reads):
    login_user(make.user(time_zone=zone))
    assert times.date_time(AT) == reads


def test_no_time_reads_as_nothing(page):
    assert times.clock_time(None) == times.date_time(None) == ""


@pytest.mark.parametrize(
    ("minutes", "reads"),
    [
        (0, "0 minutes"), (1, "1 minute"), (45, "45 minutes"), (60, "1 hour"), (61, "1 hour 1 minute"),
        (90.9, "1 hour 30 minutes"), (1440, "24 hours"),
    ],
)  # fmt: skip
def test_minutes_in_words(minutes, reads):
    assert times.minutes_text(minutes) == reads


def test_templates_have_them(page):
    page = "{{ at | clock_time }} {{ minutes_text(5) }} {{ page_lang }} {{ page_dir }}"
    assert render_template_string(page, at=AT) == "23:54 5 minutes en ltr"
