"""A learner's place at a provider: reserved once, asked for by one at a time, and settled once, with or without one."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.courses import requirements
from portal.domain.courses.published import RequirementPublished
from portal.domain.errors import NotAllowed, NotFound, NotNow, ProviderUnavailable
from portal.domain.proctoring import declining, registrations
from portal.domain.providers import lookup
from portal.domain.providers.facts import Registered
from portal.domain.timekeeping import granting
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import AllowanceKind, Attempt, OutboxMessage, ProviderKind, Registration, ResumeState
from tests import fake_providers, make
from tests.make import NOON, S

MOMENT = timedelta(seconds=1)
LEASE = timedelta(seconds=45)
REFUSALS = [S.ONBOARDING_MISSING, S.ONBOARDING_PENDING, S.ONBOARDING_FAILED, S.ONBOARDING_EXPIRED]


@pytest.fixture
def acme(app):
    return fake_providers.provider("acme", kind=ProviderKind.PRACTICE, client=False)


@pytest.fixture
def exam(acme):
    return fake_providers.exam(maximum_attempts=0, review_rules="No books")


@pytest.fixture
def learner(exam):
    return make.enrol(exam.course, make.user(name="Ada", email="ada@example.edu", language="de"))


def reserve(exam, learner, *, now=NOON):
    with writing():
        return registrations.reserve(exam, learner, now=now)


def lease(made, *, now=NOON):
    with writing():
        return registrations.lease(made.id, now=now, public_url="https://portal.example")


def confirm(reserved, external_id="place-1", *, exam_id=None, refused_as=None):
    with writing():
        answer = Registered(external_id=external_id, refused_as=refused_as)
        return registrations.confirm(reserved, answer, exam_id=exam_id, now=NOON)


def act(verb, *given, **more):
    with writing():
        return verb(*given, **more)


def place(exam, learner, *, now=NOON):
    return lease(reserve(exam, learner, now=now), now=now).place


def codes():
    """Of every registration, oldest first."""
    return list(db.session.scalars(db.select(Registration.attempt_code).order_by(Registration.id)))


def statuses():
    db.session.expire_all()
    return list(db.session.scalars(db.select(Attempt.status).order_by(Attempt.id)))


def test_reserving_opens_one_and_the_background_asks_when_the_page_has_had_its_time(exam, learner):
    made = reserve(exam, learner)
    assert (made.exam_id, made.learner_id, made.provider_slug) == (exam.id, learner.id, "acme")
    assert (made.attempt_id, made.settled_at, made.tries) == (None, None, 0)
    assert registrations.find_open(exam, learner) is registrations.latest(exam, learner) is made
    [message] = db.session.scalars(db.select(OutboxMessage))
    assert (message.topic, message.available_at) == ("provider.register", NOON + LEASE)
    assert message.payload == {"registration": made.id}


def test_a_second_press_finds_the_first_and_everybody_has_their_own(exam, learner):
    made = reserve(exam, learner)
    assert reserve(exam, learner, now=NOON + LEASE) is made
    assert db.session.query(OutboxMessage).count() == 1
    colleague, other = make.enrol(exam.course), fake_providers.exam(course=exam.course)
    assert len({made.id, reserve(exam, colleague).id, reserve(other, learner).id}) == 3
    assert len(set(codes())) == 3


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"is_active": False}, "not available"),
        ({"opens_at": NOON + MOMENT}, "not open yet"),
        ({"closes_at": NOON}, "has closed"),
        ({"provider_slug": None}, "no proctoring provider"),
        ({"questions": 0}, "no questions"),
    ],
)
def test_who_may_not_begin_reserves_nothing(exam, learner, given, says):
    other = fake_providers.exam(course=exam.course, **given)
    with pytest.raises(NotNow, match=says):
        reserve(other, learner)
    with pytest.raises(NotAllowed):
        reserve(exam, make.user())
    assert (codes(), db.session.query(OutboxMessage).count()) == ([], 0)


def test_who_has_declined_what_comes_before_reserves_nothing(exam, learner):
    names = ("first", "last")
    first, last = (fake_providers.exam(course=exam.course, content_id=name, may_decline=True) for name in names)
    asked = [RequirementPublished(namespace=requirements.EXAM, name=name, display_name=name) for name in names]
    act(requirements.publish, exam.course, asked)
    act(requirements.note, requirements.list_for(exam.course_id)[0], learner.id, "declined", at=NOON)
    assert declining.earlier(last, learner, None) == "first" and reserve(first, learner)
    with pytest.raises(NotNow, match="without proctoring"):
        reserve(last, learner)


@pytest.mark.parametrize(("later", "gets"), [(0 * LEASE, False), (LEASE - MOMENT, False), (LEASE, True)])
def test_one_at_a_time_may_ask(exam, learner, later, gets):
    made = reserve(exam, learner)
    first, second = lease(made), lease(made, now=NOON + later)
    assert (second is not None, made.tries) == (gets, 2 if gets else 1)
    if not gets:
        assert confirm(first).status is S.CREATED
        return
    assert first.place.attempt_code == second.place.attempt_code == made.attempt_code
    act(registrations.note_failure, first, "Too late to say so", now=NOON)
    act(registrations.fail_reserved, first, "Too late to say so", now=NOON)
    assert (confirm(first), made.last_error, made.settled_at) == (None, "", None)
    assert confirm(second).status is S.CREATED


def test_there_must_be_something_to_ask_for(exam):
    with pytest.raises(NotFound):
        act(registrations.lease, 4711, now=NOON, public_url="")


@pytest.mark.parametrize("options", [{}, {"sends_name": False}, {"sends_email": False}])
def test_what_the_provider_is_told(exam, learner, acme, options):
    fake_providers.change(acme, options=options)
    for terms in (
        Terms(kind=AllowanceKind.EXTRA_MINUTES, minutes=15, exam=exam),
        Terms(kind=AllowanceKind.REVIEW_POLICY_EXCEPTION, note="May read aloud", exam=exam),
    ):
        act(granting.grant, exam.course, learner, terms, by=None, reason="", now=NOON)
    told = place(exam, learner)
    assert told.full_name == ("Ada" if options.get("sends_name", True) else None)
    assert told.email == ("ada@example.edu" if options.get("sends_email", True) else None)
    assert (told.time_limit_minutes, told.review_rules, told.is_sample) == (75, "No books", False)
    assert "May read aloud" in told.review_exception and told.languages == ("de",)
    assert (told.exam, told.public_url) == (lookup.exam_facts(exam, "acme"), "https://portal.example")


def test_of_an_exam_that_was_switched_off_meanwhile_nobody_is_asked(exam, learner):
    made = reserve(exam, learner)
    fake_providers.change(exam, is_active=False)
    with pytest.raises(NotNow, match="not available"):
        lease(made)
    assert (made.tries, registrations.find_unsettled(made.id)) == (0, made)


@pytest.mark.parametrize("minutes", [1, 25, 60])
def test_of_an_interrupted_exam_the_place_is_as_long_as_what_is_left(exam, learner, minutes):
    facts = {"taking_as_proctored": True, "time_remaining_seconds": minutes * 60 - 30}
    facts |= {"resume_state": ResumeState.GRANTED}
    broken = make.attempt(S.ERROR, exam=exam, learner=learner, **facts)
    fake_providers.change(exam, is_active=False)  # What was broken off goes on all the same.
    made = reserve(exam, learner)
    assert (made.resumes_id, lease(made).place.time_limit_minutes) == (broken.id, minutes)


def test_the_answer_makes_the_attempt_once(exam, learner):
    made = reserve(exam, learner)
    reserved = lease(made)
    attempt = confirm(reserved)
    facts = (attempt.attempt_code, attempt.provider_slug, attempt.external_id, attempt.taking_as_proctored)
    assert facts == (made.attempt_code, "acme", "place-1", True)
    assert (attempt.status, attempt.learner_id, attempt.exam) == (S.CREATED, learner.id, exam)
    assert registrations.of(attempt) is registrations.latest(exam, learner) is made
    assert (made.settled_at, registrations.find_open(exam, learner)) == (NOON, None)
    assert (registrations.find_unsettled(made.id), lease(made, now=NOON + 2 * LEASE)) == (None, None)
    assert (confirm(reserved), statuses()) == (None, [S.CREATED])


def test_who_has_a_live_attempt_gets_it_back_the_second_time(exam, learner):
    first = confirm(lease(reserve(exam, learner)))
    again = reserve(exam, learner)
    assert confirm(lease(again), "place-2") is first
    assert (statuses(), again.attempt_id, first.external_id) == ([S.CREATED], first.id, "place-1")


@pytest.mark.parametrize("refused_as", REFUSALS)
@pytest.mark.parametrize("then", [None, *REFUSALS])
def test_a_refusal_is_an_attempt_of_its_own_and_the_same_again_is_not(exam, learner, refused_as, then):
    first = confirm(lease(reserve(exam, learner)), None, refused_as=refused_as)
    assert (first.status, registrations.find_open(exam, learner)) == (refused_as, None)
    second = confirm(lease(reserve(exam, learner)), "place-2" if then is None else None, refused_as=then)
    assert (second is first) is (then is refused_as)
    assert statuses() == ([refused_as] if then is refused_as else [refused_as, then or S.CREATED])


@pytest.mark.parametrize(("external_id", "exam_id"), [("taken", None), ("free", "exam-taken")])
def test_a_name_that_is_somebody_elses_is_no_answer(exam, learner, external_id, exam_id):
    fake_providers.attempt(S.CREATED, exam=exam, external_id="taken")
    act(lookup.note_exam, fake_providers.exam(), "acme", "exam-taken", now=NOON)
    made = reserve(exam, learner)
    reserved = lease(made)
    with pytest.raises(ProviderUnavailable, match="another"):
        confirm(reserved, external_id, exam_id=exam_id)
    assert (registrations.find_open(exam, learner), statuses()) == (made, [S.CREATED])
    assert confirm(reserved, "free", exam_id="exam-free")
    assert lookup.external_id_of(exam, "acme") == "exam-free"


def test_after_a_failure_the_next_try_may_come_at_once(exam, learner):
    made = reserve(exam, learner)
    act(registrations.note_failure, lease(made), "x" * 600, now=NOON)
    assert (made.last_error, made.settled_at) == ("x" * 500, None)
    again = lease(made, now=NOON + MOMENT)
    assert (made.tries, again.place.attempt_code) == (2, made.attempt_code)
    assert confirm(again).attempt_code == made.attempt_code


@pytest.mark.parametrize("is_leased", [True, False])
def test_what_has_failed_for_good_is_closed_and_the_learner_may_try_anew(exam, learner, is_leased):
    made = reserve(exam, learner)
    reserved = lease(made)
    if is_leased:
        act(registrations.fail_reserved, reserved, "The provider said no.", now=NOON)
    else:
        act(registrations.fail, made, "The provider said no.", now=NOON)
    assert (made.last_error, made.settled_at, made.attempt_id) == ("The provider said no.", NOON, None)
    assert (confirm(reserved), lease(made, now=NOON + LEASE), statuses()) == (None, None, [])
    again = reserve(exam, learner)
    assert again.attempt_code != made.attempt_code and registrations.latest(exam, learner) is again


def test_the_providers_steps_are_kept_without_what_is_dangerous(exam, learner):
    made = reserve(exam, learner)
    act(registrations.note_instructions, made.id, ["<b>Look</b><script>x()</script>", *["Next"] * 30])
    steps = registrations.instructions_for(confirm(lease(made)))
    assert steps == ["<b>Look</b>", *["Next"] * (registrations.MOST_STEPS - 1)]
    assert registrations.instructions_for(make.attempt()) == []
