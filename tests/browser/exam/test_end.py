"""The end of an exam: handed in for whoever is there, whoever is gone, and whoever the portal had lost."""

import re
import threading
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from portal.db import db
from portal.jobs.recurring import sweeper
from portal.models import Answer, Attempt, EndedBy
from tests.browser.conftest import begin
from tests.browser.windows.test_windows import answers, spoken
from tests.conftest import at_once
from tests.make import NOON, S


class Server:
    """The portal on one port, to be stopped and started again."""

    def __init__(self, app: Flask) -> None:
        self.app, self.port = app, 0
        self.running: BaseWSGIServer | None = None

    def start(self) -> None:
        self.running = make_server("127.0.0.1", self.port, at_once(self.app), threaded=True)
        self.port = self.running.server_port
        threading.Thread(target=self.running.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self.running is not None:
            self.running.shutdown()
            self.running.server_close()
        self.running = None


@pytest.fixture
def server(app):
    server = Server(app)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def live_server(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


@pytest.fixture
def short(app) -> Attempt:
    return begin(minutes=2)


@pytest.fixture
def short_page(short, context, time, page, let_in) -> Page:
    """Two minutes, half a minute gone, an answer saved."""
    let_in(context, short.learner)
    page.goto(f"/attempts/{short.ref}/exam/2")
    time.hold(page)
    page.fill("#value", "in time")
    time.pass_by(3)
    return page


def ended(attempt: Attempt) -> Attempt:
    db.session.rollback()
    return db.session.get_one(Attempt, attempt.id, populate_existing=True)


def test_at_zero_typing_stops_nothing_is_asked_and_the_receipt_is_read_out(short_page, short, time):
    asked = []
    short_page.on("dialog", lambda dialog: asked.append(dialog.message))
    speech = spoken(short_page)
    time.pass_by(84)
    short_page.focus("#value")
    short_page.keyboard.type(" and more")
    time.pass_by(4)
    expect(short_page.locator("#value")).not_to_be_editable()
    expect(short_page.locator("#banners")).to_contain_text("Time is up. All your answers are saved")
    assert speech.json_value()[-1] == "Time is up. Your answers are being submitted."
    time.pass_by(40)
    short_page.wait_for_url("**/status")
    expect(short_page.locator("h1")).to_have_text("Your exam was submitted")
    expect(short_page.locator("h1")).to_be_focused()
    time.pass_by(1)
    expect(short_page.locator("#alert")).to_have_text("Your exam was submitted.")
    assert answers() == ["in time and more"]
    assert ended(short).ended_by is EndedBy.TIME
    assert asked == []


def test_who_closed_the_window_is_submitted_at_the_deadline_with_what_was_saved(short_page, short, context, time):
    short_page.close()
    time.portal.advance(minutes=10)
    assert sweeper.submit_overdue(time.portal.now) == 1
    gone = ended(short)
    assert (gone.status, gone.ended_by, gone.completed_at) == (S.SUBMITTED, EndedBy.TIME, NOON + timedelta(minutes=2))
    again = context.new_page()
    again.goto(f"/attempts/{short.ref}/exam/2")
    expect(again.locator("h1")).to_have_text("Your exam was submitted")
    expect(again.locator(".receipt")).to_contain_text("1 of 3")
    assert answers() == ["in time"]


def test_a_portal_that_is_down_over_zero_still_gets_what_was_typed_in_time(short_page, short, server, time):
    time.pass_by(77)
    server.stop()
    short_page.fill("#value", "ten seconds left")
    time.pass_by(20)
    expect(short_page.locator("#banners")).to_contain_text("Time is up. Sending your answers.")
    assert answers() == ["in time"]
    server.start()
    time.pass_by(5)
    expect(short_page.locator("#banners")).to_contain_text("All your answers are saved")
    assert answers() == ["ten seconds left"]
    assert db.session.scalars(db.select(Answer.in_grace)).all() == [True]
    time.pass_by(30)
    short_page.wait_for_url("**/status")


def test_a_portal_that_is_back_before_zero_has_lost_nothing(short_page, server, time):
    time.pass_by(77)
    server.stop()
    short_page.fill("#value", "ten seconds left")
    time.pass_by(4)
    server.start()
    time.pass_by(6)
    assert answers() == ["ten seconds left"]
    assert db.session.scalars(db.select(Answer.in_grace)).all() == [False]


def test_the_status_page_of_an_exam_that_is_being_submitted_changes_by_itself(short, context, time, page, let_in):
    let_in(context, short.learner)
    time.portal.advance(minutes=3)
    page.goto(f"/attempts/{short.ref}/status")
    expect(page.locator("h1")).to_have_text("Your time is up")
    time.hold(page)
    sweeper.submit_overdue(time.portal.now)
    time.pass_by(7)
    expect(page.locator("h1")).to_have_text("Your exam was submitted")


def test_without_a_line_over_zero_nobody_is_told_to_keep_working(short_page, server, context, time):
    banners = short_page.locator("#banners .banner p")
    time.pass_by(60)
    server.stop()
    context.set_offline(True)
    short_page.fill("#value", "twenty seconds left")
    time.pass_by(10)
    expect(banners).to_have_text([re.compile(r"^You have been offline since 12:01\. Keep working\.")])
    time.pass_by(20)
    expect(banners).to_have_text(["Time is up. Sending your answers.", "You have been offline since 12:01."])
    server.start()
    context.set_offline(False)
    time.pass_by(5)
    expect(short_page.locator("#banners")).to_contain_text("All your answers are saved")
    expect(short_page.locator("#banners")).not_to_contain_text("offline")
    assert answers() == ["twenty seconds left"]
