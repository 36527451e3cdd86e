"""The kinds of work that are measured, as journeys of requests for people who are signed in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from bench.data import TEACHER, attempt_id_of, email_of, exam_of, learners_of, name_of, ref_of
from bench.data.providers import ProviderServer, attempt_ids, review_body
from bench.data.sizes import Size
from portal.db import db
from portal.models import User
from portal.web.gate import sessions

Step = dict[str, Any]
Journey = list[Step]
#: Enough different people that no cache of ours or the database's sees one person only.
SPREAD = 2_000
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Work:
    """One row of the table. The last journey is not driven: it is kept for counting statements."""

    name: str
    title: str
    data: str
    """What each journey goes to."""
    journeys: list[Journey]
    is_once: bool = False
    """Whether each journey can be gone only once, such as submitting."""
    gives_versions: bool = False
    ceiling: str = field(default="replay")
    """How the bare server does it: replays the statements (reads), or a function of its own (writes)."""

    def share(self, turn: "Turn", *, bare: bool) -> list[Journey]:
        """The journeys of one round. What can be gone only once is divided, and the last is for counting."""
        rest = self.journeys[:-1]
        if self.is_once:
            return rest[2 * turn.number + bare :: 2 * turn.of]
        return rest[turn.number :: turn.of] if self.gives_versions else rest

    def said(self, turn: "Turn") -> str:
        """What it goes to, and how the portal and the bare server share it."""
        both = f"{len(self.share(turn, bare=False)):,} of each" if self.is_once else "the same for both"
        rounds = f", each round others ({turn.of} rounds)" if turn.of > 1 and self._leaves_marks else ""
        return f"{self.title}: {len(self.journeys) - 1:,} journeys, {both}{rounds}; {self.data}"

    @property
    def _leaves_marks(self) -> bool:
        return self.is_once or self.gives_versions


@dataclass(frozen=True)
class Turn:
    """One round of several, counted from nought."""

    number: int = 0
    of: int = 1


@dataclass(frozen=True, kw_only=True)
class Person:
    cookie: str
    token: str

    def asks(self, path: str) -> Step:
        return {"method": "GET", "path": path, "headers": {"Cookie": self.cookie}, "body": "", "expect": 200}

    def posts(self, path: str, *, expect: int = 303) -> Step:
        headers = {"Cookie": self.cookie, "X-CSRFToken": self.token}
        return {"method": "POST", "path": path, "headers": headers, "body": "", "expect": expect}

    def sends(self, path: str, body: str) -> Step:
        step = self.posts(path, expect=200)
        return {**step, "headers": {**step["headers"], "Content-Type": "application/json"}, "body": body}


class People:
    """Signs people in by making the cookie and the form token that the portal would give them."""

    def __init__(self, app: Flask, ids: Iterable[int]) -> None:
        interface = SecureCookieSessionInterface()
        self._cookies = interface.get_signing_serializer(app)
        self._tokens = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")
        self._name = app.config["SESSION_COOKIE_NAME"]
        wanted = list(ids)
        parts = [wanted[at : at + AT_ONCE] for at in range(0, len(wanted), AT_ONCE)]
        asked = [db.select(User).where(User.id.in_(part)) for part in parts]
        self._epoch_one = {user.id: user for select in asked for user in db.session.scalars(select)}

    def __call__(self, user_id: int) -> Person:
        kept = sessions.contents(self._epoch_one[user_id])
        assert self._cookies is not None
        cookie = f"{self._name}={self._cookies.dumps(kept)}"
        return Person(cookie=cookie, token=str(self._tokens.dumps(kept["csrf_token"])))


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Who does what: a reader's or a writer's exam is never the one that somebody else submits."""

    stay: list[int]
    """Their exam goes on for as long as the bench does."""
    submit: list[int]
    begin: list[int]

    @classmethod
    def of(cls, size: Size) -> "Parts":
        running, idle = list(learners_of(size))[: size.running], list(learners_of(size))[size.running :]
        every = max(3, len(running) // SPREAD)
        stay = running[::every]
        staying = set(stay)
        return cls(stay=stay, submit=[id for id in running if id not in staying], begin=idle)


def all_of(app: Flask, size: Size) -> list[Work]:
    """Reads first; what uses attempts up comes last."""
    parts = Parts.of(size)
    people = People(app, [TEACHER, *learners_of(size)])
    search = Work(name="search", title="Search that finds about 10", data="200 names in every exam",
                  journeys=_each(range(400), lambda n: [people(TEACHER).asks(search_of(n, size))]))  # fmt: skip
    return [
        *reads(people, parts.stay, size),
        search,
        *_writes(people, parts, size),
        *_of_provider(ProviderServer(app), size),
    ]


def reads(people: People, some: list[int], size: Size) -> list[Work]:
    """What people look at; ``some`` have an exam running."""
    of_exam = f"{size.attempts // size.exams:,} attempts in each exam"
    return [
        Work(name="clock", title="Clock of a running exam", data="running exams", ceiling="clock",
             journeys=_each(some, lambda id: [people(id).asks(f"/attempts/{_ref(id, size)}/clock.json?rev=1")])),
        Work(name="question", title="Question page", data=f"running exams of {size.questions} questions",
             journeys=_each(some, lambda id: [
            people(id).asks(f"/attempts/{_ref(id, size)}/exam/{2 + id % (size.questions - 2)}")])),
        Work(name="list", title=f"List of {size.exams} exams", data=f"learners with {size.attempts_each} attempts each",
             journeys=_each(some, lambda id: [people(id).asks("/me/exams/")])),
        Work(name="attempts", title="Course team's attempts, page 1", data=of_exam,
             journeys=_each(range(1, 1 + size.exams), lambda id: [
            people(TEACHER).asks(f"/teach/exams/exam-{id}/attempts")])),
    ]  # fmt: skip


def _writes(people: People, parts: Parts, size: Size) -> list[Work]:
    answered = f"running exams with {size.answers_each} answers of {size.questions}"
    tries = _each([*parts.stay, *parts.submit], lambda id: [_allowance(people(TEACHER), id, size)])
    return [
        Work(name="autosave", title="Autosave of an answer", data=answered, gives_versions=True, ceiling="autosave",
             journeys=_each(parts.stay, lambda id: [_autosave(people(id), id, size)])),
        Work(name="create", title="Create and start (two requests)", data="learners without a running exam",
             is_once=True, ceiling="create", journeys=_each(parts.begin, lambda id: _create(people(id), id, size))),
        Work(name="submit", title="Submit", data=answered, is_once=True, ceiling="submit",
             journeys=_each(parts.submit, lambda id: [people(id).posts(f"/attempts/{_ref(id, size)}/submit")])),
        Work(name="allowance", title="Grant one allowance", data="learners without one at that exam", is_once=True,
             ceiling="allowance", journeys=tries),
    ]  # fmt: skip


def _of_provider(provider: ProviderServer, size: Size) -> list[Work]:
    waiting, ended = attempt_ids(size, of_reviewed=False), attempt_ids(size, of_reviewed=True)
    return [
        Work(name="ready", title="Provider: ready", data="attempts that wait for it", is_once=True,
             ceiling="ready", journeys=_each(waiting, lambda id: [provider.says("ready", id, '{"status": "ready"}')])),
        Work(name="reviewed", title="Provider: reviewed, 3 comments", data="submitted attempts", is_once=True,
             ceiling="reviewed", journeys=_each(ended, lambda id: [provider.says("reviewed", id, review_body())])),
    ]  # fmt: skip


def _each(ids: Iterable[int], journey: Callable[[int], Journey]) -> list[Journey]:
    return [journey(id) for id in ids]


def _last_attempt(learner: int, size: Size) -> int:
    return attempt_id_of(learner, size.attempts_each - 1, size)


def _ref(learner: int, size: Size) -> str:
    return ref_of(_last_attempt(learner, size))


def search_of(number: int, size: Size) -> str:
    """For a name; one of five hundred learners has it."""
    given, family = name_of(number * 7).split()
    return f"/teach/exams/exam-{number % size.exams + 1}/attempts?q={given}+{family}"


def _autosave(person: Person, learner: int, size: Size) -> Step:
    """A text of a few lines into the exam's first question, changed each time."""
    question = (exam_of(learner, size.attempts_each - 1, size) - 1) * size.questions + 1
    text = "What I think about it, in some words of my own. " * 6
    body = f'{{"value": "{text} {{next}}", "version": {{version}}, "flagged": false}}'
    return person.sends(f"/attempts/{_ref(learner, size)}/answers/{question}", body)


def _create(person: Person, learner: int, size: Size) -> Journey:
    """An exam this learner has not tried: the next one after theirs."""
    exam = exam_of(learner, size.attempts_each, size)
    return [person.posts(f"/exams/exam-{exam}/begin"), person.posts("{went}/start")]


def _allowance(person: Person, learner: int, size: Size) -> Step:
    """Fifteen minutes more in an exam for which the learner has none, by the form of the course team."""
    said = {"email": email_of(learner), "exam": f"exam-{exam_of(learner, size.attempts_each, size)}",
            "kind": "extra_minutes", "amount": "15", "note": "", "reason": "bench", "go": "grant"}  # fmt: skip
    step = person.posts("/teach/courses/bench/allowances/new")
    headers = {**step["headers"], "Content-Type": "application/x-www-form-urlencoded"}
    return {**step, "headers": headers, "body": urlencode(said)}


#: The bare server's plainest answer.
PLAIN: Step = {"method": "GET", "path": "/ok", "headers": {}, "body": "", "expect": 200}
