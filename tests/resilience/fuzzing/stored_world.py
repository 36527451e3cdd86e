"""A course in which something stands in every place that people write in, with everybody's browser and every page."""

import io
import json
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from urllib.parse import urlencode

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.db import db, writing
from portal.domain.answers import answers
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.outbox import cases
from portal.domain.proctoring import heartbeats
from portal.domain.reviews import appeals, verdicts
from portal.domain.reviews.verdicts import Decided
from portal.domain.timekeeping import time_account
from portal.jobs import worker
from portal.models import (
    Allowance,
    AllowanceKind,
    Answer,
    AnswerFile,
    Attempt,
    Delivery,
    DeliveryKind,
    DeliveryOutcome,
    HeardFrom,
    LateAnswer,
    OutboxMessage,
    QuestionKind,
    Role,
    SupportCase,
    User,
    Verdict,
)
from portal.web.gate import sessions
from portal.web.teach.attempts.actions import ACTIONS
from tests import make, review_factories
from tests.make import NOON, S

Door = Callable[[], TestResponse]
NO_REASON = "It does not count because somebody else was in the room."
KINDS = (
    QuestionKind.SHORT_TEXT,
    QuestionKind.NUMBER,
    QuestionKind.LONG_TEXT,
    QuestionKind.ONE_CHOICE,
    QuestionKind.FILE,
)
#: What opened at the beginning may lead on later, because somebody pressed something meanwhile.
OPENS = {200, 302, 303}
#: What is no page: its bytes are the same whatever is stored.
NO_PAGES = {"static", "bundles.bundle", "attempt.asset"}


