"""A proctored exam from the first practice to what follows from the verdict, as each of those concerned meets it."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.db import db
from portal.models import Attempt, LedgerEntry
from portal.models import AttemptStatus as S
from tests.browser.proctored.observer import (
    Learner,
    Platform,
    World,
    mail_server,
    practice_provider,
    simulated_provider,
)


@pytest.fixture
def world(app, live_server, browser):
    before = app.config["PUBLIC_URL"], app.config["WEBHOOKS_MAY_BE_PRIVATE"]
    app.config.update(PUBLIC_URL=live_server, WEBHOOKS_MAY_BE_PRIVATE=True)
    with simulated_provider(app, live_server) as simulator:
        yield World(app, simulator, browser, live_server)
    app.config.update(PUBLIC_URL=before[0], WEBHOOKS_MAY_BE_PRIVATE=before[1])


@pytest.fixture
def mails(app):
    with mail_server(app) as sink:
        yield sink


@pytest.fixture
def platform(world, httpserver):
    return Platform(httpserver)


@pytest.fixture
def learner(world, context, time, page, let_in):
    let_in(context, world.learner)
    return Learner(context, page, time)


@pytest.fixture
def reviewer(world, browser, live_server, let_in):
    context = browser.new_context(base_url=live_server)
    let_in(context, world.reviewer)
    yield context.new_page()
    context.close()


def test_practice_with_the_built_in_proctor(world, learner):
    practice_provider()
    exam = world.exam("Try it out", provider="practice", is_practice=True)
    learner.begin(exam)
    proctor = learner.open_provider()
    proctor.get_by_role("button", name="Ready", exact=False).first.click()
    learner.wait_until(lambda: "You are ready." in learner.page.inner_text("main"))
    learner.read_rules()
    learner.start()
    assert world.status_at(exam) is S.STARTED
    learner.page.check("input[name=value] >> nth=0")
    learner.submit()
    proctor.reload()
    proctor.get_by_role("button", name="Clean", exact=True).click()
    learner.page.reload()
    assert world.status_at(exam) is S.VERIFIED
    expect(learner.page.get_by_role("button", name="Try again")).to_be_visible()


def onboard(world, learner):
    """Whoever has not shown who they are is sent to do so first."""
    onboarding = world.exam("Show who you are", is_practice=True, is_onboarding=True)
    exam = world.exam("Algebra: final")
    learner.begin(exam)
    assert world.status_at(exam) is S.ONBOARDING_MISSING
    learner.page.get_by_role("link", name="See your onboarding exams").click()
    learner.page.get_by_role("link", name="Begin").click()
    learner.begin(onboarding)
    take(world, learner, onboarding)
    learner.submit()
    world.work()
    world.at_provider(onboarding, "review", status="passed")
    assert world.status_at(onboarding) is S.VERIFIED
    learner.page.goto("/me/onboarding/")
    expect(learner.page.locator("main")).to_contain_text("Accepted")
    return exam


def take(world, learner, exam):
    """Through the provider's window to the first question."""
    window = learner.open_provider()
    assert "Your set-up is being checked" in window.inner_text("body")
    learner.wait_until(lambda: world.status_at(exam) is S.READY_TO_START)
    window.close()
    learner.wait_until(lambda: "You are ready." in learner.page.inner_text("main"))
    learner.read_rules()
    learner.start()


def drop_and_return(world, learner, exam):
    """The provider's program falls silent, the clock stops; it answers again, and the exam resumes by itself."""
    world.at_provider(exam, "drop")
    learner.time.pass_by(150)
    expect(learner.page.locator("#banners")).to_contain_text("The connection to")
    learner.time.pass_by(90)
    world.work()
    assert world.attempt_at(exam).is_paused
    learner.wait_until(lambda: "/interrupted" in learner.page.url)
    world.at_provider(exam, "return")
    learner.wait_until(lambda: "/exam/" in learner.page.url, seconds=120)
    assert not world.attempt_at(exam).is_paused


def drop_and_staff_resume(world, learner, team, exam):
    """It stays silent: a person breaks the exam off, and lets the learner go on with what was left."""
    learner.page.fill("#value", "ink") if learner.page.locator("input#value").count() else None
    world.at_provider(exam, "drop")
    learner.time.pass_by(240)
    world.work()
    broken = world.attempt_at(exam)
    team.goto(f"/teach/attempts/{broken.ref}/do/suspend")
    team.fill("[name=reason]", "The line of the building is down.")
    team.get_by_role("button", name="Suspend", exact=True).click()
    assert world.status_at(exam) is S.ERROR
    kept_seconds = world.attempt_at(exam).time_remaining_seconds
    team.goto(f"/teach/attempts/{broken.ref}/do/resume")
    team.fill("[name=reason]", "The line is up again.")
    team.fill("[name=extra_minutes]", "5")
    team.get_by_role("button", name="Resume attempt", exact=True).click()
    learner.page.goto(f"/attempts/{broken.ref}/")
    learner.page.get_by_role("button", name="Set up again and continue").click()
    take(world, learner, exam)
    again = world.attempt_at(exam)
    assert again.id != broken.id
    assert again.deadline_at - again.started_at == timedelta(seconds=kept_seconds, minutes=5)
    return broken.id


