"""Every public method of edX's class for REST providers, as it comes from the package index, at the simulated one."""

import inspect
import json

import pytest
import requests
from edx_proctoring.backends.rest import BaseRestProctoringProvider
from edx_proctoring.exceptions import (
    BackendProviderCannotRegisterAttempt,
    BackendProviderCannotRetireUser,
    BackendProviderOnboardingException,
    BackendProviderOnboardingProfilesException,
)
from edx_proctoring.statuses import ReviewStatus, SoftwareSecureReviewStatus, VerificientOnboardingProfileStatus
from payloads import COURSE, exam, place
from running import CLIENT, SECRET, state, tell
from webpack_loader.utils import get_loader

PERSON = {"id": 5, "full_name": "Tea Cher", "email": "tea@example.edu"}


@pytest.fixture
def saved(provider):
    return exam(external_id=provider.on_exam_saved(exam()))


@pytest.fixture
def registered(provider, saved):
    return provider.register_exam_attempt(saved, place())


def stage(simulator, attempt):
    return next((one["status"] for one in state(simulator)["attempts"] if one["id"] == attempt), None)


def test_no_public_method_is_left_out():
    methods = [name for name, _ in inspect.getmembers(BaseRestProctoringProvider, inspect.isfunction) if name[0] != "_"]
    assert len(methods) >= 17
    assert [name for name in methods if not any(test.startswith(f"test_{name}") for test in globals())] == []


def test_get_proctoring_config(provider):
    said = provider.get_proctoring_config()
    assert (said["name"], len(said["instructions"])) == ("Simulated proctor", 3)
    assert "allow_notes" in said["rules"]


def test_get_software_download_url(provider, registered):
    """The platform puts the attempt behind it and sends the learner there."""
    page = requests.get(provider.get_software_download_url(), {"attempt": registered}, timeout=10)
    assert page.status_code == 200


def test_on_exam_saved(provider, simulator):
    provider.default_rules = {"allow_notes": True}
    made = provider.on_exam_saved(exam())
    assert state(simulator)["exams"][made]["rules"] == {"allow_notes": True}
    assert provider.on_exam_saved(exam(external_id=made, exam_name="Algebra II")) == made
    assert state(simulator)["exams"][made]["exam_name"] == "Algebra II"


def test_on_exam_saved_where_the_provider_fails(provider, simulator):
    tell(simulator, "/settings", misbehave=["500"])
    assert provider.on_exam_saved(exam()) is None


def test_get_exam(provider, saved):
    """It asks by the platform's own number, a stranger to the provider, unless it is given the provider's name."""
    assert provider.get_exam(saved) == {}
    said = provider.get_exam({"id": saved["external_id"]})
    assert (said["name"], said["course_id"]) == ("Algebra", COURSE)


def test_register_exam_attempt(provider, simulator, saved):
    learner = place(review_policy="No books", review_policy_exception="A dictionary is allowed")
    made = provider.register_exam_attempt(saved, learner)
    [said] = [one["said"] for one in state(simulator)["attempts"] if one["id"] == made]
    assert (said["status"], said["review_policy_exception"]) == ("created", "A dictionary is allowed")
    assert "attempt_code" not in said


def test_register_exam_attempt_where_the_provider_fails(provider, simulator, saved):
    tell(simulator, "/settings", misbehave=["500"])
    with pytest.raises(BackendProviderCannotRegisterAttempt) as refused:
        provider.register_exam_attempt(saved, place())
    assert refused.value.http_status == 500


def test_register_exam_attempt_before_after_and_without_onboarding(provider, simulator, saved):
    tell(simulator, "/settings", needs_onboarding=True)
    person = place()["user_id"]
    refusals = []

    def try_it():
        with pytest.raises(BackendProviderOnboardingException) as refused:
            provider.register_exam_attempt(saved, place(user_id=person))
        refusals.append(refused.value.status)

    try_it()
    check = provider.register_exam_attempt(saved, place(user_id=person, is_sample_attempt=True))
    provider.stop_exam_attempt(saved["external_id"], check)
    try_it()
    tell(simulator, f"/attempts/{check}/review", status="violation")
    try_it()
    assert refusals == ["onboarding_missing", "onboarding_pending", "onboarding_failed"]
    tell(simulator, f"/attempts/{check}/review", status="passed")
    assert provider.register_exam_attempt(saved, place(user_id=person))


def test_get_attempt(provider, saved, registered):
    said = provider.get_attempt({"external_id": registered, "proctored_exam": saved})
    assert (said["status"], len(said["instructions"])) == ("created", 3)
    assert requests.get(said["download_url"], timeout=10).status_code == 200


@pytest.mark.parametrize("attempt", [None, "unknown"])
def test_get_attempt_of_nobody(provider, saved, attempt):
    assert provider.get_attempt({"external_id": attempt, "proctored_exam": saved}) == {"instructions": []}


def test_start_exam_attempt(provider, simulator, saved, registered):
    assert provider.start_exam_attempt(saved["external_id"], registered) == "started"
    assert stage(simulator, registered) == "started"


def test_stop_exam_attempt(provider, simulator, saved, registered):
    provider.start_exam_attempt(saved["external_id"], registered)
    assert provider.stop_exam_attempt(saved["external_id"], registered) == "submitted"
    assert stage(simulator, registered) == "submitted"


