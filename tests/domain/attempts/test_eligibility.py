"""Whether a learner may begin: every reason why not, the moment each begins to hold, and what overrides it."""

from datetime import timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import eligibility
from portal.domain.courses import requirements, versions
from portal.domain.courses.published import RequirementPublished
from portal.domain.errors import NotAllowed, NotNow
from portal.domain.timekeeping import granting
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import AllowanceKind, Enrolment, ProviderKind, ResumeState
from portal.models.attempts.attempt import PRE_START, RUNNING
from tests import fake_providers, make
from tests.make import NOON, S

MOMENT = timedelta(seconds=1)
#: Attempts that used nothing up.
FREE = {
    S.DECLINED, S.EXPIRED, S.ONBOARDING_RESET, S.ONBOARDING_MISSING, S.ONBOARDING_PENDING, S.ONBOARDING_FAILED,
    S.ONBOARDING_EXPIRED,
}  # fmt: skip
TO_RESUME = {"status": S.ERROR, "resume_state": ResumeState.GRANTED, "time_remaining_seconds": 600}
INTERRUPTED = {"status": S.ERROR, "resume_state": ResumeState.RESUMABLE, "time_remaining_seconds": 600}
PROCTORED = {"is_proctored": True, "provider_slug": "acme"}
USED, UNKNOWN_PROVIDER = "used all your attempts", "no proctoring provider yet"


@pytest.fixture
def course(app):
    fake_providers.provider("acme", kind=ProviderKind.PRACTICE, client=False)
    fake_providers.provider("away", kind=ProviderKind.PRACTICE, client=False, is_enabled=False)
    return make.course()


@pytest.fixture
def learner(course):
    return make.enrol(course)


def why_not(exam, learner, *, now=NOON, **given):
    reason = eligibility.why_not(exam, learner, now=now, **given)
    assert reason is None or isinstance(reason, NotAllowed | NotNow)
    return str(reason or "")


def holds(reason, says):
    """Whether this is what is said, and nothing where nothing is to be said."""
    return says in reason and bool(says) == bool(reason)


def attempt(exam, learner, status, **given):
    return make.attempt(status, exam=exam, learner=learner, **given)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, ""),
        ({"is_active": False}, "not available"),
        ({"opens_at": NOON}, ""),
        ({"opens_at": NOON + MOMENT}, "not open yet"),
        ({"closes_at": NOON + MOMENT}, ""),
        ({"closes_at": NOON}, "has closed"),
        ({"questions": 0}, "no questions yet"),
        ({"questions": [{"problem": "What is this?"}]}, "no questions yet"),
        (PROCTORED, ""),
        ({**PROCTORED, "provider_slug": None}, UNKNOWN_PROVIDER),
        ({**PROCTORED, "provider_slug": "nobody"}, UNKNOWN_PROVIDER),
        ({**PROCTORED, "provider_slug": "away"}, "turned off"),
        ({**PROCTORED, "provider_slug": "away", "is_practice": True}, "turned off"),
        ({"provider_slug": "away"}, ""),
        ({**PROCTORED, "is_practice": True, "is_onboarding": True}, ""),
    ],
)
def test_what_the_exam_itself_says(course, learner, given, says):
    exam = make.exam(course=course, **given)
    assert holds(why_not(exam, learner), says)
    is_of_provider = says in {UNKNOWN_PROVIDER, "turned off"}
    assert holds(why_not(exam, learner, is_declining=True), "" if is_of_provider else says)


@pytest.mark.parametrize("given", [{}, {"is_active": False}, {"closes_at": NOON}, {"questions": 0}])
def test_who_is_not_enrolled_hears_only_that(course, learner, given):
    exam = make.exam(course=course, **given)
    for person in (make.user(), make.enrol(make.course()), make.member(course=course)):
        assert isinstance(eligibility.why_not(exam, person, now=NOON), NotAllowed)
    with writing() as session:
        session.scalars(db.select(Enrolment).filter_by(user_id=learner.id)).one().is_active = False
    assert "not enrolled" in why_not(exam, learner)


