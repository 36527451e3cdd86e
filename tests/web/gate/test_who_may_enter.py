"""Every route, and who gets past its door. A route missing here is a failing test."""

import hashlib

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from portal.db import db, writing
from portal.domain.outbox import cases, messages
from portal.models import (
    Allowance,
    AllowanceKind,
    AnswerFile,
    Asset,
    Attempt,
    Course,
    Delivery,
    DeliveryKind,
    DeliveryOutcome,
    ProviderExam,
    ProviderKind,
    Question,
    Role,
    User,
)
from tests import fake_providers, make, review_factories
from tests.make import NOON, S
from tests.web.gate.doors import ANYONE, MAY_ENTER


def routes(app: Flask) -> list[tuple[Rule, str]]:
    """Every rule with each method that its view itself answers."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


@pytest.fixture
def scene(app):
    """A running attempt, its course, and one person of each kind."""
    attempt = make.attempt(S.STARTED)
    picture = hashlib.sha256(b"<svg/>").hexdigest()
    course_id, exam_id, learner_id = attempt.exam.course_id, attempt.exam_id, attempt.learner_id
    member, shown = make.member(Role.INSTRUCTOR, course=attempt.exam.course), f'<img src="asset:{picture}">'
    with writing() as session:
        seen = {"name": "p.svg", "media_type": "image/svg+xml", "content": b"<svg/>"}
        session.add(Asset(course_id=course_id, sha256=picture, **seen))
        allowance = Allowance(
            course_id=course_id, exam_id=exam_id, learner_id=learner_id, kind=AllowanceKind.EXTRA_MINUTES,
            minutes=5, granted_at=NOON,
        )  # fmt: skip
        session.add(allowance)
        question = session.scalars(db.select(Question)).first()
        question.text_html += shown
    known = {
        "filename": "css/base.css", "token": "none", "slug": attempt.exam.slug, "ref": attempt.ref, "number": 1,
        "question_id": question.id, "sha256": picture, "allowance_id": allowance.id, "key": "pause-clock",
        "file_id": a_file(attempt, question).id, "name": "learner.css", "attempt_id": attempt.id,
        "course": attempt.exam.course.slug, "course_key": attempt.exam.course.key,
    }  # fmt: skip
    watched = proctored_attempts(attempt.exam.course, attempt.learner)
    known |= {"proctored": watched[0].ref, "review": watched[1].ref, "watched": watched[0].exam.slug}
    known |= {"external_id": "nothing", "attempt_code": "nothing", **said_about(watched[1])}
    people = {
        "stranger": make.user(), "learner": attempt.learner, "member": member, "administrator": make.administrator(),
    }  # fmt: skip
    return known, people


def a_file(attempt: Attempt, question: Question) -> AnswerFile:
    facts = {"name": "plan.pdf", "media_type": "application/pdf", "size_bytes": 0, "begun_at": NOON}
    return make.row(AnswerFile(attempt_id=attempt.id, question_id=question.id, completed_at=NOON, **facts))


def proctored_attempts(course: Course, learner: User) -> tuple[Attempt, Attempt]:
    """One at the provider, and one that a person must look at."""
    fake_providers.provider("proctorco", kind=ProviderKind.PRACTICE, client=False)
    fake_providers.exam("proctorco", course=course, is_practice=True, is_onboarding=True)
    in_set_up = review_factories.proctored(
        status=S.CREATED, exam=fake_providers.exam("proctorco", course=course), learner=learner
    )
    reported = review_factories.waiting(exam=fake_providers.exam("proctorco", course=course), learner=learner)
    return in_set_up, reported


def said_about(attempt: Attempt) -> dict[str, object]:
    """A message of a provider, a call to it, a case, and an exam whose provider has a dashboard."""
    fake_providers.provider(
        "shown", base_url="https://shown.example", client_id="us", client_secret="s" * 32, client=False
    )
    shown = fake_providers.attempt(exam=fake_providers.exam("shown", course=attempt.exam.course), learner=make.user())
    make.row(ProviderExam(exam_id=shown.exam_id, provider_slug="shown", external_id="x", saved_at=NOON))
    sent = {"kind": DeliveryKind.READY, "body": "{}", "body_sha256": "0", "received_at": NOON}
    delivery = make.row(Delivery(outcome=DeliveryOutcome.KEPT, attempt_id=attempt.id, **sent))
    with writing():
        call = messages.enqueue("provider.stop", now=NOON, attempt=attempt)
        about = {"key": "c", "course_id": attempt.exam.course_id, "attempt": attempt}
        case = cases.open_case("learner_message", "Help", now=NOON, **about)
    ids = {"delivery_id": delivery.id, "call_id": call.id, "case_id": case.id}
    return {**ids, "shown_ref": shown.ref, "shown_slug": shown.exam.slug}


def test_every_route_is_listed(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(MAY_ENTER)


@pytest.mark.parametrize("who", sorted(ANYONE))
def test_the_doors(app, sign_in, scene, who):
    known, people = scene
    wrong = []
    for rule, method in routes(app):
        client = app.test_client()
        if who in people:
            sign_in(people[who], client)
        if is_turned_away(client.open(address(app, rule, known), method=method)) is (who in MAY_ENTER[rule.endpoint]):
            wrong.append(f"{method} {rule.rule}")
    assert not wrong


def address(app: Flask, rule: Rule, known: dict[str, object]) -> str:
    names, room = dict(known), rule.endpoint.partition(".")[0]
    if "/courses/" in rule.rule:
        names["slug"] = known["course"]
    if room in known:
        names["ref"] = known[room]
    if "dashboard" in rule.endpoint or "provider_settings" in rule.endpoint:
        names |= {"ref": known["shown_ref"], "slug": known["shown_slug"]}
    if room == "proctored":
        names["slug"] = known["watched"]
    with app.test_request_context():
        return url_for(rule.endpoint, **{name: names[name] for name in rule.arguments})


def is_turned_away(answer) -> bool:
    return answer.status_code in {401, 403, 404} or (answer.location or "").startswith("/signin?next=")