def test_mark_erroneous_exam_attempt(provider, simulator, saved, registered):
    assert provider.mark_erroneous_exam_attempt(saved["external_id"], registered) == "error"
    assert stage(simulator, registered) == "error"


def test_stop_exam_attempt_that_the_provider_does_not_know(provider, saved):
    assert provider.stop_exam_attempt(saved["external_id"], "unknown") is None


def test_remove_exam_attempt(provider, simulator, saved, registered):
    assert provider.remove_exam_attempt(saved["external_id"], registered) is True
    assert stage(simulator, registered) is None
    assert provider.remove_exam_attempt(saved["external_id"], registered) is True  # It is gone, which is what counts.
    assert provider.remove_exam_attempt(saved["external_id"], None) is False


def test_remove_exam_attempt_where_the_provider_fails(provider, simulator, saved, registered):
    tell(simulator, "/settings", misbehave=["500"])
    with pytest.raises(requests.HTTPError):
        provider.remove_exam_attempt(saved["external_id"], registered)


@pytest.mark.parametrize("status", list(SoftwareSecureReviewStatus.from_standard_status))
def test_on_review_callback(provider, status):
    """It hands on what came; ``test_platform.py`` has what edX makes of the provider's own report."""
    report = {"status": status, "comments": []}
    assert provider.on_review_callback({}, report) is report
    assert ReviewStatus.validate(provider.on_review_callback({}, report)["status"])


@pytest.mark.parametrize("at", ["course", "exam", "attempt", "configuration"])
def test_get_instructor_url(provider, saved, registered, at):
    wanted = {} if at == "course" else {"exam_id": saved["external_id"]}
    wanted |= {"attempt_id": registered} if at == "attempt" else {}
    wanted |= {"show_configuration_dashboard": True} if at == "configuration" else {}
    page = requests.get(provider.get_instructor_url(COURSE, PERSON, **wanted), timeout=10)
    heading = {"course": f"Course {COURSE}", "exam": f"Exam {saved['external_id']}"}
    heading |= {"attempt": f"Attempt {registered}", "configuration": "Configuration"}
    assert (page.status_code, f"<h1>{heading[at]}</h1>" in page.text) == (200, True)
    assert (PERSON["email"] in page.text, registered in page.text) == (True, True)


def test_get_instructor_url_signed_by_somebody_else(simulator):
    stranger = BaseRestProctoringProvider(CLIENT, f"not {SECRET}", base_url=simulator)
    assert requests.get(stranger.get_instructor_url(COURSE, PERSON), timeout=10).status_code == 403


def test_retire_user(provider, saved):
    learner = place()["user_id"]
    provider.register_exam_attempt(saved, place(user_id=learner))
    assert (provider.retire_user(learner), provider.retire_user(learner)) == (True, False)


def test_retire_user_where_the_provider_fails(provider, simulator):
    tell(simulator, "/settings", misbehave=["500"])
    with pytest.raises(BackendProviderCannotRetireUser):
        provider.retire_user(place()["user_id"])


def test_get_onboarding_profile_info_of_one(provider, saved):
    learner = place()["user_id"]
    check = provider.register_exam_attempt(saved, place(user_id=learner, is_sample_attempt=True))
    provider.stop_exam_attempt(saved["external_id"], check)
    said = provider.get_onboarding_profile_info(COURSE, user_id=learner)
    assert (said["user_id"], said["status"], said["expiration_date"]) == (learner, "pending", None)


def test_get_onboarding_profile_info_of_all(provider, saved):
    """edX's dashboard names no page and takes the first answer for all there are; several statuses with commas."""
    learners = [place()["user_id"] for _ in range(30)]
    for learner in learners:
        check = provider.register_exam_attempt(saved, place(user_id=learner, is_sample_attempt=True))
    provider.stop_exam_attempt(saved["external_id"], check)
    wanted = (VerificientOnboardingProfileStatus.pending, VerificientOnboardingProfileStatus.no_profile)
    for status in ("", ",".join(wanted)):
        said = provider.get_onboarding_profile_info(COURSE, status=status)
        assert set(learners) <= {one["user_id"] for one in said["results"]}, status
    [page] = {len(provider.get_onboarding_profile_info(COURSE, page=1, page_size=9)["results"])}
    assert page == 9


def test_get_onboarding_profile_info_where_the_provider_fails(provider, simulator):
    tell(simulator, "/settings", misbehave=["500"])
    with pytest.raises(BackendProviderOnboardingProfilesException):
        provider.get_onboarding_profile_info(COURSE)


def test_get_javascript(provider, simulator, tmp_path, monkeypatch):
    """The address of a built bundle; here, of the script that the simulated provider gives to the exam page."""
    script = {"name": "worker.js", "publicPath": f"{simulator}/worker.js"}
    built = {"status": "done", "chunks": {"edx_proctoring": ["worker.js"]}, "assets": {"worker.js": script}}
    (tmp_path / "stats.json").write_text(json.dumps(built))
    monkeypatch.setitem(get_loader("WORKERS").config, "STATS_FILE", str(tmp_path / "stats.json"))
    assert "examAttemptStarted" in requests.get(provider.get_javascript(), timeout=10).text


def test_get_javascript_where_none_is_built(provider):
    with pytest.warns(UserWarning, match="not found"):
        assert provider.get_javascript() == ""


def test_should_block_access_to_exam_material(provider):
    assert provider.should_block_access_to_exam_material() is False


def test_get_video_review_aes_key(provider):
    assert provider.get_video_review_aes_key() is None
