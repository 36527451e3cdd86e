"""Everybody around a proctored exam: a provider on real sockets, a mail server, a platform that listens, people."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from unittest.mock import patch

import requests
from aiosmtpd.controller import Controller
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_httpserver import HTTPServer
from standardwebhooks.webhooks import Webhook
from werkzeug.wrappers import Request, Response

from portal import clock
from portal.db import db, writing
from portal.domain.outbox import webhook_endpoints
from portal.jobs import worker
from portal.jobs.recurring import schedule
from portal.models import Attempt, Exam, Provider, ProviderKind, Role, User
from portal.models import AttemptStatus as S
from portal.providers.rest import tokens
from portal.simulator import Running, running
from portal.simulator.settings import Settings
from tests import fake_providers, make
from tests.browser.exam_time import ExamTime

SLUG = "watcher"


class MailSink:
    """A mail server that takes everything."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"

    def subjects_to(self, person: User) -> list[str]:
        return [mail["Subject"] for mail in self.mails if person.email in mail["To"]]


@contextmanager
def mail_server(app: Flask) -> Iterator[MailSink]:
    sink = MailSink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    state = app.extensions["mail"]
    before = state.server, state.port, state.suppress
    state.server, state.port, state.suppress = "127.0.0.1", port, False
    yield sink
    state.server, state.port, state.suppress = before
    server.stop()


class PortalTime(datetime):
    """The library looks at the time of the machine; here time is the test's."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return clock.now()


class Platform:
    """Hears signed events; each is verified by the library of the standard before it is taken."""

    def __init__(self, server: HTTPServer) -> None:
        self.heard: list[str] = []
        """The types, in order."""
        server.expect_request("/hooks", "POST").respond_with_handler(self._take)
        with writing():
            _, secret = webhook_endpoints.add("platform", server.url_for("/hooks"), now=clock.now())
        self._verifier = Webhook(secret)

    def _take(self, request: Request) -> Response:
        with patch("standardwebhooks.webhooks.datetime", PortalTime):
            event = self._verifier.verify(request.get_data(), dict(request.headers))
        self.heard.append(event["type"])
        return Response("", 204)


class World:
    """A course with a provider, its people, and time."""

    def __init__(self, app: Flask, simulator: Running, browser: Browser, live_server: str) -> None:
        self.app, self.simulator, self._browser, self._place = app, simulator, browser, live_server
        self.course = make.course(name="Algebra", contact="team@example.edu", needs_second_review=True)
        self.learner = make.enrol(self.course, make.user(name="Ava Rahimi"))
        self.reviewer = make.member(Role.INSTRUCTOR, course=self.course, user=make.user(name="Edda Lind"))

    def exam(self, name: str, provider: str = SLUG, **facts: Any) -> Exam:
        return make.exam(course=self.course, name=name, is_proctored=True, provider_slug=provider, **facts)

    def work(self) -> None:
        """What the portal does by itself, now."""
        schedule.run_due(clock.now())
        worker.work_through(now=clock.now())

    def attempt_at(self, exam: Exam) -> Attempt:
        db.session.rollback()
        query = db.select(Attempt).filter_by(exam_id=exam.id, archived_at=None).order_by(Attempt.id.desc())
        return db.session.scalars(query).first()

    def status_at(self, exam: Exam) -> S:
        return self.attempt_at(exam).status

    def at_provider(self, exam: Exam, action: str, **said: str) -> None:
        """Press a button of the provider; when this returns, the portal has answered it."""
        self.report_on(self.attempt_at(exam), action, **said)

    def report_on(self, attempt: Attempt, action: str, **said: str) -> None:
        name = attempt.external_id
        requests.post(f"{self.simulator.address}/attempts/{name}/{action}", json=said, timeout=10).raise_for_status()


@contextmanager
def simulated_provider(app: Flask, live_server: str) -> Iterator[Running]:
    """Speaks the REST protocol, in both directions, with one secret."""
    client_id = f"{SLUG}-client"
    settings = Settings(
        portal=live_server,
        client_id=client_id,
        client_secret=fake_providers.SECRET,
        ready_after=0.01,
        review_after=9999,
        needs_onboarding=True,
    )
    tokens.forget_all()
    with running(settings) as simulator:
        options = {
            "supports_onboarding": True,
            "worker_js_url": f"{simulator.address}/worker.js",
            "worker_needs_external_id": True,
        }
        talks = {"base_url": simulator.address, "client_id": client_id, "client_secret": fake_providers.SECRET}
        fake_providers.provider(SLUG, kind=ProviderKind.REST, options=options, **talks)
        yield simulator
    tokens.forget_all()


def practice_provider() -> Provider:
    return fake_providers.provider("practice", kind=ProviderKind.PRACTICE, client=False, name="Practice proctor")


class Learner:
    """One learner's browser."""

    def __init__(self, context: BrowserContext, page: Page, time: ExamTime) -> None:
        self.context, self.page, self.time = context, page, time

    def begin(self, exam: Exam) -> None:
        self.page.goto(f"/exams/{exam.slug}/")
        self.page.locator("main form[action$='/begin'] button").first.click()

    def read_rules(self) -> None:
        self.page.check("input[name=read]")
        self.page.get_by_role("button", name="Save", exact=True).click()

    def open_provider(self) -> Page:
        with self.context.expect_page() as opened:
            self.page.locator("form[action$='/provider'] button").first.click()
        opened.value.wait_for_load_state()
        return opened.value

    def start(self) -> None:
        """From the set-up, which leads on by itself when nothing is left to do."""
        self.page.wait_for_url("**/ready")
        self.page.locator("form[action$='/start'] button").first.click()
        self.page.wait_for_url("**/exam/1")

    def submit(self) -> None:
        self.page.goto(self.page.url.partition("/exam")[0] + "/end")
        self.page.get_by_role("button", name="Submit exam").click()
        self.page.wait_for_url("**/status")

    def wait_until(self, is_so: Callable[[], bool], *, seconds: int = 60) -> None:
        """Let time pass for everybody until it is so."""
        for _ in range(seconds):
            if is_so():
                return
            self.time.pass_by(1)
        assert is_so()
