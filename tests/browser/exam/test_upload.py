"""A file sent by the page's script: in parts, through a lost line and a reload, once, and into the grace."""

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.db import db
from portal.domain.answers import files as answer_files
from portal.models import Answer, AnswerFile, Attempt, QuestionKind
from tests import make
from tests.browser.exam_time import PATIENCE_STEPS, STEP_MS
from tests.browser.windows.test_windows import spoken
from tests.make import S

CONTENT = hashlib.shake_256(b"a plan").digest(3 * 1024 * 1024)
PLAN = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": CONTENT}
PARTS = "**/files/parts/**"
QUESTIONS = [{"kind": QuestionKind.FILE, "title": "Your plan"}, {"kind": QuestionKind.SHORT_TEXT, "title": "Which"}]


@pytest.fixture
def attempt(app) -> Attempt:
    return make.attempt(S.STARTED, exam=make.exam(questions=QUESTIONS, name="Drawing"))


@pytest.fixture
def file_page(attempt, context, time, page, let_in) -> Page:
    """A question for a file, half a minute after the start; every dialog of the browser is accepted."""
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/exam/1")
    time.hold(page)
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def choose(page: Page, file: dict | Path = PLAN) -> None:
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Upload this file").click()


def hold_after(page: Page, parts: int) -> list[str]:
    """Let so many parts through; the line fails for every later one."""
    through: list[str] = []

    def pass_or_fail(route):
        if len(through) >= parts:
            return route.abort()
        through.append(route.request.url)
        route.continue_()

    page.route(PARTS, pass_or_fail)
    return through


def files() -> list[AnswerFile]:
    db.session.rollback()
    return list(db.session.scalars(db.select(AnswerFile).execution_options(populate_existing=True)))


def sent(page: Page, megabytes: str) -> None:
    """Wait until so much is with the portal: parts follow each other without a clock."""
    expect(page.locator("#upload-says")).to_contain_text(f"{megabytes} MB of 3.0 MB")


def let_finish(page: Page, time) -> None:
    """Let the next try come; the parts then follow each other without a clock."""
    for _ in range(PATIENCE_STEPS):
        says = page.inner_text("#upload-says")
        if "is saved" in says:
            break
        time.pass_by(1) if "No connection" in says else page.wait_for_timeout(4 * STEP_MS)
    expect(page.locator("#upload-says")).to_have_text("Your file plan.pdf is saved.")
    time.pass_by(1)


def is_whole() -> bool:
    (file,) = files()
    return (
        answer_files.content(file) == CONTENT and db.session.scalars(db.select(Answer.value)).one()["file"] == file.id
    )


def test_sent_in_parts_with_its_progress_in_words_and_said_sparingly(file_page, time):
    speech = spoken(file_page)
    choose(file_page)
    let_finish(file_page, time)
    expect(file_page.locator("#file-there")).to_have_text("Uploaded: plan.pdf, 3072 kB.")
    expect(file_page.locator("#upload-bar")).to_be_hidden()
    expect(file_page.locator("#questions [aria-current]")).to_contain_text("answered")
    assert is_whole()
    said = [text for text in speech.json_value() if "plan.pdf" in text]
    assert len(said) <= 3 and said[-1] == "Your file plan.pdf is saved."


def test_a_line_that_is_lost_in_the_middle_costs_nothing_that_had_arrived(file_page, context, time):
    hold_after(file_page, 5)
    choose(file_page)
    sent(file_page, "1.3")
    context.set_offline(True)
    file_page.unroute_all()
    time.pass_by(10)
    says = file_page.locator("#upload-says")
    expect(says).to_have_text(
        re.compile(r"plan.pdf: 1\.\d MB of 3\.0 MB uploaded. No connection; the upload continues automatically.")
    )
    (before,) = files()
    assert before.received_bytes == 5 * 256 * 1024
    again: list[str] = []
    file_page.on("request", lambda request: again.append(request.url) if "/parts/" in request.url else None)
    context.set_offline(False)
    let_finish(file_page, time)
    assert again[0].endswith(f"from={5 * 256 * 1024}"), "it goes on from where the portal stands"
    assert is_whole()


def test_a_reload_in_the_middle_resumes_by_itself(file_page, time):
    hold_after(file_page, 4)
    choose(file_page)
    sent(file_page, "1.0")
    assert files()[0].received_bytes == 4 * 256 * 1024
    file_page.unroute_all()
    file_page.reload()
    let_finish(file_page, time)
    assert is_whole()


def test_a_last_reply_that_never_came_makes_no_second_file(file_page, time):
    lost: list[str] = []

    def lose_the_last(route):
        whole = f"from={11 * 256 * 1024}" in route.request.url
        if not whole or lost:
            return route.continue_()
        lost.append(route.request.url)
        route.fetch()
        return route.abort()

    file_page.route(PARTS, lose_the_last)
    choose(file_page)
    let_finish(file_page, time)
    assert lost and is_whole()
    assert db.session.scalars(db.select(Answer.version)).one() == 1


def test_it_continues_while_another_question_is_answered_and_holds_up_who_wants_to_leave(file_page, time):
    hold_after(file_page, 4)
    choose(file_page)
    sent(file_page, "1.0")
    file_page.locator("#questions a").nth(1).click()
    time.pass_by(1)
    file_page.fill("#value", "ink")
    file_page.get_by_role("button", name="Save and check").click()
    time.pass_by(5)
    expect(file_page.locator("#banners")).to_contain_text("Your file is still uploading")
    file_page.unroute_all()
    time.pass_by(40)
    file_page.wait_for_url("**/check-answers?to=*")
    assert len(files()) == 1 and answer_files.content(files()[0]) == CONTENT


def test_stopped_it_is_no_answer_and_the_same_again_continues(file_page, time):
    hold_after(file_page, 4)
    choose(file_page)
    sent(file_page, "1.0")
    file_page.get_by_role("button", name="Stop the upload").click()
    expect(file_page.locator("#upload-says")).to_contain_text("plan.pdf is not uploaded. Choose it again")
    file_page.unroute_all()
    time.pass_by(30)
    assert files()[0].completed_at is None
    file_page.reload()
    time.pass_by(5)
    assert files()[0].completed_at is None, "what was stopped stays stopped"
    choose(file_page)
    let_finish(file_page, time)
    assert is_whole()


def test_begun_before_the_deadline_it_is_finished_in_the_grace(file_page, time):
    hold_after(file_page, 4)
    time.jump(3600 - 30 - 5)
    choose(file_page)
    sent(file_page, "1.0")
    time.pass_by(8)
    expect(file_page.locator("#banners")).to_contain_text("Time is up. Sending your answers.")
    file_page.unroute_all()
    let_finish(file_page, time)
    time.pass_by(2)
    expect(file_page.locator("#banners")).to_contain_text("All your answers are saved")
    assert is_whole()
    assert db.session.scalars(db.select(Answer.in_grace)).one() is True


def test_the_portals_own_sentence_for_a_file_that_cannot_be(file_page, time, tmp_path):
    empty = tmp_path / "nothing.txt"
    empty.touch()
    choose(file_page, empty)
    time.pass_by(2)
    expect(file_page.locator("#upload-says")).to_have_text("Choose a file that is not empty and not larger than 20 MB.")
    assert files() == []


def test_a_flag_keeps_the_file(file_page, time):
    choose(file_page)
    let_finish(file_page, time)
    file_page.get_by_label("Flag for later").check()
    time.pass_by(3)
    assert is_whole()
    file_page.reload()
    file_page.get_by_label("Flag for later").uncheck()
    time.pass_by(3)
    assert is_whole()
