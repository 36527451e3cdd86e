"""A furnished portal: somebody in every situation, and the address of every page with who looks at it."""

from datetime import timedelta
from typing import NamedTuple

from portal.db import db, writing
from portal.domain.answers import answers
from portal.domain.answers.answers import Said
from portal.domain.attempts import attempts
from portal.domain.timekeeping import allowances
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import (
    AllowanceKind,
    Attempt,
    Course,
    Exam,
    Question,
    QuestionKind,
    Role,
    TimeEntry,
    TimeEntryKind,
    User,
)
from tests import make
from tests.make import NOON, S

QUESTIONS = [
    {"title": "Which layer", "text_html": "<p>Which layer of the air do we live in?</p>", "key": {"choice": "b"}},
    {"kind": QuestionKind.SEVERAL_CHOICES, "title": "Clouds", "text_html": "<p>Which of these can bring rain?</p>"},
    {"kind": QuestionKind.SHORT_TEXT, "title": "One word", "text_html": "<p>What is frozen rain called?</p>"},
    {"kind": QuestionKind.NUMBER, "title": "Pressure", "text_html": "<p>Pressure at the sea?</p>", "unit_html": "hPa"},
    {"kind": QuestionKind.LONG_TEXT, "title": "Explain", "text_html": "<p>Why does it rain at a mountain?</p>"},
    {"kind": QuestionKind.FILE, "title": "Drawing", "text_html": "<p>Draw the way of water.</p>"},
]
#: The statuses that have a status page of their own.
OVER = (
    S.SUBMITTED, S.VERIFIED, S.REJECTED, S.SECOND_REVIEW_REQUIRED, S.ERROR, S.EXPIRED, S.DECLINED, S.TIMED_OUT,
    S.ONBOARDING_MISSING, S.ONBOARDING_PENDING, S.ONBOARDING_FAILED, S.ONBOARDING_EXPIRED, S.ONBOARDING_RESET,
)  # fmt: skip
STARTED = {S.SUBMITTED, S.VERIFIED, S.REJECTED, S.SECOND_REVIEW_REQUIRED, S.ERROR, S.TIMED_OUT}
HOUR = timedelta(hours=1)
#: Nothing breaks on a telephone because of a language with long words.
LONG_WORD = "Grundwasserneubildungsratenbestimmungsverfahren"


class Place(NamedTuple):
    """One page: its address, and who looks; None is nobody in particular."""

    address: str
    who: User | None


class Furnished(NamedTuple):
    learner: User
    team: User
    course: Course
    places: dict[str, Place]


def furnish(**learner_facts: object) -> Furnished:
    """Everything once. The learner has an attempt in every state, each at an exam of its own."""
    course = make.course(name="Weather and climate", contact="weather@example.edu")
    learner = make.enrol(course, make.user(name="Ava Rahimi", **learner_facts))
    team = make.member(Role.INSTRUCTOR, course=course, user=make.user(name="Edda Lind"))
    places = {**_open_to_all(learner), **_entries(course, learner), **_running(course, learner)}
    places |= _taken_up_again(course, learner)
    places |= _ended(course, learner)
    places |= _team(course, team, learner)
    return Furnished(learner, team, course, places)


def _open_to_all(learner: User) -> dict[str, Place]:
    return {
        "sign in": Place("/signin", None),
        "help": Place("/help", None),
        "forgotten": Place("/signin/forgotten", None),
        "link ended": Place("/signin/new-password/old", None),
        "no such page": Place("/nothing/here", None),
        "not mine": Place("/attempts/AAA-AAAA/", learner),
        "refused": Place("/teach/courses/none/", learner),
        "exams": Place("/me/exams/", learner),
        "settings": Place("/me/settings", learner),
    }


def exam(course: Course, name: str, **facts: object) -> Exam:
    """An exam that is open for three hours more, unless told otherwise."""
    window = {"opens_at": NOON - HOUR, "closes_at": NOON + 3 * HOUR}
    return make.exam(course=course, name=name, questions=QUESTIONS, maximum_attempts=1, **{**window, **facts})


def _entries(course: Course, learner: User) -> dict[str, Place]:
    exams = {
        "open": exam(course, "Air and water: Midterm"),
        "coming": exam(course, "Wind: Final exam", opens_at=NOON + 24 * HOUR, closes_at=NOON + 27 * HOUR),
        "closed": exam(course, "Clouds: Short test", opens_at=NOON - 5 * HOUR, closes_at=NOON - HOUR),
        "cut": exam(course, "Ice: Short test", closes_at=NOON + HOUR / 2),
        "allowed": exam(course, "Oceans: Essay", time_limit_minutes=90),
        "practice": make.exam(course=course, name="Practice", questions=QUESTIONS),
    }
    with writing():
        terms = Terms(kind=AllowanceKind.EXTRA_MINUTES, exam=exams["allowed"], minutes=45)
        allowances.grant(course, learner, terms, by=None, reason="Office", now=NOON)
    return {f"entry {name}": Place(f"/exams/{exam.slug}/", learner) for name, exam in exams.items()}


