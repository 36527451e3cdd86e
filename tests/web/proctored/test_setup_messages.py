"""What the provider says while a learner gets ready shows on their set-up page, in words, with the next step."""

import pytest

from portal.models import ProviderKind
from tests import fake_providers, make
from tests.make import NOON, S

ID = "Show your ID again: <bdi>Watcher</bdi> did not accept it."
FLAG = "Check the <bdi>Watcher</bdi> window. It reported an incident."
LOST = "Open the <bdi>Watcher</bdi> window again. Its connection was lost."


@pytest.fixture
def attempt(app, sign_in):
    fake_providers.provider("watcher", kind=ProviderKind.PRACTICE, client=False)
    exam = make.exam(is_proctored=True, provider_slug="watcher", is_practice=True)
    facts = {"taking_as_proctored": True, "is_sample": True, "external_id": "ext-1"}
    return make.attempt(S.CREATED, exam=exam, learner=sign_in(make.user()), **facts)


def act(client, attempt, *actions):
    for action in actions:
        assert client.post(f"/attempts/{attempt.ref}/proctor", data={"action": action}).status_code == 303


def shown(client, attempt):
    page = client.get(f"/attempts/{attempt.ref}/setup").text
    return [words for words in (ID, FLAG, LOST) if words in page]


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ([], []),
        (["reject_id"], [ID]),
        (["flag"], [FLAG]),
        (["reject_id", "flag", "reject_id"], [ID, FLAG]),
        (["drop"], [LOST]),
        (["silent", "return"], []),
        (["reject_id", "ready"], []),
        (["ready", "reject_id"], [ID]),
        (["reject_id", "ready", "flag"], [FLAG]),
    ],
)
def test_every_word_shows_until_it_is_over(client, attempt, actions, words):
    asks = f"/attempts/{attempt.ref}/setup.json"
    before = client.get(asks).json["words"]
    act(client, attempt, *actions)
    assert shown(client, attempt) == words
    after = client.get(asks).json["words"]
    assert (after != before) == bool(words)
    assert f'data-words="{after}"' in client.get(f"/attempts/{attempt.ref}/setup").text


def test_a_refused_id_says_what_to_do_and_when_it_was(client, attempt):
    act(client, attempt, "reject_id")
    page = client.get(f"/attempts/{attempt.ref}/setup").text
    assert "Hold it flat and in good light" in page and "write to the course team below." in page
    assert f"{NOON:%H:%M}" in page


def test_a_second_refusal_is_news(client, attempt, the_clock):
    act(client, attempt, "reject_id")
    before = client.get(f"/attempts/{attempt.ref}/setup.json").json["words"]
    the_clock.advance(seconds=20)
    act(client, attempt, "reject_id")
    assert client.get(f"/attempts/{attempt.ref}/setup.json").json["words"] != before