@pytest.mark.parametrize(("later", "says"), [(29, ""), (30, "has closed")])
def test_a_longer_window_is_the_learners_own(course, learner, later, says):
    exam = make.exam(course=course, closes_at=NOON)
    with writing():
        terms = Terms(kind=AllowanceKind.LONGER_WINDOW, minutes=30, exam=exam)
        granting.grant(course, learner, terms, by=None, reason="", now=NOON)
    now = NOON + timedelta(minutes=later)
    assert holds(why_not(exam, learner, now=now), says)
    assert holds(why_not(exam, make.enrol(course), now=now), "has closed")
    before = attempt(exam, learner, S.SUBMITTED)
    assert holds(eligibility.why_not_after_reset(before, now=now), says)


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("maximum", [0, 1, 2])
@pytest.mark.parametrize("is_practice", [True, False])
def test_which_attempts_use_up_what_a_learner_has(course, learner, status, maximum, is_practice):
    exam = make.exam(course=course, maximum_attempts=maximum, is_practice=is_practice)
    attempt(exam, learner, status)
    assert holds(why_not(exam, learner), USED if maximum == 1 and status not in FREE and not is_practice else "")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([{}], ""),
        ([{}, {}], USED),
        ([{}, {"archived_at": NOON, "archive_reason": "again"}], ""),
        ([{}, {"status": S.EXPIRED}], ""),
        ([{}, {"status": S.EXPIRED}, {}], USED),
    ],
)
def test_what_was_reset_or_never_began_is_not_counted(course, learner, given, says):
    exam = make.exam(course=course, maximum_attempts=2)
    for facts in given:
        attempt(exam, learner, **{"status": S.SUBMITTED, **facts})
    attempt(exam, make.enrol(course), S.SUBMITTED)
    attempt(make.exam(course=course), learner, S.SUBMITTED)
    assert holds(why_not(exam, learner), says)


def test_what_continues_from_another_is_the_same_attempt(course, learner):
    exam = make.exam(course=course, maximum_attempts=2)
    first = attempt(exam, learner, **{**TO_RESUME, "resume_state": ResumeState.RESUMED})
    attempt(exam, learner, S.SUBMITTED, resumes_id=first.id)
    assert why_not(exam, learner) == ""
    attempt(exam, learner, S.SUBMITTED)
    assert USED in why_not(exam, learner)


@pytest.mark.parametrize(
    ("given", "exam_facts", "says"),
    [
        (TO_RESUME, {}, ""),
        (TO_RESUME, {"is_active": False}, ""),
        (TO_RESUME, {"provider_slug": "away"}, "turned off"),
        (TO_RESUME, {"closes_at": NOON}, "has closed"),
        ({**TO_RESUME, "resume_state": ResumeState.RESUMED}, {}, USED),
        ({**TO_RESUME, "resume_state": ResumeState.RESUMED}, {"is_active": False}, "not available"),
        (INTERRUPTED, {}, "was suspended"),
        (INTERRUPTED, {"maximum_attempts": 0}, "was suspended"),
        (INTERRUPTED, {"is_active": False}, "not available"),
        (INTERRUPTED, {"is_practice": True}, ""),
        ({"status": S.ERROR}, {}, USED),
        ({"status": S.ERROR}, {"maximum_attempts": 0}, ""),
    ],
)
def test_after_an_interruption(course, learner, given, exam_facts, says):
    exam = make.exam(course=course, **{**PROCTORED, **exam_facts})
    broken = attempt(exam, learner, taking_as_proctored=True, **given)
    assert holds(why_not(exam, learner), says)
    assert eligibility.is_to_resume(broken) is (given.get("resume_state") is ResumeState.GRANTED)
    assert eligibility.is_to_resume(None) is False


