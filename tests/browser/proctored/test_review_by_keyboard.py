"""Reviewing with the keyboard alone, and without scripts; and that the team's rooms have no fault axe can find."""

import pytest
from playwright.sync_api import Page, expect

from portal.db import db, writing
from portal.domain.outbox import cases
from portal.domain.reviews import decisions, verdicts
from portal.models import Delivery, DeliveryKind, DeliveryOutcome, ResumeState, Role
from tests import fake_providers, make, review_factories
from tests.make import NOON, S


@pytest.fixture
def attempt(app):
    fake_providers.provider("proctorco", base_url="https://proctorco.example", client=False)
    return review_factories.waiting(learner=make.user(name="Ada Rahimi"))


@pytest.fixture
def reviewer(attempt, context, let_in):
    person = make.member(Role.INSTRUCTOR, course=attempt.exam.course, user=make.user(name="Dr Lind"))
    let_in(context, person)
    return person


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def made(attempt):
    db.session.rollback()
    return [(one.verdict.value, one.undone_at is not None) for one in decisions.list_for(attempt)]


def test_a_clean_attempt_is_accepted_with_six_keys_and_undone_with_one(page, reviewer, attempt):
    page.goto(f"/review/{attempt.ref}")
    press(page, "n 1 n 1 a Enter")
    page.wait_for_url("**/review/?show=waiting")
    assert made(attempt) == [("accept", False)]
    assert {one.verdict for one in decisions.incidents(attempt)} == {"ok"}
    page.goto(f"/review/{attempt.ref}")
    press(page, "u")
    expect(page.get_by_text("Undone. Nothing was sent.")).to_be_visible()
    assert made(attempt) == [("accept", True)]


def test_not_accepted_by_keyboard_with_a_reason_and_a_sentence(page, reviewer, attempt):
    page.goto(f"/review/{attempt.ref}")
    press(page, "n n 3 c")
    page.keyboard.type("1 a r: typed, not pressed")
    press(page, "Escape r")
    page.keyboard.type(verdicts.REASONS["help"])
    press(page, "Tab")
    page.keyboard.type("A second voice was heard.")
    press(page, "Tab Enter")
    page.wait_for_url("**/review/?show=waiting")
    assert made(attempt) == [("reject", False)]
    (one,) = decisions.list_for(attempt)
    assert (one.reason_code, one.sentence) == ("help", "A second voice was heard.")
    assert one.note == "1 a r: typed, not pressed"


def test_the_keys_can_be_switched_off_and_stay_off(page, reviewer, attempt):
    page.goto(f"/review/{attempt.ref}")
    page.get_by_label("Turn on single-key shortcuts").uncheck()
    page.reload()
    press(page, "n 1 a Enter")
    assert page.locator("#decision input:checked").count() == 0
    assert made(attempt) == []


def test_without_scripts_everything_is_a_form(browser, live_server, let_in, attempt):
    context = browser.new_context(base_url=live_server, java_script_enabled=False)
    let_in(context, make.member(Role.REVIEWER, course=attempt.exam.course))
    page = context.new_page()
    page.goto(f"/review/{attempt.ref}")
    expect(page.locator("#keys-switch")).to_be_hidden()
    page.get_by_text("Not accepted", exact=True).click()
    page.get_by_text("3 Concern").first.click()
    page.get_by_label("Reason").select_option("help")
    page.get_by_label("Message to the learner").fill("A second voice was heard.")
    page.get_by_role("button", name="Save and next").click()
    page.wait_for_url("**/review/?show=waiting")
    assert made(attempt) == [("reject", False)]
    context.close()


@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (360, "dark")])
def test_no_fault_in_the_rooms(page, reviewer, attempt, faults, width, colours):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=colours, reduced_motion="reduce")
    found = {}
    for place in places(attempt):
        page.goto(place)
        found[place] = faults(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
    assert not {place: what for place, what in found.items() if what}


def places(attempt) -> list[str]:
    """Every room of reviewers and of those who look after a provider, furnished."""
    broken = review_factories.proctored(
        exam=attempt.exam, status=S.ERROR, resume_state=ResumeState.RESUMABLE, time_remaining_seconds=600
    )
    sent = {"kind": DeliveryKind.REVIEWED, "body": '{"status": "passed"}', "body_sha256": "0", "received_at": NOON}
    one = make.row(Delivery(outcome=DeliveryOutcome.KEPT, attempt_id=attempt.id, note="Not now.", **sent))
    onboarding = fake_providers.exam("proctorco", course=attempt.exam.course, is_practice=True, is_onboarding=True)
    fake_providers.attempt(S.VERIFIED, exam=onboarding)
    with writing():
        about = {"course_id": attempt.exam.course_id, "attempt": attempt}
        cases.open_case("learner_message", "Help", key="k", now=NOON, **about)
    course = f"/teach/courses/{attempt.exam.course.slug}"
    rooms = [f"{course}/{what}" for what in ("", "settings", "onboarding", "provider-log", "provider-log?show=calls")]
    about = [f"/teach/attempts/{broken.ref}/{what}" for what in ("", "do/resume", "provider-log?show=calls")]
    rest = [f"/teach/attempts/{attempt.ref}/", f"/teach/deliveries/{one.id}", "/teach/cases", "/teach/"]
    return ["/review/", f"/review/{attempt.ref}", *rooms, *about, *rest]
