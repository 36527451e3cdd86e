"""An exam for one window at a time: a second browser is told where it is open, may take over, and nothing is lost."""

from io import BytesIO

import pytest

from portal.db import db, writing
from portal.domain.courses import exam_settings
from portal.models import Answer, Attempt, Event, HistoryEntry, LateAnswer, QuestionKind
from tests import make
from tests.make import S

FIREFOX = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"}
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36"}


@pytest.fixture
def attempt(app) -> Attempt:
    """Ready to start, in an exam with the setting."""
    texts = [{"kind": QuestionKind.SHORT_TEXT, "title": "Which word"}, {"title": "Pick one"}]
    return make.attempt(S.READY_TO_START, exam=make.exam(one_window=True, questions=texts))


@pytest.fixture
def first(app, sign_in, attempt):
    """The browser in which the exam was started."""
    client = app.test_client()
    sign_in(attempt.learner, client)
    assert client.post(f"/attempts/{attempt.ref}/start", headers=FIREFOX).status_code == 303
    return client


@pytest.fixture
def second(app, sign_in, attempt, first):
    """Another browser of the same learner."""
    client = app.test_client()
    sign_in(attempt.learner, client)
    return client


def question_of(attempt: Attempt) -> int:
    query = db.select(make.Question.id).filter_by(exam_version_id=attempt.exam_version_id)
    return db.session.scalars(query.order_by(make.Question.position)).first()


def save(client, attempt: Attempt, value: str, version: int = 0, tab: str = ""):
    said = {"value": value, "version": version}
    headers = {"X-Window": tab} if tab else {}
    return client.post(f"/attempts/{attempt.ref}/answers/{question_of(attempt)}", json=said, headers=headers)


def stored() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Answer.value)))


def changes() -> list[str]:
    db.session.rollback()
    lines = db.select(HistoryEntry.reason).filter_by(event=Event.WINDOW_CHANGED).order_by(HistoryEntry.id)
    return list(db.session.scalars(lines))


@pytest.mark.parametrize("page", ["exam/1", "check-answers", "end"])
def test_a_second_browser_is_told_where_the_exam_is_open(second, attempt, page, the_clock):
    the_clock.advance(minutes=3)
    reply = second.get(f"/attempts/{attempt.ref}/{page}", headers=PHONE, follow_redirects=True)
    assert reply.request.path == f"/attempts/{attempt.ref}/window"
    assert "It is open in Firefox on Windows, last active 12:00." in reply.text
    assert "Use this window instead" in reply.text


def test_last_seen_moves_with_every_save(first, second, attempt, the_clock):
    the_clock.advance(minutes=7)
    assert save(first, attempt, "snow").status_code == 200
    assert "last active 12:07" in second.get(f"/attempts/{attempt.ref}/window").text


def test_whoever_takes_over_writes_and_the_first_is_refused(first, second, attempt):
    assert save(first, attempt, "snow").status_code == 200
    refused = save(second, attempt, "rain", 1)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "another_window")
    taken = second.post(f"/attempts/{attempt.ref}/window", headers=PHONE, follow_redirects=True)
    assert taken.request.path == f"/attempts/{attempt.ref}/exam/1"
    refused = save(first, attempt, "hail", 1)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "another_window")
    assert stored() == ["snow"]
    assert save(second, attempt, "rain", 1).status_code == 200
    db.session.refresh(attempt)
    assert attempt.status is S.STARTED
    assert changes() == ["Firefox on Windows to Chrome on Android"]


def test_the_clock_tells_each_window_and_stays_small(first, second, attempt, statements):
    told = {}
    for name, client in {"first": first, "second": second}.items():
        db.session.remove()
        statements.clear()
        reply = client.get(f"/attempts/{attempt.ref}/clock.json?rev=1&v=1")
        assert len([one for one in statements if one.startswith("SELECT")]) == 1
        assert len(reply.data) < 400
        told[name] = reply.json["window"]
    assert told == {"first": "", "second": "elsewhere"}
    first.post(f"/attempts/{attempt.ref}/window/here", json={}, headers={"X-Window": "12345678901234567"})
    assert first.get(f"/attempts/{attempt.ref}/clock.json").json["window"] == "12345678901234567"
    assert len(first.get(f"/attempts/{attempt.ref}/clock.json").data) < 400


def test_of_two_windows_of_one_browser_the_first_that_speaks_writes(first, attempt):
    here = f"/attempts/{attempt.ref}/window/here"
    assert first.post(here, json={}, headers={"X-Window": "1"}).status_code == 200
    assert first.post(here, json={}, headers={"X-Window": "2"}).status_code == 409
    assert save(first, attempt, "snow", tab="2").status_code == 409
    assert save(first, attempt, "snow", tab="1").status_code == 200
    asked = first.get(f"/attempts/{attempt.ref}/window?tab=2", headers=FIREFOX)
    assert "another window of this browser, last active 12:00" in asked.text
    first.post(f"/attempts/{attempt.ref}/window", headers={**FIREFOX, "X-Window": "2"})
    assert save(first, attempt, "rain", 1, tab="1").status_code == 409
    assert save(first, attempt, "rain", 1, tab="2").status_code == 200
    assert changes() == ["another window of Firefox on Windows"]


