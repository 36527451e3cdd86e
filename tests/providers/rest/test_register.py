"""Asking a REST provider for a place: what goes out, and what each answer means."""

import pytest

from portal.domain.errors import ProviderRefused, ProviderUnavailable
from portal.domain.providers.facts import Registered
from portal.models import AttemptStatus as S
from tests.providers.records import BASE, exam, place, said, speak

REGISTER = f"{BASE}/api/v1/exam/exam-1/attempt/"


@pytest.mark.parametrize("status", [200, 201])
def test_a_place_is_asked_for_by_a_pairwise_id(provider_server, status):
    provider_server.post(REGISTER, json={"id": "attempt-9"}, status=status)
    assert speak().register(place()) == Registered(external_id="attempt-9")
    assert said(provider_server.calls[-1]) == {
        "lms_host": "https://portal.example.edu", "time_limit_mins": 100, "is_sample_attempt": False,
        "user_id": "ab" * 32, "full_name": "Ada King Byron", "user_name": "Ada King Byron",
        "email": "ada@example.edu", "status": "created", "review_policy": "Open book.",
        "review_policy_exception": "May stand up.",
    }  # fmt: skip


def test_what_is_withheld_keeps_its_key_and_the_secret_code_never_goes_out(provider_server):
    provider_server.post(REGISTER, json={"id": "1"})
    speak().register(place(full_name=None, email=None, review_rules="", review_exception=""))
    body = said(provider_server.calls[-1])
    assert (body["full_name"], body["email"], "review_policy" in body) == (None, None, False)
    sent = provider_server.calls[-1].request
    assert "0000-CODE" not in str(sent.headers) + sent.body.decode()


@pytest.mark.parametrize(
    ("answer", "status", "means"),
    [
        (
            {"id": "a", "status": "onboarding_missing"},
            200,
            Registered(external_id="a", refused_as=S.ONBOARDING_MISSING),
        ),
        ({"status": "onboarding-pending"}, 200, Registered(external_id=None, refused_as=S.ONBOARDING_PENDING)),
        ({"status": "onboarding_failed"}, 400, Registered(external_id=None, refused_as=S.ONBOARDING_FAILED)),
        ({"status": "onboarding_expired"}, 422, Registered(external_id=None, refused_as=S.ONBOARDING_EXPIRED)),
        ({"id": "a", "status": "created"}, 200, Registered(external_id="a")),
    ],
)
def test_refusals_for_onboarding(provider_server, answer, status, means):
    provider_server.post(REGISTER, json=answer, status=status)
    assert speak().register(place()) == means


@pytest.mark.parametrize(
    ("status", "body", "refusal"),
    [
        (400, "{}", ProviderRefused),
        (409, "<h1>no</h1>", ProviderRefused),
        (200, "{}", ProviderUnavailable),
        (200, '{"id": null}', ProviderUnavailable),
        (200, '{"id": "../x"}', ProviderUnavailable),
        (200, '{"id": ".."}', ProviderUnavailable),
        (200, '["id"]', ProviderUnavailable),
        (200, "<html>", ProviderUnavailable),
        (200, "", ProviderUnavailable),
        (204, "", ProviderUnavailable),
        (404, "<html>", ProviderUnavailable),
        (302, "", ProviderUnavailable),
        (429, "{}", ProviderUnavailable),
        (500, "{", ProviderUnavailable),
        (200, '{"id": NaN}', ProviderUnavailable),
        (200, "[" * 100_000, ProviderUnavailable),
    ],
)
def test_odd_answers_to_a_registration(provider_server, status, body, refusal):
    provider_server.post(REGISTER, body=body, status=status)
    with pytest.raises(refusal, match="Acme"):
        speak().register(place())


def test_an_exam_without_the_providers_name_is_not_asked_for(provider_server):
    with pytest.raises(ProviderUnavailable, match="never told"):
        speak().register(place(exam=exam(external_id=None)))
    assert not provider_server.calls
