"""Every page of an attempt in every state it can be in: never a failure, always a sentence and a way on."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal.db import db, writing
from portal.domain.attempts import attempts, resuming
from portal.domain.lifecycle.history import Actor, Cause
from portal.domain.timekeeping import breaks, granting, time_account
from portal.domain.timekeeping.allowance_terms import Terms
from portal.models import AllowanceKind, Attempt, Exam, TimeEntry, TimeEntryKind, User
from portal.models.attempts.attempt import PRE_START, RUNNING
from tests import fake_providers, make
from tests.make import NOON, S

STAFF = Cause(actor=Actor.STAFF, reason="The wrong room")
PAGES = (
    "", "ready", "exam/1", "exam/99", "check-answers", "end", "interrupted", "status", "clock", "clock.json?rev=0",
    "window", "appeal", "setup", "setup.json", "ask", "ahead.json", "proctor", f"assets/{'0' * 64}",
)  # fmt: skip
#: What an open page, a bookmark or a second tab may still send.
SENT: dict[str, object] = {
    "start": {}, "check-answers": {}, "continue": {}, "submit": {}, "break": {}, "resume-clock": {}, "window": {},
    "exam/1": {"value": "b", "version": "0"}, "seen": "json", "finish": "json", "answers": "json", "heartbeat": "json",
    "rules": {"read": "yes"}, "message": {"words": "Where am I?"}, "appeal": {"text": "Look again."},
    "ask": {"words": "Is a ruler allowed?"}, "cannot-continue": {}, "provider": {}, "window/here": "json",
    "files/1": {"file": ""}, "files/1/begin": "json", "proctor": {"do": "ready"}, "proctor/alive": {}, "hand-in": {},
}  # fmt: skip
Situation = Callable[[Attempt, datetime], None]


def pause(attempt: Attempt, now: datetime) -> None:
    breaks.pause(attempt, STAFF, now=now)


def rest(attempt: Attempt, now: datetime) -> None:
    granting.grant(
        attempt.exam.course,
        attempt.learner,
        Terms(kind=AllowanceKind.BREAK_BANK, minutes=10),
        by=None,
        reason="",
        now=now,
    )
    breaks.take(attempt, attempt.learner, now=now)


def interrupt(attempt: Attempt, now: datetime) -> None:
    time_account.pause_clock(attempt, TimeEntryKind.INTERRUPTION, STAFF, now=now)


def overdue(attempt: Attempt, now: datetime) -> None:
    attempt.deadline_at = attempt.hard_stop_at = now


def elsewhere(attempt: Attempt, now: datetime) -> None:
    attempt.exam.one_window = True
    attempt.window_browser, attempt.window_tab = "another", "tab"


def switch_off(attempt: Attempt, now: datetime) -> None:
    attempt.exam.is_active = False


def suspend(attempt: Attempt, now: datetime) -> None:
    resuming.fail(attempt, STAFF, now=now)


def resume(attempt: Attempt, now: datetime) -> None:
    resuming.fail(attempt, STAFF, now=now)
    resuming.grant_resume(attempt, STAFF, now=now)


def close(attempt: Attempt, now: datetime) -> None:
    attempt.exam.closes_at = attempt.promised_close_at = attempt.window_closes_at = now


def nothing(attempt: Attempt, now: datetime) -> None:
    """As it is."""


ANY: dict[str, Situation] = {"plain": nothing, "exam off": switch_off, "exam closed": close}
ONLY_RUNNING: dict[str, Situation] = {
    "paused": pause, "on a break": rest, "interrupted": interrupt, "overdue": overdue, "another window": elsewhere,
    "suspended": suspend, "resumed": resume,
}  # fmt: skip
CASES = [
    (status, name, is_reset, is_proctored)
    for status in S
    for name in (*ANY, *(ONLY_RUNNING if status in RUNNING else ()))
    for is_reset in (False, True)
    for is_proctored in (False, True)
]


@pytest.fixture
def learner(app, sign_in) -> User:
    fake_providers.provider()
    return sign_in(make.user())


def an_exam(is_proctored: bool) -> Exam:
    return (fake_providers if is_proctored else make).exam(allows_parallel=True, questions=1)


def in_state(
    learner: User, status: S, name: str, is_reset: bool, is_proctored: bool, *, exam: Exam | None = None
) -> Attempt:
    """A new attempt, of a new exam unless given, five minutes old."""
    exam = exam or an_exam(is_proctored)
    external = {"external_id": f"ext-{exam.id}-{learner.id}"} if is_proctored else {}
    made = (fake_providers if is_proctored else make).attempt(status, exam=exam, learner=learner, **external)
    now = NOON + timedelta(minutes=5)
    with writing():
        held = attempts.lock(made.id)
        {**ANY, **ONLY_RUNNING}[name](held, now)
        if is_reset:
            attempts.archive(held, STAFF, now=now)
    return made


def has_a_way_on(html: str) -> bool:
    main = re.search(r"<main.*?</main>", html, re.DOTALL)
    return main is not None and "<h1" in main[0] and re.search(r"<a |<button", main[0]) is not None


#: Sent by the script of an upload that was begun: ``test_files`` has it.
APART = {"attempt.file_part"}


def test_no_address_of_an_attempt_is_left_out(app):
    adapter = app.url_map.bind("localhost")
    pages = {adapter.match(f"/attempts/AAA-AAAA/{page.partition('?')[0]}", method="GET")[0] for page in PAGES}
    addresses = ["answers/1" if one == "answers" else one for one in SENT]
    sent = {adapter.match(f"/attempts/AAA-AAAA/{address}", method="POST")[0] for address in addresses}
    routes = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/attempts/<ref>/")]
    assert {rule.endpoint for rule in routes if "GET" in rule.methods} == pages
    assert {rule.endpoint for rule in routes if rule.methods & {"POST", "PUT", "DELETE"}} - APART == sent


def state_of(attempt: Attempt) -> tuple[object, ...]:
    """What decides which page an attempt shows."""
    db.session.refresh(attempt)
    return attempt.status, attempt.is_paused, attempt.resume_state, attempt.window_tab


def follow(client, answer, attempt: Attempt, seen: set[tuple[object, ...]]):
    """To where redirects lead, never in a circle; what this address has shown in this state is not made again."""
    steps: set[tuple[object, ...]] = set()
    while 300 <= answer.status_code < 400:
        place = answer.location.replace(attempt.ref, "").replace(attempt.exam.slug, "")
        here = (place, *state_of(attempt))
        assert here not in steps, f"a circle: {place}"
        steps.add(here)
        if here in seen:
            return answer
        seen.add(here)
        answer = client.open(answer.location, method="POST" if answer.status_code == 308 else "GET")
    return answer


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_page_answers(client, learner, the_clock, case):
    attempt, is_reset = in_state(learner, *case), case[2]
    the_clock.advance(minutes=5)
    seen: set[tuple[object, ...]] = set()
    for page in PAGES:
        answer = follow(client, client.get(f"/attempts/{attempt.ref}/{page}"), attempt, seen)
        assert answer.status_code in {200, 302, 303, 403, 404, 409}, page
        is_page = answer.status_code not in {302, 303, 308} and answer.mimetype == "text/html" and page != "clock"
        assert not is_page or has_a_way_on(answer.text), page
    if is_reset:
        said = client.get(f"/attempts/{attempt.ref}/", follow_redirects=True).text
        assert "The course team has reset this attempt" in said
        assert client.get(f"/attempts/{attempt.ref}/clock.json?rev=0").json["go"] == f"/attempts/{attempt.ref}/"
    assert client.get("/me/exams/").status_code == 200
    assert client.get(f"/exams/{attempt.exam.slug}/").status_code == 200


#: A reset looks the same to whatever was open, so its situations are pressed in turn with and without a provider.
PRESSED = [c for number, c in enumerate(CASES) if c[0] in RUNNING | PRE_START and (not c[2] or number // 4 % 2 == c[3])]


@pytest.mark.slow
@pytest.mark.parametrize("case", PRESSED, ids=str)
def test_every_press_answers(client, learner, sign_in, case):
    exam, seen = an_exam(case[3]), set[tuple[object, ...]]()
    question = db.session.scalars(db.select(make.Question.id)).one()
    for sent, body in SENT.items():
        attempt = in_state(sign_in(make.user()), *case, exam=exam)
        address = f"answers/{question}" if sent == "answers" else sent
        json = {"value": "b", "version": 0, "rev": 0, "answers": [], "source": "page"}
        given = {"json": json} if body == "json" else {"data": body}
        answer = follow(client, client.post(f"/attempts/{attempt.ref}/{address}", **given), attempt, seen)
        no_answer = {503} if sent == "provider" else set()  # Of the provider, which nobody plays here.
        assert answer.status_code in {200, 302, 303, 308, 403, 404, 409, 422, *no_answer}, sent
        is_page = answer.status_code not in {302, 303, 308} and answer.mimetype == "text/html"
        assert not is_page or has_a_way_on(answer.text), sent


@pytest.mark.parametrize("name", ["plain", "paused", "on a break", "interrupted"])
def test_the_time_log_of_a_reset_attempt_ends_in_that_moment(client, sign_in, learner, name):
    attempt = in_state(learner, S.STARTED, name, True, False)
    rows = db.session.scalars(db.select(TimeEntry).filter_by(attempt_id=attempt.id)).all()
    stood = [row for row in rows if row.kind in {"pause", "break", "interruption"}]
    assert all(row.ended_at == NOON + timedelta(minutes=5) for row in stood)
    assert sum(row.seconds for row in rows) == 300
    db.session.refresh(attempt)
    assert attempt.deadline_at == NOON + timedelta(minutes=5)


def test_the_learner_starts_again_from_what_the_page_says(client, learner):
    attempt = in_state(learner, S.STARTED, "plain", True, False)
    page = client.get(f"/attempts/{attempt.ref}/", follow_redirects=True).text
    assert "The course team has reset this attempt; you can start again here." in page
    assert f'href="/exams/{attempt.exam.slug}/">Start again' in page
    client.post(f"/exams/{attempt.exam.slug}/begin")
    again = db.session.scalars(db.select(Attempt).filter_by(exam_id=attempt.exam_id, archived_at=None)).one()
    page = client.get(f"/attempts/{attempt.ref}/", follow_redirects=True).text
    assert f'href="/attempts/{again.ref}/">Continue with your new attempt' in page


def test_the_list_keeps_an_exam_that_was_switched_off_under_whoever_is_in_it(client, learner):
    attempt = in_state(learner, S.STARTED, "exam off", False, False)
    page = client.get("/me/exams/").text
    assert attempt.exam.name in page and "Continue" in page
