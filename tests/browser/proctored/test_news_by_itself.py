"""Status and set-up pages show what others did, by themselves: a report, a verdict, a refused ID."""

from playwright.sync_api import expect

from portal.db import writing
from portal.domain.attempts import attempts
from portal.domain.proctoring import practice_proctor
from portal.domain.providers import lookup
from portal.domain.reviews.verdicts import Source
from portal.models import ProviderKind
from tests import fake_providers, make, review_factories
from tests.make import NOON, S


def test_the_status_page_tells_of_the_review_when_it_arrives(context, page, time, let_in):
    fake_providers.provider("proctorco", client=False, base_url="https://proctorco.example")
    attempt = review_factories.proctored(learner=make.user())
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/status")
    time.hold(page)
    expect(page.locator("main")).to_contain_text("pending; you do not need to wait for it")
    review_factories.report(attempt, "suspicious")
    time.pass_by(45)
    expect(page.locator("h1")).to_have_text("Your exam is being reviewed")
    expect(page.get_by_role("button", name="Print receipt")).to_be_visible()
    fake_providers.change(attempt, status=S.VERIFIED)
    time.pass_by(45)
    expect(page.locator("h1")).to_have_text("Your exam is accepted")


def test_the_set_up_page_tells_of_a_refused_id(context, page, time, let_in):
    fake_providers.provider("watcher", kind=ProviderKind.PRACTICE, client=False)
    exam = make.exam(is_proctored=True, provider_slug="watcher", is_practice=True)
    facts = {"taking_as_proctored": True, "is_sample": True, "external_id": "ext-1"}
    attempt = make.attempt(S.CREATED, exam=exam, learner=make.user(), **facts)
    let_in(context, attempt.learner)
    page.goto(f"/attempts/{attempt.ref}/setup")
    time.hold(page)
    source = Source(slug="watcher", passing=frozenset({"passed"}), supports_onboarding=False)
    with writing():
        held, provider = attempts.lock(attempt.id), lookup.get("watcher")
        practice_proctor.act(held, provider, "reject_id", review=source, now=NOON)
    time.pass_by(15)
    expect(page.locator(".messages")).to_contain_text("Show your ID again: Watcher did not accept it.")
    expect(page.get_by_label("What is the problem?")).to_be_visible()
