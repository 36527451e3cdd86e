"""Allowances of a course: who has what, granting with its effect said first, taking back."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.models import Allowance, AllowanceKind, Attempt, Role
from tests import make
from tests.make import NOON


@pytest.fixture
def exam(app, sign_in):
    exam = make.exam(name="Midterm", closes_at=NOON + timedelta(hours=5))
    sign_in(make.member(Role.STAFF, course=exam.course))
    return exam


@pytest.fixture
def learner(exam):
    return make.enrol(exam.course, make.user(name="Ada Rahimi", email="ada@example.edu"))


def url(exam, end="/new"):
    return f"/teach/courses/{exam.course.slug}/allowances{end}"


def form(**given):
    usual = {
        "email": "ada@example.edu",
        "exam": "every",
        "kind": "extra_minutes",
        "amount": "10",
        "go": "grant",
        "reason": "Office",
    }
    return {**usual, **given}


@pytest.mark.parametrize(
    ("said", "kept", "words"),
    [
        ({}, (AllowanceKind.EXTRA_MINUTES, 10, None), "10 minutes more"),
        ({"kind": "multiplier", "amount": "1.5"}, (AllowanceKind.MULTIPLIER, None, 150), "1.5 times the standard time"),
        ({"kind": "multiplier", "amount": "1,25"}, (AllowanceKind.MULTIPLIER, None, 125), "1.25 times the standard"),
        (
            {"kind": "review_policy_exception", "amount": "", "note": " May leave\nthe screen. "},
            (AllowanceKind.REVIEW_POLICY_EXCEPTION, None, None),
            "note for the proctor: May leave the screen.",
        ),
        ({"kind": "break_bank", "amount": "20"}, (AllowanceKind.BREAK_BANK, 20, None), "20 minutes of breaks"),
        ({"kind": "longer_window", "amount": "90"}, (AllowanceKind.LONGER_WINDOW, 90, None), "open 1 hour 30 minutes"),
    ],
)
def test_each_kind_is_granted_and_listed(client, exam, learner, said, kept, words):
    answer = client.post(url(exam), data=form(**said), follow_redirects=True)
    [allowance] = db.session.scalars(db.select(Allowance))
    assert (allowance.kind, allowance.minutes, allowance.percent) == kept
    assert (allowance.exam_id, allowance.reason) == (None, "Office")
    for part in ("Allowance granted to Ada Rahimi.", words, "every exam", "Office"):
        assert part in answer.text


def test_for_one_exam(client, exam, learner):
    client.post(url(exam), data=form(exam=exam.slug))
    assert db.session.scalars(db.select(Allowance.exam_id)).one() == exam.id


def test_looking_first_changes_nothing(client, exam, learner):
    page = client.post(url(exam), data=form(go="look", kind="multiplier", amount="1.5")).text
    assert "<b>Midterm</b>: 60 → 90 minutes" in page
    assert db.session.scalar(db.select(Allowance)) is None


def test_looking_first_says_what_the_break_bank_will_hold(client, exam, learner):
    page = client.post(url(exam), data=form(go="look", kind="break_bank", amount="20")).text
    assert "<b>Midterm</b>: 60 minutes, and 20 instead of 0 minutes of breaks" in page


def test_looking_first_says_which_clock_runs(client, exam, learner):
    running = make.attempt(exam=exam, learner=learner)
    page = client.post(url(exam), data=form(go="look")).text
    assert "Their clock runs now" in page and running.ref in page


def test_looking_first_says_when_a_smaller_multiplier_changes_nothing(client, exam, learner):
    client.post(url(exam), data=form(kind="multiplier", amount="2"))
    page = client.post(url(exam), data=form(go="look", kind="multiplier", amount="1.5", exam=exam.slug)).text
    assert "nothing changes, because they already have as much or more" in page


def test_a_clock_that_runs_follows_at_once_both_ways(client, exam, learner):
    running = make.attempt(exam=exam, learner=learner)
    page = client.post(url(exam), data=form(), follow_redirects=True).text
    assert f"Attempt {running.ref} now ends 13:10." in page
    allowance = db.session.scalars(db.select(Allowance)).one()
    client.post(url(exam, f"/{allowance.id}/withdraw"), data={"reason": "A mistake"})
    assert db.session.get_one(Attempt, running.id).deadline_at == NOON + timedelta(hours=1)
    assert db.session.scalars(db.select(Allowance.withdrawn_at)).one() == NOON


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": ""}, "Enter the learner&#39;s email address."),
        ({"email": "nobody@example.edu"}, "No account has this email address."),
        ({"amount": ""}, "Enter minutes such as 15"),
        ({"amount": "many"}, "Enter minutes such as 15"),
        ({"amount": "NaN"}, "Enter minutes such as 15"),
        ({"amount": "0"}, "Enter whole minutes between 1 and 10080"),
        ({"amount": "2.5"}, "Enter whole minutes"),
        ({"kind": "multiplier", "amount": "1"}, "Enter a multiplier above 1"),
        ({"kind": "multiplier", "amount": "11"}, "Enter a multiplier above 1"),
        ({"kind": "magic"}, "Not a valid choice"),
        ({"note": "May stand up."}, "Choose Note for the proctor to grant this note"),
        ({"kind": "review_policy_exception", "note": "  "}, "in at most 255 characters"),
        ({"kind": "review_policy_exception", "note": "x" * 256}, "in at most 255 characters"),
        ({"exam": "another"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, exam, learner, wrong, words):
    for go in ("look", "grant"):
        answer = client.post(url(exam), data=form(go=go, **wrong))
        assert (answer.status_code, words in answer.text) == (422, True)
    assert db.session.scalar(db.select(Allowance)) is None


def test_a_note_needs_a_proctor_and_changes_no_minutes(client, exam, learner):
    note = {"kind": "review_policy_exception", "amount": "", "note": "May stand up.", "exam": exam.slug}
    for go in ("look", "grant"):
        refused = client.post(url(exam), data=form(go=go, **note))
        assert (refused.status_code, "This exam has no proctor" in refused.text) == (422, True)
    watched = make.exam(course=exam.course, is_proctored=True)
    page = client.post(url(exam), data=form(go="look", **{**note, "exam": watched.slug}))
    assert page.status_code == 200 and "Their minutes do not change." in page.text


def test_somebody_who_is_not_enrolled(client, exam):
    make.user(name="Bo Lind", email="bo@example.edu")
    answer = client.post(url(exam), data=form(email="bo@example.edu"))
    assert "Bo Lind is not enrolled in" in answer.text


def test_who_may_only_look_is_offered_nothing(client, sign_in, exam, learner):
    client.post(url(exam), data=form())
    allowance = db.session.scalars(db.select(Allowance)).one()
    sign_in(make.member(Role.PROCTOR, course=exam.course))
    page = client.get(url(exam, "")).text
    assert "10 minutes more" in page and "Withdraw" not in page and "Add allowance" not in page
    assert client.get(url(exam)).status_code == 403
    assert client.post(url(exam, f"/{allowance.id}/withdraw")).status_code == 403


def test_an_allowance_of_another_course_is_not_found_here(client, sign_in, exam, learner):
    client.post(url(exam), data=form())
    allowance = db.session.scalars(db.select(Allowance)).one()
    other = make.exam()
    sign_in(make.member(Role.STAFF, course=other.course))
    assert client.post(url(other, f"/{allowance.id}/withdraw")).status_code == 404
    assert db.session.scalars(db.select(Allowance.withdrawn_at)).one() is None


def test_looking_first_knows_the_window(client, sign_in, app):
    exam = make.exam(time_limit_minutes=90, opens_at=NOON + timedelta(hours=1), closes_at=NOON + timedelta(hours=25))
    make.enrol(exam.course, make.user(name="Ada Rahimi", email="ada@example.edu"))
    sign_in(make.member(Role.STAFF, course=exam.course))
    page = client.post(url(exam), data=form(go="look", amount="1400")).text
    assert "90 → 1,440 minutes (of 1,490, because the exam closes 3 Mar, 13:00)" in page


def test_the_same_grant_twice_is_named_as_such(client, exam, learner):
    client.post(url(exam), data=form())
    again = client.post(url(exam), data=form())
    assert again.status_code == 422
    assert "Ada Rahimi already has this allowance, granted 12:00" in again.text
    assert len(db.session.scalars(db.select(Allowance)).all()) == 1


def test_a_smaller_one_takes_nothing_from_a_clock_that_runs(client, exam, learner):
    running = make.attempt(exam=exam, learner=learner)
    client.post(url(exam), data=form(amount="20"))
    answer = client.post(url(exam), data=form(amount="5"))
    assert answer.status_code == 422 and "would lose 15 min" in answer.text
    assert db.session.get_one(Attempt, running.id).deadline_at == NOON + timedelta(minutes=80)


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_allowance_needs_a_reason(client, exam, learner, reason):
    assert "Enter a reason." in client.post(url(exam), data=form(reason=reason)).text
    assert db.session.scalar(db.select(Allowance)) is None


def test_withdrawing_names_what_follows_needs_a_reason_and_can_be_undone(client, exam, learner, the_clock):
    running = make.attempt(exam=exam, learner=learner)
    client.post(url(exam), data=form())
    allowance = db.session.scalars(db.select(Allowance)).one()
    withdraw = url(exam, f"/{allowance.id}/withdraw")
    assert "Their clock runs now" in client.get(withdraw).text
    assert "ends 13:00 instead of 13:10" in client.get(withdraw).text
    assert "Enter a reason." in client.post(withdraw).text
    page = client.post(withdraw, data={"reason": "A mistake"}, follow_redirects=True).text
    assert f"Attempt {running.ref} now ends 13:00." in page and "Just withdrawn" in page
    page = client.post(url(exam, f"/{allowance.id}/undo"), follow_redirects=True).text
    assert f"applies again. Attempt {running.ref} now ends 13:10." in page and "Just withdrawn" not in page
    client.post(withdraw, data={"reason": "After all"})
    the_clock.advance(minutes=11)
    assert "Just withdrawn" not in client.get(url(exam, "")).text
    assert client.post(url(exam, f"/{allowance.id}/undo")).status_code == 409


def test_whoever_is_in_an_exam_that_was_switched_off_can_still_be_given_time(client, sign_in, app):
    exam = make.exam(is_active=False)
    learner = make.enrol(exam.course, make.user(email="ada@example.edu"))
    running = make.attempt(exam=exam, learner=learner)
    sign_in(make.member(Role.STAFF, course=exam.course))
    page = client.post(url(exam), data=form(exam=exam.slug), follow_redirects=True).text
    assert f"Attempt {running.ref} now ends 13:10." in page
