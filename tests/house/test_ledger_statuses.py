"""Each word of a ledger has its row in every table that is keyed by such words: a new one cannot be half done."""

from types import SimpleNamespace

import pytest
from flask import render_template

from portal.domain.courses import prerequisites, requirements
from portal.domain.outbox import ledgers, webhook_events
from portal.models import LedgerStatus, Topic
from tests.make import NOON

EACH = [(ledger, word) for ledger, words in webhook_events.LEDGERS.items() for word in words]


def test_each_may_stand_in_a_ledger():
    assert {word for _, word in EACH} == set(LedgerStatus)


def test_requirements_know_each_word_about_credit():
    assert requirements.CREDIT_STATUSES | {LedgerStatus.REMOVED} == set(webhook_events.LEDGERS[Topic.CREDIT])


def shown(app, template, **given):
    with app.test_request_context():
        return render_template(template, **given)


def test_the_learner_reads_a_sentence_of_its_own_about_each(app):
    pages = []
    for ledger, word in EACH:
        entry = SimpleNamespace(ledger=ledger, standing=word, at=NOON)
        found = ledgers.in_force([entry])
        assert bool(found) is (word is not LedgerStatus.REMOVED)
        pages.append(shown(app, "proctored/ledger.html", ledger=found))
    assert len(set(pages)) == len(EACH)


@pytest.mark.parametrize("word", [LedgerStatus.SATISFIED, LedgerStatus.FAILED, LedgerStatus.DECLINED])
def test_a_requirement_that_is_settled_has_a_list_of_its_own(word):
    assert word.value in prerequisites.Prerequisites.__dataclass_fields__


def test_the_learner_reads_a_word_of_its_own_about_each_requirement(app):
    pages = []
    for word in sorted(requirements.CREDIT_STATUSES):
        about = SimpleNamespace(requirement=SimpleNamespace(display_name="One"), status=word, exam=None)
        before = SimpleNamespace(in_order=[about], declined=(), failed=(), pending=())
        pages.append(shown(app, "proctored/prerequisites.html", prerequisites=before, exam=SimpleNamespace(slug="x")))
    still_to_do = [page for page in pages if "still to do" in page]
    assert len(set(pages)) == len(requirements.CREDIT_STATUSES) and not still_to_do
