"""Each topic of the outbox has its row in every table that is keyed by topics: a new one cannot be half done."""

import pytest

from portal.domain.lifecycle import consequences
from portal.domain.outbox import webhook_events
from portal.jobs import dispatcher
from portal.jobs.outbox import lanes
from portal.models import Topic
from portal.web.formatting import provider_labels

CONSEQUENCES = [
    consequence
    for table in (consequences.FOLLOWS, consequences.FOLLOWS_EVENT)
    for row in table.values()
    for consequence in row
]


def test_each_is_taken_by_one_who_knows_it():
    assert set(dispatcher.HANDLERS) == set(Topic)


@pytest.mark.parametrize("topic", Topic)
def test_each_is_named_by_at_most_one_lane(topic):
    named = [
        lane.name
        for lane in lanes.LANES
        if any(topic == one or (one.endswith(".") and topic.startswith(one)) for one in lane.topics)
    ]
    assert len(named) <= 1
    assert bool(named) or topic in {Topic.WEBHOOK, *webhook_events.LEDGERS}


def test_the_provider_log_has_words_for_each_call():
    assert set(provider_labels.CALLS) == {topic for topic in Topic if topic.is_for_provider}


def test_a_provider_hears_whatever_the_other_attempts_say():
    assert all(consequence.is_gated is not consequence.topic.is_for_provider for consequence in CONSEQUENCES)


def test_what_is_said_in_a_ledger_is_a_word_of_that_ledger():
    said = {
        (consequence.topic, consequence.says["standing"])
        for consequence in CONSEQUENCES
        if consequence.topic in webhook_events.LEDGERS
    }
    assert said == {(ledger, word) for ledger, words in webhook_events.LEDGERS.items() for word in words}


def test_each_ledger_that_a_rejection_lowers_is_restored():
    assert {consequence.topic for consequence in consequences.UNDOING} == set(consequences.UNDOES)
    assert set(webhook_events.LEDGERS) == {*consequences.UNDOES, Topic.CREDIT}