class StoredWorld:
    """Three attempts of one learner: one runs, one waits for a review, one was refused and appealed."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.turns = 0
        self.learner = make.user(name="Ada Rahimi", email="ada@example.edu")
        questions = [{"kind": kind, "key": {"value": "4"} if kind is QuestionKind.NUMBER else {}} for kind in KINDS]
        self.exam = make.exam(questions=questions, shows_marks=True)
        self.course = self.exam.course
        proctored = [
            make.exam(course=self.course, is_proctored=True, provider_slug="proctorco", questions=questions)
            for _ in range(2)
        ]
        self.running = make.attempt(S.STARTED, exam=self.exam, learner=self.learner)
        self.waiting = review_factories.waiting(exam=proctored[0], learner=self.learner)
        self.refused = review_factories.waiting(exam=proctored[1], learner=self.learner)
        self.instructor = make.member(Role.INSTRUCTOR, course=self.course, user=make.user(name="Ines Ortega"))
        self.reviewer = make.member(Role.REVIEWER, course=self.course, user=make.user(name="Rui Sato"))
        self._write_everywhere()
        everybody = (self.learner, self.instructor, self.reviewer, make.administrator())
        self.browsers = {one: self._browser(one) for one in everybody}
        self.questions = [one.id for one in answers.ordered_questions(self.running)]
        self.refs = [one.ref for one in (self.running, self.waiting, self.refused)]
        self.slugs = [self.exam.slug, proctored[0].slug]
        self.pages = self._pages()
        kept = (OutboxMessage, SupportCase, AnswerFile)
        self.last = {one.__tablename__: db.session.scalar(db.select(db.func.max(one.id))) or 0 for one in kept}
        db.session.rollback()

    def _write_everywhere(self) -> None:
        team = Cause(actor=Actor.STAFF, user=self.instructor, reason="A fire drill")
        with writing() as session:
            reviewer, learner = session.merge(self.reviewer), session.merge(self.learner)
            refusal = Decided(verdict=Verdict.REJECT, reason_code="help", sentence=NO_REASON, note="Seen")
            verdicts.decide(attempts.lock(self.refused.id), refusal, reviewer, now=NOON)
            appeals.send(attempts.lock(self.refused.id), "Please look at it again", learner, days=14, now=NOON)
            running = attempts.lock(self.running.id)
            time_account.add_time(running, 5, team, now=NOON)
            cases.open_case("learner_message", "Help", key="k", course_id=self.course.id, attempt=running, now=NOON)
            heartbeats.hear(self.waiting.id, HeardFrom.PAGE, now=NOON, failed=True, detail="It broke")
            grant = {"course_id": self.course.id, "learner_id": learner.id, "granted_at": NOON, "reason": "The office"}
            session.add(Allowance(kind=AllowanceKind.EXTRA_MINUTES, minutes=5, **grant))
            session.add(Allowance(kind=AllowanceKind.REVIEW_POLICY_EXCEPTION, note="Looks away", **grant))
            said = {"kind": DeliveryKind.REVIEWED, "body": "{}", "body_sha256": "0", "received_at": NOON}
            session.add(Delivery(outcome=DeliveryOutcome.KEPT, attempt_id=self.waiting.id, **said))
            for attempt in (self.running, self.waiting):
                self._answer(session, attempt)

    def _answer(self, session: Any, attempt: Attempt) -> None:
        for question in answers.ordered_questions(attempt):
            told = {"attempt_id": attempt.id, "question_id": question.id, "value": "a"}
            if question.kind is QuestionKind.FILE:
                of = {"attempt_id": attempt.id, "question_id": question.id, "begun_at": NOON, "completed_at": NOON}
                session.add(AnswerFile(name="plan.pdf", media_type="application/pdf", size_bytes=0, **of))
                continue
            session.add(Answer(version=1, saved_at=NOON, **told))
            session.add(LateAnswer(received_at=NOON, **told))

    def _browser(self, person: User) -> FlaskClient:
        client = self.app.test_client()
        with client.session_transaction() as session:
            session.update(sessions.contents(person))
        return client

    def put_back(self) -> None:
        """No door is shut by what went through it before."""
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.execute(text("DELETE FROM answer_file_part"))
            for table, last in self.last.items():
                connection.execute(text(f"DELETE FROM {table} WHERE id > {last}"))
            fresh = "done_at = NULL, dead_at = NULL, tries = 0, last_error = '', available_at = created_at"
            connection.execute(text(f"UPDATE outbox_message SET {fresh}"))

    def doors(self, words: list[str]) -> Iterator[Door]:
        """Each sends what people write there: as JSON, in a form, in a file's name, in a header, in an address."""
        yield from self._doors_of_the_learner(*words)
        yield from self._doors_of_the_team(*words)

    def _doors_of_the_learner(self, one: str, two: str, three: str, four: str) -> Iterator[Door]:
        here, ada = f"/attempts/{self.running.ref}", self.browsers[self.learner]
        for question, word in zip(self.questions, (one, two, three, [four], {"a": one}), strict=True):
            body = json.dumps({"value": word, "version": 0, "flagged": True, "client_at": 1e12})
            yield lambda q=question, b=body: ada.post(f"{here}/answers/{q}", data=b, content_type="application/json")
        yield lambda: ada.post(f"{here}/exam/1", data={"value": storable(two), "version": "99999999999"})
        body = json.dumps({"name": one, "media_type": two, "size_bytes": 3})
        yield lambda: ada.post(f"{here}/files/{self.questions[4]}/begin", data=body, content_type="application/json")
        file = (io.BytesIO(b"abc"), header(three) or "a")
        yield lambda: ada.post(f"{here}/files/{self.questions[4]}", data={"file": file})
        yield lambda: ada.post(f"{here}/message", data={"words": storable(three)})
        beat = json.dumps({"source": "page", "ok": False, "detail": one})
        there = f"/attempts/{self.waiting.ref}"
        yield lambda: ada.post(f"{there}/heartbeat", data=beat, content_type="application/json")
        yield lambda: ada.post(f"/attempts/{self.refused.ref}/appeal", data={"text": storable(four) * 3})
        yield lambda: ada.post("/me/zone", data={"time_zone": storable(one), "next": storable(two)})
        headers = {"User-Agent": header(one), "Accept-Language": header(two), "X-Window": header(three)}
        yield lambda: ada.get(f"{here}/exam/1", headers={**headers, "Cookie": f"text_size={header(four)}"})

    def _doors_of_the_team(self, one: str, two: str, three: str, four: str) -> Iterator[Door]:
        ines, rui = self.browsers[self.instructor], self.browsers[self.reviewer]
        place = f"/teach/attempts/{self.running.ref}"
        yield lambda: ines.post(f"{place}/add-time", data={"minutes": "1", "reason": storable(one)})
        yield lambda: ines.post(f"{place}/do/pause", data={"reason": storable(two)})
        yield lambda: ines.post(f"{place}/do/resume-clock", data={"reason": storable(three)})
        course = f"/teach/courses/{self.course.slug}"
        terms = {"email": self.learner.email, "exam": "", "go": "grant"}
        terms |= {"note": storable(two), "amount": storable(three)}
        for kind in AllowanceKind:
            form = {**terms, "kind": kind.value, "reason": storable(one)}
            yield lambda form=form: ines.post(f"{course}/allowances/new", data=form)
        yield lambda: ines.post(
            f"{course}/settings", data={"contact": storable(one), "escalation_email": storable(two)}
        )
        case = db.session.scalar(db.select(SupportCase.id).order_by(SupportCase.id.desc()))
        yield lambda: ines.post(f"/teach/cases/{case}/close", data={"note": storable(four)})
        seen = {"verdict": "reject", "reason_code": "help", "sentence": storable(one), "note": storable(two)}
        yield lambda: rui.post(f"/review/{self.waiting.ref}/decide", data=seen)
        answer = {"answer": storable(three), "outcome": "stays"}
        yield lambda: rui.post(f"/review/{self.refused.ref}/answer-appeal", data=answer)

    def open_pages(self, *, search: str, one_of: int) -> None:
        """Everybody's, or in turn one of so many of them, and every mail that is due. Each can be read."""
        for person, paths in self.pages.items():
            self.turns += 1
            for path in paths[self.turns % one_of :: one_of]:
                answer = self.browsers[person].get(
                    f"{path}{'&' if '?' in path else '?'}{urlencode({'q': storable(search)})}"
                )
                assert answer.status_code in OPENS, (path, answer.status_code)
                answer.data.decode()
        worker.work_through(now=NOON)
        faults = db.select(OutboxMessage.topic, OutboxMessage.last_error).where(
            OutboxMessage.last_error != "", OutboxMessage.topic == "email", OutboxMessage.done_at.is_(None)
        )
        assert db.session.execute(faults).all() == []
        db.session.rollback()

    def _pages(self) -> dict[User, list[str]]:
        """For each of them the pages that open for them, out of every address that answers a GET."""
        found = {person: [path for path in self._addresses() if self._opens(person, path)] for person in self.browsers}
        return {person: sorted(paths) for person, paths in found.items()}

    def _opens(self, person: User, path: str) -> bool:
        return self.browsers[person].get(path).status_code == 200

    def _addresses(self) -> Iterator[str]:
        """Of the three attempts, their exams, their course, and what was said, granted and handed in there."""
        known: dict[str, list[object]] = {
            "ref": list(self.refs), "key": [*ACTIONS], "number": [*range(1, len(KINDS) + 1)],
            "attempt_id": [self.running.id], "course_key": [self.course.key], "token": ["x"], "attempt_code": ["x"],
        }  # fmt: skip
        for name, model in {"allowance_id": Allowance, "delivery_id": Delivery, "file_id": AnswerFile}.items():
            known[name] = list(db.session.scalars(db.select(model.id)))
        for rule in self.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES:
                slugs = [self.course.slug] if "/courses/" in rule.rule else self.slugs
                yield from self._filled(rule, {**known, "slug": slugs})

    def _filled(self, rule: Rule, known: dict[str, list[object]]) -> list[str]:
        """The address with every choice of values. :raises KeyError: one of its arguments is not known here."""
        names = sorted(rule.arguments)
        chosen = [dict(zip(names, values, strict=True)) for values in product(*(known[name] for name in names))]
        with self.app.test_request_context():
            return [url_for(rule.endpoint, **values) for values in chosen]

    def store_values(self, connection: Connection, table: str, words: list[str]) -> None:
        """Past the door that cleans answers: as JSON, in which even half a letter can be said."""
        number, value = (
            text(f"SELECT id FROM {table} ORDER BY id"),
            text(f"UPDATE {table} SET value = :v WHERE id = :id"),
        )
        for place, id in enumerate(connection.scalars(number).all()):
            word = words[place % len(words)]
            kept = word.replace("\x00", "") if connection.dialect.name == "postgresql" else word
            connection.execute(value, {"v": json.dumps([kept] if place % 4 == 3 else kept), "id": id})


def storable(word: str) -> str:
    """As a form or a column of text can hold it: with whole letters."""
    return word.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def header(word: str) -> str:
    """As much of it as a server lets through in a header."""
    return "".join(one for one in storable(word) if " " <= one <= "\xff" and one != "\x7f" and one != '"')[:200]
