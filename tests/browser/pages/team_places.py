"""The same furnished portal again: the course team's rooms around a provider, and the administrators'."""

from portal.db import writing
from portal.domain.attempts import case_answers
from portal.domain.outbox import cases, messages
from portal.models import Attempt, Course, Delivery, DeliveryKind, DeliveryOutcome, ResumeState, User
from tests import make
from tests.browser.pages import proctored_places
from tests.browser.pages.places import HOUR, Furnished, Place, exam
from tests.make import NOON, S

LONG_LINE = '{"status": "suspicious", "comments": [' + '{"comment": "Second voice", "duration": 25}, ' * 12 + "]}"


def furnish(**learner_facts: object) -> Furnished:
    """Every page of the portal."""
    known = proctored_places.furnish(**learner_facts)
    rooms = _rooms(known.course, known.team) | _actions(known.course, known.team)
    return known._replace(places=known.places | rooms | _administration(make.user(is_administrator=True)))


def _rooms(course: Course, team: User) -> dict[str, Place]:
    paper = proctored_places.exam(course, "Rain: Final exam")
    other = make.enrol(course, make.user(name="Cara Nwosu"))
    attempt = make.attempt(
        S.ERROR, exam=paper, learner=other, taking_as_proctored=True, resume_state=ResumeState.RESUMABLE
    )
    kept = _message(attempt)
    with writing():
        messages.enqueue("provider.stop", now=NOON, attempt=attempt)
        said = "The window of the provider stays white, and I cannot go on."
        cases.open_case("learner_message", said, key="white", course_id=course.id, attempt=attempt, now=NOON)
        made = cases.open_case(
            "learner_message", "No camera", key="camera", course_id=course.id, attempt=None, now=NOON
        )
        case_answers.answer(made, team, "Telephoned; it works.", now=NOON)
    room, at = f"/teach/courses/{course.slug}", f"/teach/attempts/{attempt.ref}"
    addresses = {
        "attempt broken off": f"{at}/", "resume": f"{at}/do/resume", "attempt's log": f"{at}/provider-log",
        "message": f"/teach/deliveries/{kept.id}", "cases": "/teach/cases", "old cases": "/teach/cases?show=closed",
        "log": f"{room}/provider-log", "requirements": f"{room}/requirements", "settings": f"{room}/settings",
        "onboarding exams": f"{room}/onboarding", "exam settings": f"/teach/exams/{paper.slug}/settings",
        "proctored exam": f"/teach/exams/{paper.slug}/",
    }  # fmt: skip
    return {f"teach {name}": Place(address, team) for name, address in addresses.items()}


def _actions(course: Course, team: User) -> dict[str, Place]:
    """The forms that change an attempt, each where it is offered."""
    paper, proctored = exam(course, "Sleet: Midterm"), proctored_places.exam(course, "Hoar frost: Midterm")
    done = make.attempt(S.SUBMITTED, exam=paper)
    stopped = make.attempt(S.STARTED, exam=paper, is_paused=True, paused_at=NOON + HOUR / 6)
    runs = make.attempt(S.STARTED, exam=proctored, taking_as_proctored=True)
    offered = {"reopen": done, "reset": done, "resume-clock": stopped, "end-exam": runs, "suspend": runs}
    return {f"teach {action}": Place(f"/teach/attempts/{one.ref}/do/{action}", team) for action, one in offered.items()}


def _message(attempt: Attempt | None) -> Delivery:
    facts = {"kind": DeliveryKind.REVIEWED, "body": LONG_LINE, "body_sha256": "0" * 64, "received_at": NOON}
    facts |= {"attempt_id": attempt.id if attempt else None, "provider_slug": "watcher", "answered": 400}
    note = "The attempt has not ended yet, so it cannot be reviewed."
    return make.row(
        Delivery(**facts, outcome=DeliveryOutcome.KEPT, headers={"X-Signature": "[not kept here]"}, note=note)
    )


def _administration(administrator: User) -> dict[str, Place]:
    lost = _message(None)
    addresses = {"log": "/teach/provider-log", "lost message": f"/teach/deliveries/{lost.id}", "index": "/teach/"}
    return {f"administrator's {name}": Place(address, administrator) for name, address in addresses.items()}
