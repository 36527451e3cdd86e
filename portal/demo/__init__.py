"""A small world to look around in: two courses, their exams, and people who have taken some of them.

Everything counts from the moment it is loaded, so there is always an exam that is open.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.db import db
from portal.demo import exams, people, proctored, reviewed, story
from portal.demo.people import Account
from portal.domain.courses import publishing, requirements
from portal.domain.outbox import webhook_events
from portal.domain.timekeeping import exam_changes, granting
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import AllowanceKind, Course, Exam, OutboxMessage, Role, User

ZONE = "Europe/Berlin"
CONTACT = "team@example.org"


def load(password_hash: str, *, now: datetime) -> Sequence[Account]:
    """Fill an empty database; only inside ``writing()``. Returns whom to sign in as."""
    now = now.replace(second=0, microsecond=0)
    everybody = people.make_accounts(password_hash, now=now)
    proctored.add_proctor(now=now - 30 * exams.DAY)
    for published in (exams.weather_course(now), exams.bookkeeping_course(now)):
        publishing.publish(published, follow=exam_changes.follow, now=now - 30 * exams.DAY)
        db.session.flush()  # What follows looks the course up.
        _settle(publishing.get_by_key(published.key), everybody, now=now)
    ours = select(Exam).join(Course).where(Course.key.in_((exams.WEATHER_KEY, exams.BOOKKEEPING_KEY)))
    by_name = {exam.content_id: exam for exam in db.session.scalars(ours)}
    for name, window in exams.WINDOWS.items():
        by_name[name].opens_at = now + window.opens
    by_name[exams.STORMS].may_decline = True
    _grant(by_name, everybody, now=now)
    reviewed.tell(by_name, everybody, now=now)
    _tell_the_story(by_name, everybody, now=now)
    _ask_for_one_exam_before_another(by_name[exams.STORMS], by_name[exams.FORECAST])
    db.session.flush()  # So that the next line sees every message.
    # The past of the demo writes no email. What it meant for credit and grades is kept by whoever loads it.
    silent = update(OutboxMessage).where(OutboxMessage.topic.not_in(webhook_events.LEDGERS))
    db.session.execute(silent.values(done_at=now).execution_options(synchronize_session=False))
    return people.ACCOUNTS


def _ask_for_one_exam_before_another(*ordered: Exam) -> None:
    """The team has thought of it since: who took the earlier exams was asked for nothing."""
    course = ordered[0].course
    requirements.publish(course, [publishing.as_requirement(course, exam.content_id) for exam in ordered])


def _settle(course: Course, everybody: Mapping[str, User], *, now: datetime) -> None:
    course.contact, course.time_zone = CONTACT, ZONE
    publishing.add_member(course, everybody[people.TEAM.email], Role.INSTRUCTOR)
    if course.key == exams.WEATHER_KEY:
        course.overrides_grade, course.escalation_email = True, people.REVIEWER.email
        publishing.add_member(course, everybody[people.STAFF_MEMBER.email], Role.STAFF)
        publishing.add_member(course, everybody[people.PROCTOR.email], Role.PROCTOR)
        publishing.add_member(course, everybody[people.REVIEWER.email], Role.REVIEWER)
    staff = {account.email for account in people.STAFF}
    for email, user in everybody.items():
        if email not in staff:
            publishing.enrol(course, user, now=now - 30 * exams.DAY)


def _grant(by_name: Mapping[str, Exam], everybody: Mapping[str, User], *, now: datetime) -> None:
    team, nora = everybody[people.TEAM.email], everybody[people.LEARNER_WITH_MORE.email]
    granted_at = now - 15 * exams.DAY
    half_more = Terms(kind=AllowanceKind.MULTIPLIER, percent=150)
    for course in {exam.course for exam in by_name.values()}:
        granting.grant(course, nora, half_more, by=team, reason="Accessibility office, letter 3", now=granted_at)
    weather = by_name[exams.MIDTERM].course
    ten_more = Terms(kind=AllowanceKind.EXTRA_MINUTES, minutes=10, exam=by_name[exams.MIDTERM])
    granting.grant(weather, nora, ten_more, by=team, reason="Reads with a magnifier", now=granted_at)
    longer = Terms(kind=AllowanceKind.LONGER_WINDOW, minutes=24 * 60, exam=by_name[exams.MAP_QUIZ])
    fenna = everybody["fenna@example.org"]
    granting.grant(weather, fenna, longer, by=team, reason="Was ill in the week of the quiz", now=granted_at)


def _tell_the_story(by_name: Mapping[str, Exam], everybody: Mapping[str, User], *, now: datetime) -> None:
    chance = random.Random(110)
    team, sam = everybody[people.TEAM.email], everybody[people.LEARNER.email]
    others = [user for user in everybody.values() if user.password_hash is None]
    quiz, midterm = by_name[exams.MAP_QUIZ], by_name[exams.MIDTERM]
    story.sit_all(quiz, [sam, *others[:16]], first_at=now - 11 * exams.DAY, chance=chance)
    story.sit_all(midterm, others[:9], first_at=now - 20 * exams.HOUR, chance=chance)
    paces = zip(others[9:13], (31, 24, 12, 5), strict=True)
    running = [story.sit(midterm, _under_way(user, ago, now=now), chance=chance) for user, ago in paces]
    story.fire_alarm(running[0], team, now=now - timedelta(minutes=2))
    story.pause(running[1], team, now=now - timedelta(minutes=3))


def _under_way(learner: User, ago_minutes: int, *, now: datetime) -> story.Sitting:
    """Began so many minutes ago and has not submitted."""
    return story.Sitting(
        learner=learner,
        began_at=now - timedelta(minutes=ago_minutes),
        minutes=ago_minutes - 1,
        care=0.7,
        share=ago_minutes / 45,
        is_submitted=False,
    )
