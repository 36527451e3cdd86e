"""A portal and a simulated provider that know each other, both on real sockets of this machine."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal.db import db, writing
from portal.domain.providers import client_records, lookup
from portal.jobs import worker
from portal.models import Attempt, Exam, OutboxMessage, User
from portal.providers.rest import tokens
from portal.simulator import Running, running
from portal.simulator.provider import Attempt as TheirAttempt
from portal.simulator.settings import Settings
from tests import fake_providers, make
from tests.make import NOON

PAIR = {"client_id": "pair", "client_secret": "one secret for both directions of 40+"}
QUICK = {"ready_after": 0.05, "review_after": 0.05, "late_seconds": 0.2, "retry_seconds": 0.02, "slow_seconds": 1.2}


@pytest.fixture(autouse=True)
def no_tokens() -> Iterator[None]:
    tokens.forget_all()
    yield
    tokens.forget_all()


class Meeting:
    """One learner before one proctored exam; what they press, and what the provider is told to do."""

    def __init__(self, simulator: Running, client: Any, learner: User, exam: Exam, the_clock: Any) -> None:
        self.simulator, self.client, self.learner, self.exam, self.clock = simulator, client, learner, exam, the_clock

    def behave(self, *misbehaviours: str) -> None:
        self.simulator.provider.settings.misbehave = set(misbehaviours)

    def begin(self) -> Any:
        return self.client.post(f"/exams/{self.exam.slug}/begin")

    def press(self, what: str, **said: str) -> Any:
        return self.client.post(f"/attempts/{self.attempt.ref}/{what}", data=said)

    def take_exam(self) -> None:
        """From the rules to the end; ready must have come."""
        self.press("rules", read="yes")
        self.press("start")
        self.press("submit", sure="yes")
        self.press("finish")

    @property
    def attempts(self) -> list[Attempt]:
        db.session.rollback()
        return list(db.session.scalars(db.select(Attempt).order_by(Attempt.id)))

    @property
    def attempt(self) -> Attempt:
        [only] = self.attempts
        return only

    @property
    def theirs(self) -> TheirAttempt:
        return self.simulator.provider.attempts[self.attempt.external_id or ""]

    def work(self) -> None:
        """Let the background dispatch what is due, until nothing of it is left."""
        worker.work_through(now=self.clock.now)

    def later(self, **by: float) -> None:
        self.clock.advance(**by)
        self.work()

    def waiting(self) -> list[str]:
        """What the provider is still to be told."""
        db.session.rollback()
        to_tell = OutboxMessage.topic.startswith("provider.") & (OutboxMessage.topic != "provider.register")
        query = db.select(OutboxMessage.topic).where(OutboxMessage.done_at.is_(None), to_tell)
        return list(db.session.scalars(query.order_by(OutboxMessage.id)))


@pytest.fixture
def meet(
    live_server: str, client: Any, sign_in: Callable[..., User], the_clock: Any
) -> Iterator[Callable[..., Meeting]]:
    """``meet(review="violation")`` brings them together; the provider behaves until it is told not to."""
    stack = []

    def meet(**settings: Any) -> Meeting:
        simulator = running(Settings(portal=live_server, **PAIR, **{**QUICK, **settings}))
        stack.append(simulator)
        known = simulator.__enter__()
        options = {"timeout_seconds": 1, "supports_onboarding": True}
        fake_providers.provider("acme", client=False, base_url=known.address, options=options, **PAIR)
        with writing():
            record = lookup.get("acme")
            client_records.add(PAIR["client_id"], provider=record, secret=PAIR["client_secret"], now=NOON)
        exam = fake_providers.exam()
        learner = make.enrol(exam.course)
        sign_in(learner)
        return Meeting(known, client, learner, exam, the_clock)

    yield meet
    for simulator in stack:
        simulator.__exit__(None, None, None)