def submit_and_report(world, learner, exam, word):
    learner.submit()
    world.work()
    assert "The status of your review" in learner.page.inner_text("main")
    world.at_provider(exam, "review", status=word)
    world.work()


def decide(world, team, exam, verdict):
    """A person looks at the report, decides, and the time to undo it passes."""
    attempt = world.attempt_at(exam)
    team.goto("/review/")
    team.locator(f"a[href*='{attempt.ref}']").first.click()
    expect(team.locator("main")).to_contain_text("Looked at a telephone")
    for mark in team.locator(".incidents fieldset").all():
        mark.get_by_text("Concern" if verdict == "Not accepted" else "Fine").click()
    team.locator("#verdict").get_by_text(verdict, exact=True).click()
    if verdict == "Not accepted":
        team.select_option("[name=reason_code]", index=1)
        team.fill("[name=sentence]", "A second voice told you answers.")
    team.get_by_role("button", name="Save and next").click()
    team.wait_for_url(lambda url: "/decide" not in url)


def ledger(world):
    db.session.rollback()
    rows = db.session.scalars(db.select(LedgerEntry).order_by(LedgerEntry.id))
    return [f"{row.ledger}.{row.standing}" for row in rows]


def test_all_of_it(world, learner, reviewer, mails, platform):
    exam = onboard(world, learner)
    learner.begin(exam)
    take(world, learner, exam)
    drop_and_return(world, learner, exam)
    broken_id = drop_and_staff_resume(world, learner, reviewer, exam)
    world.report_on(db.session.get(Attempt, broken_id), "review", status="passed")
    submit_and_report(world, learner, exam, "suspicious")
    assert world.status_at(exam) is S.SECOND_REVIEW_REQUIRED
    decide(world, reviewer, exam, "Accept")
    learner.time.pass_by(3600, step=600)
    world.work()
    assert world.status_at(exam) is S.VERIFIED
    learner.page.goto(f"/attempts/{world.attempt_at(exam).ref}/status")
    expect(learner.page.locator("main")).to_contain_text("accepted")
    assert ledger(world) == ["credit.failed", "credit.submitted", "credit.satisfied"]
    assert mails.subjects_to(world.learner) == [
        "Your onboarding exam for Algebra is accepted",
        "Algebra: final was interrupted; its clock is paused",
        "Algebra: final continues; your clock is running",
        "Algebra: final was interrupted; its clock is paused",
        "Algebra: final was suspended",
        "You can continue Algebra: final",
        "You submitted Algebra: final",
        "Algebra: final was accepted",
    ]
    told = ["attempt.interrupted", "attempt.resumed", "attempt.error", "attempt.resume_granted", "credit.failed"]
    later = ["credit.submitted", "attempt.second_review_required", "attempt.verified", "credit.satisfied"]
    assert [one for one in dict.fromkeys(platform.heard) if one in told] == told
    assert platform.heard[-4:] == later


@pytest.mark.parametrize(
    "case",
    [
        ("violation", S.SECOND_REVIEW_REQUIRED, "Not accepted", S.REJECTED, "credit.failed"),
        ("not_reviewed", S.ERROR, None, S.ERROR, "credit.failed"),
        ("passed", S.VERIFIED, None, S.VERIFIED, "credit.satisfied"),
    ],
)
def test_what_follows_from_a_report(case, world, learner, reviewer, mails, platform):
    word, became, verdict, final, follows = case
    world.simulator.provider.settings.needs_onboarding = False
    exam = world.exam("Algebra: final")
    learner.begin(exam)
    take(world, learner, exam)
    submit_and_report(world, learner, exam, word)
    assert world.status_at(exam) is became
    if verdict:
        decide(world, reviewer, exam, verdict)
        learner.time.pass_by(3600, step=600)
        world.work()
    assert world.status_at(exam) is final
    assert ledger(world)[-1] == platform.heard[-1] == follows
    assert len(mails.subjects_to(world.learner)) == 2
    learner.page.goto(f"/attempts/{world.attempt_at(exam).ref}/status")
    assert (verdict == "Not accepted") is ("A second voice told you answers." in learner.page.inner_text("main"))
