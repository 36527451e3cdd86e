"""What course teams and reviewers read: one name for one thing, no stored word, one message after one press."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment
from markupsafe import Markup

from portal.db import db, writing
from portal.domain.lifecycle import transitions
from portal.models import AttemptStatus, HistoryEntry, Role
from portal.web.formatting import provider_labels
from portal.web.review import labels as review_words
from portal.web.teach import labels
from tests import fake_providers, make, review_factories
from tests.make import NOON, S

ROOT = Path(__file__).parents[3]
TEMPLATES = [path for room in ("teach", "review") for path in (ROOT / "templates" / room).rglob("*.html")]
#: What these things were called beside their one name.
OLD_NAMES = re.compile(
    r"stopped clock|clock (is |was )?stopped|stands? still|stood still|set aside|broken off|handed in|"
    r"second look|(?<!e)mail address|\bvendor",
    re.IGNORECASE,
)


def shown_by(path: Path) -> str:
    """The text of a template, without its comments and what is code."""
    tokens = Environment().lex(path.read_text())  # Only to read it.
    return " ".join(text for _, kind, text in tokens if kind in {"data", "string"})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_one_name_for_one_thing(path):
    shown = re.sub(r"teach\.\w+|provider_labels\S*", "", shown_by(path))
    assert OLD_NAMES.findall(re.sub(r"<[^>]*>", " ", shown)) == []


@pytest.fixture
def attempt(app, sign_in):
    fake_providers.provider("proctorco", client=False)
    attempt = review_factories.waiting()
    sign_in(make.member(Role.INSTRUCTOR, course=attempt.exam.course))
    return attempt


def test_every_email_to_a_learner_has_words_in_the_provider_log():
    others = {"layout.html", "layout.txt", "own_words.html", "own_words.txt", "password_reset", "support_case"}
    templates = {path.name for path in (ROOT / "templates" / "emails").iterdir()} - others
    assert templates == set(provider_labels.EMAILS)


RAW = [status.value for status in S if "_" in status.value] + [
    "Download software clicked", "Ready to submit", "Second review required", "Timed out", "Onboarding reset",
]  # fmt: skip


@pytest.mark.parametrize("status", AttemptStatus)
def test_no_page_shows_a_stored_status(client, attempt, status):
    one = review_factories.proctored(status=status, exam=attempt.exam)
    line = {"from_status": "ready_to_submit", "to_status": status, "event": "moved", "at": NOON, "actor": "provider"}
    make.row(HistoryEntry(attempt_id=one.id, **line))
    pages = [f"/teach/attempts/{one.ref}/", f"/teach/exams/{attempt.exam.slug}/attempts", f"/review/{one.ref}"]
    pages += [f"/teach/exams/{attempt.exam.slug}/", f"/teach/attempts/{one.ref}/do/reset"]
    for address in pages:
        text = Markup(re.sub(r"<(?:a|form|option|input)\b[^>]*>", " ", client.get(address).text)).striptags()
        assert [word for word in RAW if word in text] == [], address


def test_a_refused_move_is_told_in_words(client, attempt):
    with pytest.raises(transitions.IllegalTransition, match="held for a second review"), writing():
        transitions.move(attempt, S.STARTED, transitions.Cause(actor=transitions.LEARNER), now=NOON)


def test_a_paused_clock_has_one_name_on_every_page(client, attempt):
    runs = review_factories.proctored(status=S.STARTED, exam=attempt.exam, is_paused=True, paused_at=NOON)
    pages = {
        "first": "/teach/", "list": f"/teach/exams/{attempt.exam.slug}/attempts",
        "one": f"/teach/attempts/{runs.ref}/", "console": f"/review/{runs.ref}",
    }  # fmt: skip
    said = {name: client.get(address).text.lower() for name, address in pages.items()}
    assert "has a paused clock" in said["first"]
    assert all("clock paused" in said[name] for name in ("list", "one", "console"))
    assert review_words.state_sign(runs).words == labels.display_status_of(runs).words == "Clock paused"


def test_a_reset_attempt_is_called_so_on_every_page(client, attempt):
    one = review_factories.proctored(
        status=S.REJECTED, exam=attempt.exam, archived_at=NOON, archive_reason="Wrong room"
    )
    for address in (f"/teach/attempts/{one.ref}/", f"/review/{one.ref}"):
        title = client.get(address).text.partition("<h1")[2].partition("</main>")[0]
        assert re.search(r'loud[^"]*">(?:(?!</span>).)*</svg>Reset</span>', title, re.DOTALL), address


def messages(page: str) -> list[str]:
    return re.findall(r'<div class="banner [^>]*>.*?<p>(.*?)</p>', page, re.DOTALL)


PRESSES = {
    "/teach/attempts/{runs}/add-time": {"minutes": "10", "reason": "Alarm"},
    "/teach/attempts/{runs}/do/pause-clock": {"reason": "Alarm"},
    "/teach/attempts/{runs}/do/end-exam": {"reason": "Alarm"},
    "/teach/attempts/{runs}/do/suspend": {"reason": "Alarm"},
    "/teach/attempts/{runs}/do/reset": {"reason": "Alarm"},
    "/teach/courses/{course}/allowances/new": {
        "go": "grant", "email": "{email}", "exam": "every", "kind": "extra_minutes", "amount": "10", "reason": "Office",
    },
    "/teach/courses/{course}/settings": {"contact": "Room 5", "filled_in": "1"},
    "/teach/exams/{exam}/settings": {"one_window": "y", "grace_seconds": "30", "filled_in": "1"},
    "/review/claim": {},
    "/review/{waits}/show-name": {},
    "/review/{waits}/decide": {"verdict": "accept"},
}  # fmt: skip
#: These answer on the page itself: the name stands there.
SILENT = {"/review/{waits}/show-name"}


@pytest.mark.parametrize("address", PRESSES)
def test_one_press_is_answered_by_one_message(client, attempt, address):
    other, runs = (
        review_factories.waiting(exam=attempt.exam),
        review_factories.proctored(status=S.STARTED, exam=attempt.exam),
    )
    facts = {
        "runs": runs.ref, "waits": attempt.ref, "exam": attempt.exam.slug,
        "course": attempt.exam.course.slug, "email": other.learner.email,
    }  # fmt: skip
    given = {name: value.format(**facts) for name, value in PRESSES[address].items()}
    if "decide" in address:
        given["seen"] = re.search(r'name="seen"[^>]*value="([^"]*)"', client.get(f"/review/{attempt.ref}").text)[1]
    page = client.post(address.format(**facts), data=given, follow_redirects=True)
    assert page.status_code == 200
    assert len(messages(page.text)) == (0 if address in SILENT else 1)


def test_after_a_decision_the_next_page_says_it_beside_undo(client, attempt):
    following = review_factories.waiting(exam=attempt.exam)
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', client.get(f"/review/{attempt.ref}").text)[1]
    given = {"verdict": "accept", "seen": seen}
    page = client.post(f"/review/{attempt.ref}/decide", data=given, follow_redirects=True)
    assert page.request.path == f"/review/{following.ref}"
    [said] = messages(page.text)
    assert attempt.ref in said and "Accept" in said and "Undo" in page.text
    db.session.rollback()


def test_the_last_decision_is_said_on_the_queue(client, attempt):
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', client.get(f"/review/{attempt.ref}").text)[1]
    page = client.post(f"/review/{attempt.ref}/decide", data={"verdict": "accept", "seen": seen}, follow_redirects=True)
    [said] = messages(page.text)
    assert page.request.path == "/review/" and "Until then, you can undo it" in said
