"""Rights go down to columns, and what a page offers: page × role × what is shown, and every link and button tried."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest

from portal.db import db, writing
from portal.domain import access
from portal.domain.attempts import attempts
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import allowances, time_account
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import AllowanceKind, Answer, Attempt, Question, Role, TimeEntry, TimeEntryKind
from tests import fake_providers, make, review_factories
from tests.make import NOON, S

ILLNESS = "Her epilepsy, letter of the clinic"
#: A word for each column that a role may not see, and how the page says it.
SHOWN = {"marks": "713", "reasons": "epilepsy", "answers": "Choice b"}
#: role -> what of these it sees, wherever it stands.
MAY_SEE = {
    Role.INSTRUCTOR: {"marks", "reasons", "answers"},
    Role.STAFF: {"marks", "reasons", "answers"},
    Role.REVIEWER: {"marks", "reasons", "answers"},
    Role.PROCTOR: set(),
}
#: page -> what of these it has at all.
PAGES = {
    "/teach/": set(),
    "/teach/cases": set(),
    "/teach/courses/{course}/": set(),
    "/teach/courses/{course}/allowances": {"reasons"},
    "/teach/courses/{course}/onboarding": set(),
    "/teach/courses/{course}/requirements": set(),
    "/teach/exams/{exam}/": {"marks"},
    "/teach/exams/{exam}/attempts": {"marks"},
    "/teach/attempts/{running}/": {"reasons", "answers"},
    "/teach/attempts/{ended}/": {"marks", "reasons"},
    "/teach/attempts/{watched}/": set(),
    "/review/": set(),
}


class Offers(HTMLParser):
    """Where a page leads: links, and forms that post."""

    def __init__(self, html):
        super().__init__()
        self.links, self.posts = set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.add(given["href"].partition("#")[0])
        if tag == "form" and given.get("method") == "post":
            self.posts.add(given["action"])


@pytest.fixture
def scene(app):
    """A course with a running, an ended and a proctored attempt, an allowance with its reason, and marks."""
    course = make.course()
    exam = make.exam(course=course, closes_at=NOON + timedelta(days=1), questions=[{"points": 9000}])
    learner = make.enrol(course)
    terms = Terms(kind=AllowanceKind.EXTRA_MINUTES, minutes=5, exam=exam)
    with writing():
        allowances.grant(exam.course, learner, terms, by=None, reason=ILLNESS, now=NOON)
    running = make.attempt(S.STARTED, exam=exam, learner=learner)
    ended = make.attempt(S.SUBMITTED, exam=exam, learner=learner, points=713, points_possible=9000)
    question = db.session.scalars(db.select(Question).filter_by(exam_version_id=exam_version(exam))).first()
    row = {"kind": TimeEntryKind.EXTRA, "seconds": 300, "at": NOON, "reason": ILLNESS, "by_role": "staff"}
    with writing() as session:
        session.add(Answer(attempt_id=running.id, question_id=question.id, value="b", version=1, saved_at=NOON))
        session.add_all([TimeEntry(attempt_id=one.id, **row) for one in (running, ended)])
    fake_providers.provider("proctorco")
    watched = review_factories.waiting(exam=fake_providers.exam("proctorco", course=course), learner=make.enrol(course))
    named = {"running": running.ref, "ended": ended.ref, "watched": watched.ref}
    return course, {"course": course.slug, "exam": exam.slug, **named}


def exam_version(exam):
    return db.session.scalars(db.select(Attempt.exam_version_id).filter_by(exam_id=exam.id)).first()


def page_of(client, page, names):
    answer = client.get(page.format(**names))
    return answer.text if answer.status_code == 200 else ""


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_its_columns_on_every_page(client, sign_in, scene, role):
    course, names = scene
    sign_in(make.member(role, course=course))
    wrong = []
    for page, has in PAGES.items():
        text = page_of(client, page, names)
        seen = {what for what, said in SHOWN.items() if said in text}
        if seen != has & MAY_SEE[role] and text:
            wrong.append((page, seen))
        if "Marks</th>" in text and "marks" not in MAY_SEE[role]:
            wrong.append((page, "a column of marks"))
    assert not wrong


@pytest.mark.parametrize("is_own", [False, True])
@pytest.mark.parametrize("role", list(Role))
def test_no_page_offers_what_is_refused(client, sign_in, scene, role, is_own):
    """Every link of every page is opened, every button pressed; ``is_own``: the attempts are the person's own."""
    course, names = scene
    person = make.member(role, course=course)
    if is_own:
        give_attempts_to(person, names)
    sign_in(person)
    links, posts = set(), set()
    for page in PAGES:
        offers = Offers(page_of(client, page, names))
        links |= offers.links
        posts |= {one for one in offers.posts if "sign" not in one}
    links -= {one for one in links if one.startswith(("/static/", "/me/"))}
    assert len(links) > 5
    refused = [one for one in sorted(links) if client.get(one).status_code in {403, 404}]
    refused += [one for one in sorted(posts) if client.post(one, data={}).status_code in {403, 404}]
    assert not refused


