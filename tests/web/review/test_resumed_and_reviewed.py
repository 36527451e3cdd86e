"""A suspended exam that the team resumes, and that the provider reports on all the same: the way on stays open."""

import pytest

from portal.db import db
from portal.models import ResumeState
from tests import fake_providers, make, review_factories
from tests.make import S

GO_ON = "Set up again and continue"


@pytest.fixture
def resumed(app, sign_in):
    fake_providers.provider("proctorco", base_url="https://proctorco.example", client=False)
    attempt = review_factories.proctored(
        status=S.ERROR, learner=make.user(), resume_state=ResumeState.GRANTED, time_remaining_seconds=23 * 60
    )
    sign_in(attempt.learner)
    return attempt


def page_of(client, attempt) -> str:
    db.session.refresh(attempt)
    return client.get(f"/attempts/{attempt.ref}/status").text


def test_a_late_report_does_not_hide_the_way_on(client, resumed):
    review_factories.report(resumed, "passed")
    page = page_of(client, resumed)
    assert resumed.status is S.VERIFIED and "Your exam is accepted" in page
    assert GO_ON in page and "23 minutes left" in page
    assert "You do not need to do anything else." not in page


@pytest.mark.parametrize("status", [S.VERIFIED, S.REJECTED, S.SECOND_REVIEW_REQUIRED, S.ERROR])
def test_there_is_one_way_on_whatever_the_report_said(client, resumed, status):
    fake_providers.change(resumed, status=status)
    assert page_of(client, resumed).count(GO_ON) == 1


@pytest.mark.parametrize("facts", [{"resume_state": ResumeState.NONE}, {"resume_state": ResumeState.RESUMED}])
def test_nobody_is_sent_on_who_may_not_or_has(client, resumed, facts):
    fake_providers.change(resumed, status=S.VERIFIED, **facts)
    page = page_of(client, resumed)
    assert GO_ON not in page and "You do not need to do anything else." in page