def started(exam: Exam, learner: User) -> Attempt:
    with writing():
        return attempts.start(attempts.create(exam, learner, now=NOON), learner, now=NOON)


def _running(course: Course, learner: User) -> dict[str, Place]:
    """One clock runs at a time; the others stand before the start, or still."""
    beside = exam(course, f"{LONG_WORD}: Laboratory", allows_parallel=True)
    waits = make.attempt(S.READY_TO_START, exam=beside, learner=learner)
    later = make.attempt(S.READY_TO_START, exam=exam(course, "Snow: Midterm"), learner=learner)
    runs = started(exam(course, f"{LONG_WORD}: Midterm"), learner)
    first, second = db.session.scalars(db.select(Question.id).filter_by(exam_version_id=runs.exam_version_id).limit(2))
    with writing():
        attempt = attempts.lock(runs.id)
        answers.save(attempt, first, Said(value="b", seen_version=0), now=NOON)
        answers.save(attempt, second, Said(value=["a", "c"], seen_version=0, is_flagged=True), now=NOON)
    held = {"window_browser": "x", "window_device": "Firefox on Windows", "window_seen_at": NOON}
    mist = exam(course, "Mist: Midterm", one_window=True)
    elsewhere = make.attempt(S.STARTED, exam=mist, learner=learner, **held)
    storms = exam(course, "Storms: Midterm")
    stopped = make.attempt(S.STARTED, exam=storms, learner=learner, is_paused=True, paused_at=NOON + HOUR / 6)
    places = {f"question {n}": Place(f"/attempts/{runs.ref}/exam/{n}", learner) for n in range(1, len(QUESTIONS) + 1)}
    return places | {
        "ready": Place(f"/attempts/{waits.ref}/ready", learner),
        "ready while another runs": Place(f"/attempts/{later.ref}/ready", learner),
        "check": Place(f"/attempts/{runs.ref}/check-answers", learner),
        "end": Place(f"/attempts/{runs.ref}/end", learner),
        "ask": Place(f"/attempts/{runs.ref}/ask", learner),
        "clock line": Place(f"/attempts/{runs.ref}/clock", learner),
        "other window": Place(f"/attempts/{elsewhere.ref}/window", learner),
        "interrupted": Place(f"/attempts/{stopped.ref}/interrupted", learner),
        "entry running": Place(f"/exams/{runs.exam.slug}/", learner),
    }


def _taken_up_again(course: Course, learner: User) -> dict[str, Place]:
    """One on a break out of their bank, one opened again after it was handed in."""
    stands = {"is_paused": True, "paused_at": NOON, "break_ends_at": NOON + HOUR / 3, "break_bank_seconds": 1200}
    rests = make.attempt(S.STARTED, exam=exam(course, "Fog: Midterm"), learner=learner, **stands)
    again = make.attempt(S.STARTED, exam=exam(course, "Dew: Midterm"), learner=learner)
    make.row(TimeEntry(attempt_id=rests.id, kind=TimeEntryKind.BREAK, at=NOON))
    make.row(TimeEntry(attempt_id=again.id, kind=TimeEntryKind.REOPENED, at=NOON, ended_at=NOON))
    return {
        "break": Place(f"/attempts/{rests.ref}/interrupted", learner),
        "status reopened": Place(f"/attempts/{again.ref}/status", learner),
    }


def _ended(course: Course, learner: User) -> dict[str, Place]:
    places = {}
    for status in OVER:
        facts = {} if status in STARTED else {"started_at": None, "deadline_at": None, "completed_at": None}
        attempt = make.attempt(status, exam=exam(course, f"Soil: {status.value}"), learner=learner, **facts)
        places[f"status {status.value}"] = Place(f"/attempts/{attempt.ref}/status", learner)
    return places


def _team(course: Course, team: User, learner: User) -> dict[str, Place]:
    paper = exam(course, f"{LONG_WORD}: Final exam")
    other = make.enrol(course, make.user(name="Ben Okoye"))
    runs, done = started(paper, other), make.attempt(S.SUBMITTED, exam=paper, learner=learner, answered_count=4)
    base, room = f"/teach/exams/{paper.slug}", f"/teach/courses/{course.slug}"
    addresses = {
        "index": "/teach/", "course": f"{room}/", "exam": f"{base}/", "questions": f"{base}/questions",
        "attempts": f"{base}/attempts", "attempt running": f"/teach/attempts/{runs.ref}/",
        "attempt done": f"/teach/attempts/{done.ref}/", "add time": f"/teach/attempts/{runs.ref}/add-time",
        "action": f"/teach/attempts/{runs.ref}/do/pause-clock", "allowances": f"{room}/allowances",
        "new allowance": f"{room}/allowances/new", "no such exam": "/teach/exams/none/",
    }  # fmt: skip
    return {f"teach {name}": Place(address, team) for name, address in addresses.items()}