def test_a_closed_window_of_the_same_browser_holds_nobody_up(first, second, attempt):
    here = f"/attempts/{attempt.ref}/window/here"
    first.post(here, json={}, headers={"X-Window": "1"})
    assert first.post(here, json={"closed": True}, headers={"X-Window": "2"}).status_code == 200
    assert second.post(here, json={"closed": True}, headers={"X-Window": "3"}).status_code == 409, "only of one's own"


def test_without_scripts_what_was_typed_comes_along(first, second, attempt):
    second.post(f"/attempts/{attempt.ref}/window", headers=PHONE)
    typed = {"value": "hail <b>", "version": "0", "go": "next"}
    refused = first.post(f"/attempts/{attempt.ref}/exam/1", data=typed, headers=FIREFOX)
    assert refused.status_code == 409
    assert "It is open in Chrome on Android" in refused.text
    assert 'value="hail &lt;b&gt;"' in refused.text
    assert stored() == []
    taken = first.post(f"/attempts/{attempt.ref}/exam/1", data={**typed, "use_window": "yes"}, headers=FIREFOX)
    assert taken.status_code == 303
    assert stored() == ["hail <b>"]
    assert changes() == ["Firefox on Windows to Chrome on Android", "Chrome on Android to Firefox on Windows"]


def test_taking_over_with_a_stale_answer_asks_which_to_keep(first, second, attempt):
    second.post(f"/attempts/{attempt.ref}/window", headers=PHONE)
    save(second, attempt, "rain")
    typed = {"value": "hail", "version": "0", "use_window": "yes"}
    reply = first.post(f"/attempts/{attempt.ref}/exam/1", data=typed)
    assert reply.status_code == 409 and "Keep the other" in reply.text
    assert stored() == ["rain"]


@pytest.mark.parametrize("action", ["submit", "check-answers", "continue"])
def test_the_other_window_cannot_move_the_attempt(second, attempt, action):
    reply = second.post(f"/attempts/{attempt.ref}/{action}")
    assert reply.location == f"/attempts/{attempt.ref}/window"
    db.session.refresh(attempt)
    assert attempt.status is S.STARTED


def test_what_the_other_window_has_left_at_the_end_is_kept_there_or_apart(first, second, attempt, the_clock):
    second.post(f"/attempts/{attempt.ref}/window")
    left = {"answers": [{"question": question_of(attempt), "value": "hail", "version": 0}]}
    told = first.post(f"/attempts/{attempt.ref}/finish", json=left)
    assert told.json["kept_there"] == [question_of(attempt)]
    second.post(f"/attempts/{attempt.ref}/submit")
    told = first.post(f"/attempts/{attempt.ref}/finish", json=left)
    assert told.json["kept_there"] == []
    assert stored() == []
    assert [late.value for late in db.session.scalars(db.select(LateAnswer))] == ["hail"]


def test_files_come_from_one_window_too(second, attempt):
    reply = second.post(f"/attempts/{attempt.ref}/files/1", data={"file": (BytesIO(b"x"), "x.txt")})
    assert reply.status_code == 409 and "continues in another window" in reply.text


def test_nobody_elses_attempt_can_be_taken_over(app, sign_in, attempt, first):
    stranger = app.test_client()
    sign_in(make.user(), stranger)
    assert stranger.post(f"/attempts/{attempt.ref}/window").status_code == 404
    assert stranger.get(f"/attempts/{attempt.ref}/window").status_code == 404


def test_an_ended_exam_cannot_be_taken_over(first, second, attempt):
    first.post(f"/attempts/{attempt.ref}/submit")
    assert second.post(f"/attempts/{attempt.ref}/window").status_code == 409
    assert second.get(f"/attempts/{attempt.ref}/window", follow_redirects=True).request.path.endswith("/status")


def test_without_the_setting_nothing_is_noted_and_every_window_writes(app, sign_in):
    attempt = make.attempt(S.READY_TO_START, exam=make.exam(questions=[{"kind": QuestionKind.SHORT_TEXT}]))
    clients = [app.test_client(), app.test_client()]
    for client in clients:
        sign_in(attempt.learner, client)
    reply = clients[0].post(f"/attempts/{attempt.ref}/start")
    assert "Set-Cookie" not in reply.headers or "invigil-window" not in str(reply.headers)
    assert save(clients[0], attempt, "snow").status_code == 200
    assert save(clients[1], attempt, "rain", 1, tab="9").status_code == 200
    assert "window" not in clients[1].get(f"/attempts/{attempt.ref}/clock.json").json
    assert clients[1].post(f"/attempts/{attempt.ref}/window/here", json={}).status_code == 200
    db.session.refresh(attempt)
    assert attempt.window_browser is None


def test_switching_it_off_frees_every_window(first, second, attempt):
    with writing():
        exam_settings.free_all(attempt.exam)
    assert save(second, attempt, "rain").status_code == 200


def test_switched_on_later_the_first_window_that_opens_a_page_has_it(first, second, attempt):
    with writing():
        exam_settings.free_all(attempt.exam)
    assert second.post(f"/attempts/{attempt.ref}/window/here", json={}, headers=PHONE).status_code == 200
    assert save(first, attempt, "rain").status_code == 409
