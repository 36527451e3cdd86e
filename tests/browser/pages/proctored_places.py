"""The same furnished portal with a provider in it: every page around a proctored exam, and the reviewers' rooms."""

from datetime import timedelta

from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.courses import requirement_settings
from portal.domain.proctoring import heartbeats
from portal.domain.reviews import appeals, decisions, verdicts
from portal.domain.reviews.verdicts import Decided
from portal.domain.timekeeping import allowances
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import (
    AllowanceKind,
    Attempt,
    Course,
    Exam,
    HeardFrom,
    Provider,
    ProviderKind,
    Registration,
    ResumeState,
    Role,
    TimeEntry,
    TimeEntryKind,
    User,
    Verdict,
)
from tests import make, review_factories
from tests.browser.pages import places
from tests.browser.pages.places import HOUR, Furnished, Place
from tests.make import NOON, S

STEPS = ["Open the window.", "Show your card to the camera.", "Turn the camera once around the room."]
RULES = "Be alone in the room.\nNo telephone.\nHave your card ready."
REASON = Decided(
    verdict=Verdict.REJECT, reason_code="help", sentence="At 12:05 a second voice reads out an answer to question 9."
)
STORY = "My sister came in to ask for the key. She did not know about the exam, and I told her to leave."


def furnish(**learner_facts: object) -> Furnished:
    """What ``places.furnish`` has, and the pages of a proctored exam."""
    known = places.furnish(**learner_facts)
    with writing() as session:
        facts = {"created_at": NOON, "updated_at": NOON, "configuration": {"instructions": STEPS}}
        facts |= {"contact_email": "help@watcher.example"}
        session.add(Provider(slug="watcher", kind=ProviderKind.PRACTICE, name="Watcher", **facts))
    reviewer = make.member(Role.REVIEWER, course=known.course, user=make.user(name="Dr Ines Lind"))
    found = known.places | _before(known.course, known.learner) | _during(known.course, known.learner)
    found |= _practised(known.course, known.learner) | _room(known)
    return known._replace(places=found | _after(known.course, known.learner) | _reviews(known.course, reviewer))


def exam(course: Course, name: str, **facts: object) -> Exam:
    given = {"is_proctored": True, "provider_slug": "watcher", "review_rules": RULES, "may_decline": True}
    return places.exam(course, name, **{**given, **facts})


def _attempt(course: Course, name: str, status: S, learner: User, **facts: object) -> Attempt:
    facts = {"taking_as_proctored": True, **facts}
    return make.attempt(status, exam=exam(course, name), learner=learner, **facts)


def _before(course: Course, learner: User) -> dict[str, Place]:
    plain, waits = exam(course, "Tides: Final exam"), exam(course, "Currents: Final exam")
    nobody = exam(course, "Fog: Final exam", provider_slug=None, may_decline=False)
    make.exam(course=course, name="Who are you", is_proctored=True, is_practice=True, is_onboarding=True,
              provider_slug="watcher", time_limit_minutes=10)  # fmt: skip
    new, opened, done = (_attempt(course, f"Dew: {one}", one, learner) for one in
                         (S.CREATED, S.DOWNLOAD_SOFTWARE_CLICKED, S.READY_TO_START))  # fmt: skip
    with writing() as session:
        asked = {"exam_id": waits.id, "learner_id": learner.id, "provider_slug": "watcher", "created_at": NOON}
        session.add(Registration(open_key=f"{waits.id}.{learner.id}", attempt_code="code", tries=2, **asked))
        heartbeats.hear(opened.id, HeardFrom.PROVIDER, now=NOON)
        attempts.lock(done.id).rules_read_at = NOON
    return {
        "entry proctored": Place(f"/exams/{plain.slug}/", learner),
        "entry without provider": Place(f"/exams/{nobody.slug}/", learner),
        "entry waiting": Place(f"/exams/{waits.slug}/", learner),
        "waiting": Place(f"/exams/{waits.slug}/waiting", learner),
        "rules": Place(f"/exams/{plain.slug}/rules", learner),
        "device": Place(f"/exams/{plain.slug}/check", learner),
        "without proctoring": Place(f"/exams/{plain.slug}/without-proctoring", learner),
        "without proctoring refused": Place(f"/exams/{nobody.slug}/without-proctoring", learner),
        "onboarding": Place("/me/onboarding/", learner),
        "setup new": Place(f"/attempts/{new.ref}/setup", learner),
        "setup waiting": Place(f"/attempts/{opened.ref}/setup", learner),
        "ready proctored": Place(f"/attempts/{done.ref}/ready", learner),
        "practice proctor": Place(f"/attempts/{opened.ref}/proctor", learner),
    }


def _during(course: Course, learner: User) -> dict[str, Place]:
    facts = {"is_paused": True, "paused_at": NOON - HOUR / 6, "saved_at": NOON - HOUR / 4, "answered_count": 2}
    silent = _attempt(course, "Hail: Midterm", S.STARTED, learner, at=NOON - HOUR / 2, **facts)
    broken = _attempt(
        course, "Frost: Midterm", S.ERROR, learner, resume_state=ResumeState.RESUMABLE, time_remaining_seconds=1420
    )
    granted = _attempt(
        course, "Thaw: Midterm", S.ERROR, learner, resume_state=ResumeState.GRANTED, time_remaining_seconds=1420
    )
    with writing() as session:
        stop = {"kind": TimeEntryKind.INTERRUPTION, "at": NOON - HOUR / 6, "seconds": 0}
        session.add(TimeEntry(attempt_id=silent.id, **stop))
        heartbeats.hear(silent.id, HeardFrom.PROVIDER, now=NOON - HOUR / 5)
    return {
        "interrupted proctored": Place(f"/attempts/{silent.ref}/interrupted", learner),
        "interrupted broken off": Place(f"/attempts/{broken.ref}/interrupted", learner),
        "status may resume": Place(f"/attempts/{granted.ref}/status", learner),
    }


