"""The checklist of an exam: what learners would stumble over, said before they do."""

import inspect
import re
from datetime import timedelta

import pytest

from portal.db import writing
from portal.domain.readiness import checklist, facts
from portal.models import Allowance, AllowanceKind, Role, UnreadableContent
from tests import fake_providers, make
from tests.make import NOON

pytestmark = pytest.mark.usefixtures("app")
HOUR = timedelta(hours=1)


def found(exam, *, now=NOON):
    return checklist.findings(exam, facts.load_one(exam, now=now), now=now)


def titles(exam, tone, *, now=NOON):
    return [finding.title for finding in found(exam, now=now) if finding.tone == tone]


def ready_exam(**given):
    course = make.course(contact="team@example.edu")
    exam = make.exam(**{"opens_at": NOON, "closes_at": NOON + 2 * HOUR, "course": course, **given})
    make.enrol(exam.course)
    return exam


def grant(exam, learner, **given):
    facts = {"course_id": exam.course_id, "learner_id": learner.id, "granted_at": NOON, "reason": ""}
    with writing() as session:
        session.add(Allowance(**{**facts, **given}))


def test_an_exam_in_order_has_nothing_to_mend():
    exam = ready_exam()
    assert titles(exam, "bad") == titles(exam, "warn") == []
    assert titles(exam, "ok") == [
        "3 questions, 3 marks, all marked automatically",
        "1 learner can take it",
        "Submitted when time is up, with 30 s for late answers",
    ]


def test_an_exam_without_questions():
    assert titles(ready_exam(questions=0), "bad") == ["The exam has no questions"]


def test_an_exam_whose_questions_are_all_broken():
    exam = ready_exam(questions=[{"problem": "a script"}, {"problem": "a script"}])
    [finding] = [finding for finding in found(exam) if finding.tone == "bad"]
    assert finding.details.startswith("Learners cannot start the exam. Ask the author to correct")


def test_what_cannot_be_shown_is_counted():
    exam = ready_exam(questions=[{}, {"problem": "a script"}])
    version = facts.load_one(exam, now=NOON).version
    with writing() as session:
        session.add(UnreadableContent(exam_version_id=version.id, name="Film", kind="video", reason="no films"))
    assert titles(exam, "warn") == ["1 question and 1 other part of this section cannot be shown"]


def test_a_proctored_exam_needs_somebody_who_proctors():
    assert titles(ready_exam(is_proctored=True), "bad") == ["The exam has no provider"]


def test_a_provider_that_takes_nobody_is_no_provider():
    exam = ready_exam(is_proctored=True, provider_slug="acme")
    assert titles(exam, "bad") == ["The provider is unknown"]
    fake_providers.provider("acme", name="Acme Proctoring", client=False, is_enabled=False)
    assert titles(exam, "bad") == ["The provider is turned off"]


def test_a_proctored_exam_wants_practice_before():
    fake_providers.provider("acme", name="Acme Proctoring", client=False)
    exam = ready_exam(is_proctored=True, provider_slug="acme")
    assert "Proctored by Acme Proctoring" in titles(exam, "ok")
    assert titles(exam, "warn") == ["The course has no practice exam"]
    make.exam(course=exam.course, is_practice=True)
    assert titles(exam, "warn") == []


def test_learners_whose_allowance_does_not_fit_are_named():
    exam = ready_exam(closes_at=NOON + HOUR * 1.25)
    slow, quick, helped = (make.enrol(exam.course, make.user(name=name)) for name in ("Slow", "Quick", "Helped"))
    grant(exam, slow, kind=AllowanceKind.MULTIPLIER, percent=150)
    grant(exam, quick, kind=AllowanceKind.EXTRA_MINUTES, minutes=10, exam_id=exam.id)
    grant(exam, helped, kind=AllowanceKind.MULTIPLIER, percent=150)
    grant(exam, helped, kind=AllowanceKind.LONGER_WINDOW, minutes=60, exam_id=exam.id)
    [finding] = [finding for finding in found(exam) if finding.tone == "bad"]
    assert finding.title == "The closing time is too early for 1 learner"
    assert finding.details.startswith("Ask an instructor to grant a longer window to Slow. ")


def test_withdrawn_and_ended_allowances_do_not_count():
    exam = ready_exam(closes_at=NOON + HOUR)
    learner = make.enrol(exam.course)
    grant(exam, learner, kind=AllowanceKind.MULTIPLIER, percent=150, withdrawn_at=NOON)
    grant(exam, learner, kind=AllowanceKind.EXTRA_MINUTES, minutes=10, valid_until_at=NOON)
    assert titles(exam, "bad") == []


def test_an_exam_that_closes_too_early_for_everybody():
    assert titles(ready_exam(closes_at=NOON + HOUR / 2), "bad") == ["The exam closes too early for all learners"]


