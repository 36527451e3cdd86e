"""The setting for one window is switched while pages are open: whichever speaks next has it, others can be read."""

import pytest
from playwright.sync_api import Page, expect

from portal.db import db, writing
from portal.domain.courses import exam_settings
from portal.models import Attempt, Exam, Role
from tests import make
from tests.browser.exam_time import ExamTime


def switch(attempt: Attempt, is_on: bool, time: ExamTime) -> None:
    team = make.member(Role.INSTRUCTOR, course=attempt.exam.course)
    with writing():
        exam = db.session.get_one(Exam, attempt.exam_id)
        exam_settings.change(exam, {"one_window": is_on}, team, now=time.portal.now)


def wait_for_binding(first: Page, second: Page, time: ExamTime) -> None:
    time.pass_by(45)
    assert sum(page.locator("#banners", has_text="another window").count() for page in (first, second)) == 1


@pytest.mark.parametrize("rounds", [1, 2])
def test_open_pages_are_bound_again_as_often_as_it_is_switched_on(exam_page, attempt, context, time, rounds):
    second = context.new_page()
    second.goto(f"/attempts/{attempt.ref}/exam/3")
    time.pass_by(2)
    for _ in range(rounds):
        switch(attempt, True, time)
        wait_for_binding(exam_page, second, time)
        switch(attempt, False, time)
        time.pass_by(45)
        for page in (exam_page, second):
            expect(page.locator("#value")).to_be_editable()
