"""What became of the demo's proctored exams: accepted, not accepted, appealed, or waiting for a person."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from portal.demo import exams, people, proctored, story
from portal.demo.proctored import saw
from portal.demo.story import Sitting
from portal.domain.attempts import attempts, resuming
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.proctoring import declining
from portal.domain.reviews import claims
from portal.models import Exam, User

HELPED = "At 12 minutes a second voice reads an answer aloud, and you write it down."
LEFT = "You left your place for four minutes without having asked for a break."


def tell(by_name: Mapping[str, Exam], everybody: Mapping[str, User], *, now: datetime) -> None:
    """Everything about exams with a proctor, oldest first."""
    chance = random.Random(20)
    _identity(by_name[exams.IDENTITY], everybody, chance, now=now)
    _rehearse(by_name[exams.REHEARSAL], everybody, chance, now=now)
    _exam_that_is_over(by_name[exams.CLOUDS], everybody, chance, now=now)
    _exam_that_is_open(by_name[exams.STORMS], everybody, chance, now=now)
    _under_way(by_name[exams.STORMS], everybody, chance, now=now)
    _without_proctoring(by_name[exams.STORMS], _called(everybody, "Kalinda"), chance, now=now)


def _called(everybody: Mapping[str, User], *names: str) -> list[User]:
    return [everybody[f"{name.lower()}@example.org"] for name in names]


def _identity(exam: Exam, everybody: Mapping[str, User], chance: random.Random, *, now: datetime) -> None:
    """One accepted, one being looked at, one not accepted."""
    began_at = now - 14 * exams.DAY
    sat = proctored.sit_all(exam, _called(everybody, "Adaeze", "Benedikt", "Carla"), first_at=began_at, chance=chance)
    proctored.report(sat["Adaeze"], "passed", now=began_at + exams.HOUR)
    proctored.report(sat["Carla"], "violation", saw("No document is shown", "violation", 1), now=now - 13 * exams.DAY)


def _rehearse(exam: Exam, everybody: Mapping[str, User], chance: random.Random, *, now: datetime) -> None:
    """Somebody tried it, and then again."""
    [pilar] = _called(everybody, "Pilar")
    for days, minutes in ((13, 4), (12, 7)):
        began_at = now - days * exams.DAY
        tried = proctored.sit(exam, Sitting(learner=pilar, began_at=began_at, minutes=minutes, care=0.8), chance=chance)
        proctored.report(tried, "passed", now=began_at + timedelta(minutes=30))


def _exam_that_is_over(exam: Exam, everybody: Mapping[str, User], chance: random.Random, *, now: datetime) -> None:
    """Every attempt has been reviewed; one appeal is answered, one waits, one may still come."""
    reviewer, first_at = everybody[people.REVIEWER.email], now - 11 * exams.DAY
    sam, nora = everybody[people.LEARNER.email], everybody[people.LEARNER_WITH_MORE.email]
    others = _called(everybody, "Kalinda", "Lorcan", "Nils", "Oriane")
    sat = proctored.sit_all(exam, [sam, nora, *others], first_at=first_at, chance=chance)
    for name in ("Kalinda", "Oriane"):
        proctored.report(sat[name], "passed", now=first_at + exams.DAY)
    voice = saw("A second voice can be heard", "violation", 12, seconds=25)
    away = saw("Nobody is in the picture", "suspicious", 7, seconds=240)
    for name, seen in (("Sam", (away, voice)), ("Nora", (away,)), ("Lorcan", (away,)), ("Nils", (voice,))):
        proctored.report(sat[name], "suspicious", *seen, now=first_at + exams.DAY)
    helped, left = proctored.reject("help", HELPED), proctored.reject("left", LEFT)
    for days, name, decided in (
        (7, "Nora", proctored.accept("Had told us about the break.")),
        (6, "Nils", helped),
        (5, "Lorcan", left),
        (3, "Sam", helped),
    ):
        proctored.decide(sat[name], decided, reviewer, now=now - days * exams.DAY)
    proctored.appeal(sat["Nils"], "It was the radio of the neighbours.", now=now - 5 * exams.DAY)
    answer = "We listened again: it is the weather forecast. Your exam is accepted."
    proctored.answer(sat["Nils"], answer, reviewer, accepts=True, now=now - 4 * exams.DAY)
    proctored.appeal(sat["Lorcan"], "I had asked for the break in the chat, at 7 minutes.", now=now - exams.DAY)


def _exam_that_is_open(exam: Exam, everybody: Mapping[str, User], chance: random.Random, *, now: datetime) -> None:
    """Some wait for the proctor's report, some for a person; one decision can still be undone."""
    reviewer, first_at = everybody[people.REVIEWER.email], now - 40 * exams.HOUR
    names = ("Carla", "Dilnoza", "Emre", "Fenna", "Goran", "Jun-seo", "Ruta", "Adaeze", "Benedikt")
    sat = proctored.sit_all(exam, _called(everybody, *names), first_at=first_at, chance=chance)
    phone = saw("Looks at something below the table", "suspicious", 9)
    second = saw("A second person enters the room", "violation", 21, seconds=40)
    for name, status, seen in (
        ("Emre", "passed", ()),
        ("Fenna", "passed", (saw("A cat walks over the table", "passed", 14),)),
        ("Goran", "not_reviewed", ()),
        ("Carla", "suspicious", (phone,)),
        ("Dilnoza", "violation", (phone, second)),
        ("Jun-seo", "suspicious", (phone,)),
        ("Ruta", "suspicious", (saw("The light goes out", "suspicious", 3, seconds=90),)),
    ):
        proctored.report(sat[name], status, *seen, now=now - 20 * exams.HOUR)
    proctored.decide(sat["Jun-seo"], proctored.accept(), reviewer, now=now - timedelta(minutes=1), is_sent=False)
    claims.claim([sat["Dilnoza"].id], reviewer, now=now - timedelta(minutes=5))


def _under_way(exam: Exam, everybody: Mapping[str, User], chance: random.Random, *, now: datetime) -> None:
    """One gets ready, one lost the connection, one could not continue and waits for the course team."""
    qadir, soledad, tevita = _called(everybody, "Qadir", "Soledad", "Tevita")
    proctored.begin(exam, tevita, now=now - timedelta(minutes=3))
    running = [
        proctored.sit(exam, _half_done(learner, began_at=now - timedelta(minutes=ago)), chance=chance)
        for learner, ago in ((qadir, 18), (soledad, 90))
    ]
    proctored.act(running[0], "drop", now=now - timedelta(minutes=4))
    cause = Cause(actor=Actor.LEARNER, user=soledad, reason="The power is out in our street.")
    resuming.fail(running[1], cause, now=now - timedelta(minutes=75))


def _half_done(learner: User, *, began_at: datetime) -> Sitting:
    return Sitting(learner=learner, began_at=began_at, minutes=12, care=0.8, share=0.4, is_submitted=False)


def _without_proctoring(exam: Exam, learners: list[User], chance: random.Random, *, now: datetime) -> None:
    """They chose so, and took it like a timed exam."""
    for number, learner in enumerate(learners):
        began_at = now - (9 + number) * exams.HOUR
        declining.decline(exam, learner, now=began_at - timedelta(minutes=5))
        attempt = attempts.create(exam, learner, now=began_at - timedelta(minutes=1))
        story.take(attempt, Sitting(learner=learner, began_at=began_at, minutes=30, care=0.8), chance)