def _after(course: Course, learner: User) -> dict[str, Place]:
    """Handed in, reported, held, accepted, not accepted, appealed, answered."""
    names = ("handed in", "held", "accepted", "not accepted", "appealed", "answered")
    made = {name: _attempt(course, f"Mist: {name}", S.SUBMITTED, learner, external_id=name) for name in names}
    judge = make.member(Role.INSTRUCTOR, course=course)
    review_factories.report(made["held"], "suspicious", review_factories.LEFT)
    review_factories.report(made["accepted"], "passed")
    for name in ("not accepted", "appealed", "answered"):
        _reject(made[name], judge)
    with writing():
        for name in ("appealed", "answered"):
            appeals.send(attempts.lock(made[name].id), STORY, learner, days=14, now=NOON + HOUR)
        answered = appeals.Answered(text="We looked again. The voice reads out an answer, so the decision stays.")
        appeals.answer(attempts.lock(made["answered"].id), answered, judge, now=NOON + 2 * HOUR)
    return {f"status {name}": Place(f"/attempts/{one.ref}/status", learner) for name, one in made.items()} | {
        f"appeal {name}": Place(f"/attempts/{made[name].ref}/appeal", learner)
        for name in ("held", "not accepted", "appealed", "answered")
    }


def _practised(course: Course, learner: User) -> dict[str, Place]:
    """A practice exam with something noted, and what the proctor knows of the learner."""
    practice = exam(course, "Mist: practice", is_practice=True)
    facts = {"exam": practice, "learner": learner, "external_id": "practised", "taking_as_proctored": True}
    done = make.attempt(S.SUBMITTED, is_sample=True, **facts)
    review_factories.report(done, "suspicious", review_factories.LEFT, review_factories.VOICE)
    note = Terms(kind=AllowanceKind.REVIEW_POLICY_EXCEPTION, note="May look away from the screen.")
    with writing():
        allowances.grant(course, learner, note, by=None, reason="", now=NOON)
    return {
        "status practised": Place(f"/attempts/{done.ref}/status", learner),
        "rules with a note": Place(f"/exams/{practice.slug}/rules", learner),
    }


def _room(known: Furnished) -> dict[str, Place]:
    """What the course asks for before credit, and what needs its team."""
    course = make.course(name="Oceans")
    make.member(Role.INSTRUCTOR, course=course, user=known.team)
    asked = [exam(course, name).slug for name in ("Tides: first", "Tides: second", "Tides: third")]
    with writing():
        for slug in asked[:2]:  # The page offers to add the third.
            requirement_settings.add(course, slug, known.team, now=NOON)
    room = f"/teach/courses/{course.slug}"
    addresses = {"teach requirements": f"{room}/requirements", "teach cases": "/teach/cases"}
    return {name: Place(address, known.team) for name, address in addresses.items()}


def _reject(attempt: Attempt, judge: User) -> None:
    review_factories.report(attempt, "suspicious", review_factories.VOICE)
    with writing():
        verdicts.decide(attempts.lock(attempt.id), REASON, judge, now=NOON + HOUR / 2)


def _reviews(course: Course, reviewer: User) -> dict[str, Place]:
    """A queue with something in each of its lists, and consoles before and after a decision."""
    paper = exam(course, "Springs: Final exam")
    waits, decided, appealed = (
        review_factories.waiting(exam=paper, learner=make.enrol(course), external_id=f"spring-{name}") for name in "abc"
    )
    silent = review_factories.proctored(exam=paper, learner=make.enrol(course), external_id="spring-d")
    with writing() as session:
        stop = {"kind": TimeEntryKind.BREAK, "at": NOON + timedelta(minutes=2), "seconds": 60}
        session.add(TimeEntry(attempt_id=waits.id, ended_at=NOON + timedelta(minutes=3), **stop))
        verdicts.decide(attempts.lock(appealed.id), REASON, reviewer, now=NOON)
    with writing():
        appeals.send(attempts.lock(appealed.id), STORY, appealed.learner, days=14, now=NOON)
        said = Decided(verdict=Verdict.ACCEPT)
        seen = {one.id: "ok" for one in decisions.incidents(decided)}
        decisions.make(attempts.lock(decided.id), said, reviewer, marks=seen, send_at=NOON + HOUR, now=NOON)
    shows = {f"review queue {show}": f"/review/?show={show}" for show in ("mine", "unclaimed", "appeals", "today")}
    consoles = {"waiting": waits, "decided": decided, "appealed": appealed, "unreported": silent}
    addresses = {"review queue": "/review/", **shows}
    addresses |= {f"review console {name}": f"/review/{one.ref}" for name, one in consoles.items()}
    return {name: Place(address, reviewer) for name, address in addresses.items()}