def give_attempts_to(person, names):
    """The attempts of the scene become the person's own, who is enrolled, too."""
    for ref in (names["running"], names["ended"], names["watched"]):
        with writing():
            attempt = attempts.lock_by_ref(ref)
            attempt.learner_id, course = person.id, attempt.exam.course
        make.enrol(course, person)


OWN_ACTS = [
    ("/teach/attempts/{running}/add-time", {"minutes": 10, "reason": "I want it"}),
    *(
        (f"/teach/attempts/{{running}}/do/{action}", {"reason": "So"})
        for action in ("pause-clock", "end-exam", "reset")
    ),
    ("/teach/attempts/{ended}/do/reopen", {"minutes": 10, "reason": "So"}),
    ("/teach/attempts/{ended}/do/reset", {"reason": "So"}),
    ("/review/{watched}/decide", {"verdict": "accept"}),
    ("/review/{watched}/claim", {}),
]


@pytest.mark.parametrize(("page", "form"), OWN_ACTS, ids=[page for page, _ in OWN_ACTS])
@pytest.mark.parametrize("who", ["instructor", "administrator"])
def test_nobody_changes_their_own_attempt(client, sign_in, scene, who, page, form):
    course, names = scene
    person = make.administrator() if who == "administrator" else make.member(Role.INSTRUCTOR, course=course)
    give_attempts_to(person, names)
    sign_in(person)
    before = [(one.status, one.deadline_at, one.archived_at) for one in db.session.scalars(db.select(Attempt))]
    assert client.post(page.format(**names), data=form).status_code == 403
    db.session.expire_all()
    after = [(one.status, one.deadline_at, one.archived_at) for one in db.session.scalars(db.select(Attempt))]
    assert before == after


def test_the_rule_holds_below_the_pages(scene):
    """Whatever door comes next."""
    course, names = scene
    person = make.member(Role.STAFF, course=course)
    give_attempts_to(person, names)
    cause = Cause(actor=Actor.STAFF, user=person, reason="So")
    with pytest.raises(access.NotAllowed), writing():
        time_account.add_time(attempts.lock_by_ref(names["running"]), 10, cause, now=NOON)


def test_nobody_grants_or_withdraws_their_own_allowance(client, sign_in, scene):
    course, names = scene
    person = make.member(Role.STAFF, course=course)
    make.enrol(course, person)
    sign_in(person)
    asked = {"email": person.email, "exam": names["exam"], "kind": "extra_minutes", "amount": "30", "reason": "Me"}
    for go in ("", "grant"):
        refused = client.post(f"/teach/courses/{course.slug}/allowances/new", data={**asked, "go": go})
        assert (refused.status_code, "You cannot grant yourself an allowance." in refused.text) == (422, True)
    terms = Terms(kind=AllowanceKind.EXTRA_MINUTES, minutes=5)
    with writing():
        mine = allowances.grant(course, person, terms, by=None, reason="", now=NOON)
    here = f"/teach/courses/{course.slug}/allowances"
    assert f"/{mine.id}/withdraw" not in client.get(here).text
    assert client.post(f"{here}/{mine.id}/withdraw").status_code == 403
    db.session.refresh(mine)
    assert mine.withdrawn_at is None