@pytest.mark.parametrize(
    ("statuses", "says"),
    [
        ([], "has a requirement"),
        (["satisfied"], "has a requirement"),
        (["satisfied", "submitted"], "has a requirement"),
        (["satisfied", "failed"], "have not met"),
        (["satisfied", "satisfied"], ""),
        (["declined"], ""),
        (["declined", "failed"], ""),
    ],
)
def test_what_the_course_asks_for_before_it(course, learner, statuses, says):
    exam = make.exam(course=course, content_id="last", **PROCTORED)
    names = ("first", "second", "last")
    asked = [RequirementPublished(namespace=requirements.EXAM, name=name, display_name=name) for name in names]
    with writing():
        requirements.publish(course, asked)
        for requirement, status in zip(requirements.list_for(course.id), statuses, strict=False):
            requirements.note(requirement, learner.id, status, at=NOON)
    assert holds(why_not(exam, learner), says)
    assert why_not(exam, learner, is_declining=True) == ""
    assert why_not(make.exam(course=course, **PROCTORED, is_practice=True), learner) == ""
    attempt(exam, learner, **TO_RESUME, taking_as_proctored=True)
    assert why_not(exam, learner) == ""  # It has been asked before.


@pytest.mark.parametrize(
    ("status", "later", "says"),
    [
        (S.SUBMITTED, 0, "is being reviewed"),
        (S.SECOND_REVIEW_REQUIRED, 0, "is being reviewed"),
        (S.VERIFIED, 336, "has already been accepted"),
        (S.VERIFIED, 338, ""),
        (S.REJECTED, 0, ""),
        (S.ERROR, 0, ""),
    ],
)
def test_an_onboarding_exam_is_repeated_when_it_nears_its_end(course, learner, status, later, says):
    exam = make.exam(course=course, is_practice=True, is_onboarding=True, **PROCTORED)
    attempt(exam, learner, status, taking_as_proctored=True, is_sample=True)
    assert holds(why_not(exam, learner, now=NOON + timedelta(days=later)), says)


def test_the_newest_attempt_is_the_newest_that_was_not_reset(course, learner):
    exam = make.exam(course=course)
    assert eligibility.find_latest(exam, learner) is None
    first, second = attempt(exam, learner, S.SUBMITTED), attempt(exam, learner, S.CREATED)
    attempt(exam, make.enrol(course), S.CREATED)
    assert (eligibility.find_latest(exam, learner), eligibility.newer_ref(first)) == (second, second.ref)
    known = eligibility.Known(latest=None, version=versions.find_latest(exam.id))
    assert (why_not(exam, learner, known=known), USED in why_not(exam, learner)) == ("", True)
    fake_providers.change(second, archived_at=NOON, archive_reason="again")
    assert (eligibility.find_latest(exam, learner), eligibility.newer_ref(first)) == (first, None)


@pytest.mark.parametrize("status", [None, *S])
@pytest.mark.parametrize("is_with", [True, False])
@pytest.mark.parametrize("continues", [True, False])
def test_whether_a_provider_is_asked_first(course, learner, status, is_with, continues):
    exam, timed = make.exam(course=course, **PROCTORED), make.exam(course=course)
    facts = {"taking_as_proctored": is_with, "resume_state": ResumeState.GRANTED if continues else ResumeState.NONE}
    latest = attempt(exam, learner, status, **facts) if status else None
    assert eligibility.needs_provider(timed, latest) is False
    asks = status is None or (status is not S.DECLINED and (is_with or not continues))
    assert eligibility.needs_provider(exam, latest) is asks
    assert eligibility.is_without_proctoring(exam, latest) is (status is not None and not is_with)
    several = make.exam(course=course, maximum_attempts=2, **PROCTORED)
    is_under_way = status in PRE_START | RUNNING | {S.DECLINED}
    assert eligibility.is_without_proctoring(several, latest) is (is_under_way and not is_with)


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize(("here", "there"), [(False, False), (True, False), (False, True)])
def test_only_one_clock_runs_unless_both_exams_allow_it(course, learner, status, here, there):
    this = attempt(make.exam(course=course, allows_parallel=here), learner, S.CREATED)
    other = attempt(make.exam(allows_parallel=there), learner, status)
    attempt(make.exam(course=course), make.enrol(course), S.STARTED)
    runs = status in RUNNING and not here and not there
    assert eligibility.clock_elsewhere(this) is (other if runs else None)
