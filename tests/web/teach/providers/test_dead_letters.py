"""What a provider sent and we could not use: one case for the course, or a line for administrators; ticked off."""

import pytest

from portal.db import db
from portal.domain.proctoring.dead_letters import exam_of_code
from portal.models import Delivery, OutboxMessage, ProviderKind, Registration, Role, SupportCase
from tests import fake_providers, make
from tests.fake_providers import CALLBACK_TOKEN, psi_review, review, say
from tests.make import NOON, S

PSI_REVIEW = f"/api/edx_proctoring/proctoring_review_callback/{CALLBACK_TOKEN}"


@pytest.fixture
def running(app):
    """An attempt of a provider that must not report on it yet."""
    fake_providers.provider()
    return fake_providers.attempt(S.STARTED, exam=fake_providers.exam(name="Clouds"))


@pytest.fixture
def psi(app):
    return fake_providers.provider("psi", kind=ProviderKind.PSI, client=False)


def cases():
    db.session.rollback()
    return list(db.session.scalars(db.select(SupportCase).order_by(SupportCase.id)))


def test_the_course_team_gets_one_case_with_the_reason(client, sign_in, running):
    for _ in range(3):
        assert say(client, "reviewed").status_code == 400
    [case] = cases()
    assert (case.kind, case.course_id, case.attempt_id) == ("kept_delivery", running.exam.course_id, running.id)
    assert case.text.startswith("Clouds: the portal could not use a report from acme.")
    assert "has not ended" in case.text
    assert len(db.session.scalars(db.select(OutboxMessage).filter_by(topic="support")).all()) == 1
    sign_in(make.member(Role.STAFF, course=running.exam.course))
    page = client.get("/teach/cases").text
    assert "Unusable message" in page and "Clouds: the portal could not use a report from acme" in page


def test_many_messages_about_one_attempt_are_one_case_with_a_count(client, sign_in, running, the_clock):
    for number in range(46):
        the_clock.advance(seconds=1)
        say(client, "reviewed", review("passed", comments=number))
    [case] = cases()
    assert (case.messages, case.last_at, case.text.split(". ")[0]) == (
        46,
        the_clock.now,
        "Clouds: the portal could not use a report from acme",
    )
    assert len(db.session.scalars(db.select(OutboxMessage).filter_by(topic="support")).all()) == 1
    sign_in(make.member(Role.STAFF, course=running.exam.course))
    page = client.get("/teach/cases").text
    assert "46 messages" in page and f"/teach/attempts/{running.ref}/provider-log?show=waiting" in page


def test_what_comes_after_the_answer_is_another_case(client, sign_in, running):
    sign_in(make.member(Role.STAFF, course=running.exam.course))
    say(client, "reviewed")
    client.post(f"/teach/cases/{cases()[0].id}/close", data={"note": "The provider was too fast"})
    for word in ("violation", "suspicious"):
        say(client, "reviewed", review(word))
    assert [(one.messages, one.closed_at is None) for one in cases()] == [(1, False), (2, True)]


def test_what_could_be_used_opens_none(client, running):
    fake_providers.change(running, status=S.SUBMITTED, completed_at=NOON)
    assert say(client, "reviewed").status_code == 200
    assert cases() == []


def test_a_tick_names_the_person_ends_the_repeats_and_the_last_answers_the_case(client, sign_in, running):
    for _ in range(2):
        say(client, "reviewed")
    say(client, "reviewed", review("suspicious"))
    first, again, other = (one.id for one in fake_providers.deliveries())
    person = sign_in(make.member(Role.STAFF, course=running.exam.course, user=make.user(name="Dr Lind")))
    client.post(f"/teach/deliveries/{first}/seen")
    assert [(one.seen_at, one.seen_by_id) for one in fake_providers.deliveries()] == [
        (NOON, person.id), (NOON, person.id), (None, None),
    ]  # fmt: skip
    [case] = cases()
    assert case.closed_at is None
    assert "by Dr Lind" in client.get(f"/teach/deliveries/{again}").text
    assert "by Dr Lind" not in client.get(f"/teach/deliveries/{other}").text
    client.post(f"/teach/deliveries/{other}/seen")
    [case] = cases()
    assert (case.closed_by_id, case.closing_note) == (person.id, f"Message {other} was marked as resolved.")


def test_what_names_nothing_of_ours_waits_for_an_administrator(client, sign_in, running):
    say(client, "reviewed", about="nobody-has-this")
    assert cases() == []
    administrator = sign_in(make.administrator(name="Dr Abt"))
    assert "1 provider message matches no attempt" in client.get("/teach/").text
    [lost] = fake_providers.deliveries()
    client.post(f"/teach/deliveries/{lost.id}/seen")
    assert db.session.get_one(Delivery, lost.id, populate_existing=True).seen_by_id == administrator.id
    assert "matches no attempt" not in client.get("/teach/").text


def test_a_code_that_fits_no_attempt_still_names_its_exam(client, psi):
    made = fake_providers.attempt(exam=fake_providers.exam("psi", name="Maps"), external_id="Loc-1")
    wrong = psi_review(made, examMetaData={"examCode": made.attempt_code, "ssiRecordLocator": "another"})
    for _ in range(2):
        assert client.post(PSI_REVIEW, json=wrong).status_code == 400
    [case] = cases()
    [first, _] = fake_providers.deliveries()
    assert (case.course_id, case.attempt_id) == (made.exam.course_id, None)
    assert case.text.startswith("Maps: the portal could not use a report from psi")
    assert f"can open message {first.id}." in case.text


def test_a_place_that_was_asked_for_names_its_exam_to_its_own_provider_only(app, psi):
    exam = fake_providers.exam("psi")
    facts = {"provider_slug": "psi", "attempt_code": "ASKED", "created_at": NOON}
    make.row(Registration(exam_id=exam.id, learner_id=make.user().id, **facts))
    assert exam_of_code("psi", "ASKED").id == exam.id
    assert exam_of_code("acme", "ASKED") is None
    assert exam_of_code("psi", "") is None
