"""edX's own functions and views around their class: a learner's exam from place to verdict, at the simulator."""

from itertools import count

import pytest
from django.contrib.auth import get_user_model
from edx_platform import NAME
from edx_proctoring import api
from edx_proctoring.models import ProctoredExamSoftwareSecureComment as Comment
from edx_proctoring.models import ProctoredExamSoftwareSecureReview as Review
from edx_proctoring.statuses import SoftwareSecureReviewStatus
from running import OUTCOMES, state, tell

KEPT_AS = SoftwareSecureReviewStatus.from_standard_status
COURSE = "course-v1:A+B+C"
NUMBERS = count(1)


class Sitting:
    """One learner and one exam of the platform."""

    def __init__(self, **more):
        number = next(NUMBERS)
        facts = {"is_proctored": True, "backend": NAME, **more}
        self.exam = api.create_exam(COURSE, f"block-{number}", "Algebra", 90, **facts)
        self.learner = get_user_model().objects.create_user(f"ada-{number}", "ada@example.edu").id
        self.attempt = api.create_exam_attempt(self.exam, self.learner, taking_as_proctored=True)

    def facts(self):
        return api.get_exam_attempt_by_id(self.attempt)

    @property
    def status(self):
        return self.facts()["status"]

    @property
    def name(self):
        return self.facts()["external_id"]

    def become(self, status):
        api.update_attempt_status(self.attempt, status)


@pytest.fixture
def sitting(provider):
    return Sitting()


def told(simulator, sitting):
    """The last thing that the platform answered this provider."""
    return [(one["what"], one["code"]) for one in state(simulator)["log"] if one.get("attempt") == sitting.name][-1]


def at_the_provider(simulator, sitting):
    return [one["status"] for one in state(simulator)["attempts"] if one["id"] == sitting.name]


def test_ready_is_heard(simulator, sitting):
    assert (sitting.status, at_the_provider(simulator, sitting)) == ("created", ["created"])
    tell(simulator, f"/attempts/{sitting.name}/ready")
    assert (sitting.status, told(simulator, sitting)) == ("ready_to_start", ("ready", 200))


@pytest.mark.parametrize("word", OUTCOMES)
def test_the_report_is_a_review_and_moves_the_attempt(simulator, sitting, word):
    tell(simulator, f"/attempts/{sitting.name}/ready")
    sitting.become("started")
    assert at_the_provider(simulator, sitting) == ["started"]
    sitting.become("submitted")
    assert at_the_provider(simulator, sitting) == ["submitted"]
    tell(simulator, f"/attempts/{sitting.name}/review", status=word)
    assert (told(simulator, sitting), sitting.status) == (("reviewed", 200), OUTCOMES[word])
    review = Review.objects.get(attempt_code=sitting.facts()["attempt_code"])
    assert (review.review_status, "videoReviewLink" in review.raw_data) == (KEPT_AS[word], False)
    seen = (
        Comment.objects.filter(review=review).order_by("start_time").values_list("start_time", "stop_time", "duration")
    )
    assert list(seen) == [(30, 36, 6), (95, 101, 6), (310, 316, 6)]


def test_an_error_and_a_reset_are_told(simulator, sitting):
    tell(simulator, f"/attempts/{sitting.name}/ready")
    sitting.become("started")
    sitting.become("error")
    assert at_the_provider(simulator, sitting) == ["error"]
    name = sitting.name
    api.remove_exam_attempt(sitting.attempt, get_user_model().objects.get(id=sitting.learner))
    assert [one for one in state(simulator)["attempts"] if one["id"] == name] == []


def test_who_needs_onboarding_is_refused_with_its_status(simulator, provider):
    tell(simulator, "/settings", needs_onboarding=True)
    assert Sitting().status == "onboarding_missing"


def test_the_exam_page_gets_instructions_and_an_address(provider, sitting):
    said = provider.get_attempt(sitting.facts())
    assert said["download_url"].startswith(provider.base_url)