def test_an_exam_that_never_closes_and_one_that_is_switched_off():
    assert titles(ready_exam(closes_at=None), "warn") == ["The exam never closes"]
    assert titles(ready_exam(closes_at=None, is_practice=True), "warn") == []
    assert titles(ready_exam(is_active=False), "bad") == ["The exam is turned off"]


def test_a_course_without_learners():
    exam = make.exam(opens_at=NOON, closes_at=NOON + 2 * HOUR)
    assert titles(exam, "warn") == ["No learners are enrolled in the course"]


def test_the_facts_of_many_exams_cost_as_much_as_of_one(statements):
    exams = [ready_exam() for _ in range(5)]
    assert len({exam.course_id for exam in exams}) == 5
    statements.clear()
    facts.load(exams, now=NOON)
    assert len(statements) == 6


def test_many_names_are_cut_short():
    assert checklist.names(["A"]) == "A"
    assert checklist.names(["A", "B", "C"]) == "A, B and C"
    assert checklist.names(list("ABCDEFGH")) == "A, B, C, D, E, F and 2 more"


@pytest.mark.parametrize(
    ("course", "role", "is_ready"),
    [
        ({}, None, False),
        ({}, Role.REVIEWER, False),
        ({}, Role.INSTRUCTOR, True),
        ({"contact": "+49 30 123456"}, None, False),
        ({"contact": "team@example.edu"}, None, True),
        ({"escalation_email": "help@example.edu"}, None, True),
    ],
)
def test_a_course_whose_cases_reach_nobody_is_not_ready_and_says_who_can_mend_it(course, role, is_ready):
    exam = ready_exam(course=make.course(**course))
    if role:
        make.member(role, course=exam.course)
    bad = [one for one in found(exam) if one.tone == "bad"]
    assert [one.title for one in bad] == ([] if is_ready else ["Nobody gets emails about support cases"])
    assert all("Ask an administrator to add an instructor" in one.details for one in bad)


def test_an_instructor_whose_account_is_closed_hears_of_nothing():
    exam = ready_exam(course=make.course())
    make.member(Role.INSTRUCTOR, course=exam.course, user=make.user(is_active=False))
    assert titles(exam, "bad") == ["Nobody gets emails about support cases"]


def broken(**given):
    """An exam that has everything wrong that exams can have wrong, but for what ``given`` says."""
    return make.exam(**{"course": make.course(), **given})


#: What can be wrong, and the exam in which it is.
WRONG = {
    "The exam is turned off": lambda: broken(is_active=False),
    "The exam never closes": lambda: broken(closes_at=None),
    "The exam has no questions": lambda: broken(questions=0),
    "cannot be shown": lambda: broken(questions=[{}, {"problem": "a script"}]),
    "The exam closes too early for all learners": lambda: broken(opens_at=NOON, closes_at=NOON + HOUR / 2),
    "The exam has no provider": lambda: broken(is_proctored=True),
    "The provider is unknown": lambda: broken(is_proctored=True, provider_slug="nobody"),
    "The provider is turned off": lambda: broken(is_proctored=True, provider_slug="off"),
    "The course has no practice exam": lambda: broken(is_proctored=True, provider_slug="on"),
    "No learners are enrolled in the course": broken,
    "Nobody gets emails about support cases": broken,
    "The closing time is too early for": lambda: squeezed_exam(),
}
WHO = re.compile(r"\b[Aa]n administrator\b|\b[Tt]he author\b|\b[Aa]n instructor\b")
DOES = re.compile(r"publish|correct|name a provider|add|turn|enrol|grant")


def squeezed_exam():
    exam = broken(opens_at=NOON, closes_at=NOON + 2 * HOUR)
    grant(exam, make.enrol(exam.course), kind=AllowanceKind.EXTRA_MINUTES, minutes=240)
    return exam


@pytest.mark.parametrize("title", WRONG)
def test_what_is_wrong_says_what_to_do_and_who_can(title):
    fake_providers.provider("off", client=False, is_enabled=False)
    fake_providers.provider("on", client=False)
    exam = WRONG[title]()
    [finding] = [one for one in found(exam) if title in one.title]
    assert finding.tone != "ok"
    assert WHO.search(finding.details) and DOES.search(finding.details), finding.details


def test_every_sentence_about_what_is_wrong_is_in_that_table():
    named = re.findall(r'tone=(?:BAD|WARN), title=(?:f?"([^"]+)"|title)', inspect.getsource(checklist))
    named += re.findall(r'tone=(?:BAD|WARN),\n +title=f?"([^"]+)"', inspect.getsource(checklist))
    parts = [re.sub(r"\{.*", "", one) for one in named if one]
    assert len(parts) >= 10
    assert [part for part in parts if not any(title.startswith(part.strip()) for title in WRONG)] == []
