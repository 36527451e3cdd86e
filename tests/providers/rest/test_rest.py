"""The REST protocol from our side: what goes out, and what each answer means."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.domain.errors import ProviderUnavailable
from portal.domain.providers.facts import DashboardRequest
from portal.domain.providers.port import PASSED
from tests.make import NOON
from tests.providers.records import BASE, EXAM, NAMED, exam, place, said, speak

ATTEMPT = f"{BASE}/api/v1/exam/exam-1/attempt/attempt-1/"


@pytest.mark.parametrize(
    ("verb", "path", "do"),
    [
        ("GET", "/api/v1/config/", lambda p: p.configuration(["en"])),
        ("POST", "/api/v1/exam/", lambda p: p.save_exam(exam(external_id=None))),
        ("POST", "/api/v1/exam/exam-1/", lambda p: p.save_exam(EXAM)),
        ("GET", "/api/v1/exam/exam-1/", lambda p: p.read_exam("exam-1")),
        ("POST", "/api/v1/exam/exam-1/attempt/", lambda p: p.register(place())),
        ("GET", "/api/v1/exam/exam-1/attempt/attempt-1/", lambda p: p.see(NAMED, ["en"])),
        ("PATCH", "/api/v1/exam/exam-1/attempt/attempt-1/", lambda p: p.start(NAMED)),
        ("DELETE", "/api/v1/exam/exam-1/attempt/attempt-1/", lambda p: p.remove(NAMED)),
        ("DELETE", "/api/v1/user/abc/", lambda p: p.retire("abc")),
    ],
)
def test_every_call_is_json_with_a_body_and_a_token(provider_server, verb, path, do):
    provider_server.add(verb, f"{BASE}{path}", json={"id": "1"})
    do(speak())
    sent = provider_server.calls[-1].request
    assert (sent.method, sent.headers["Authorization"], sent.headers["Content-Type"]) == (
        verb,
        "JWT first",
        "application/json",
    )
    assert isinstance(said(provider_server.calls[-1]), dict)
    assert urlsplit(sent.url).path == path


def test_the_token_is_asked_for_with_all_four_fields(provider_server):
    provider_server.get(f"{BASE}/api/v1/config/", json={"name": "V"})
    speak().configuration(["en"])
    assert parse_qs(provider_server.calls[0].request.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["portal-1"],
        "client_secret": ["a secret"],
        "token_type": ["jwt"],
    }


def test_both_spellings_of_an_exam_are_sent(provider_server):
    provider_server.post(f"{BASE}/api/v1/exam/", json={"id": "e" * 32}, status=201)
    assert speak().save_exam(exam(external_id=None, rules={"allow_notes": True})) == "e" * 32
    assert said(provider_server.calls[-1]) == {
        "id": 7, "course_id": EXAM.course_key, "content_id": "section-1", "external_id": None,
        "exam_name": "Algebra: final", "name": "Algebra: final", "time_limit_mins": 90, "is_proctored": True,
        "is_practice_exam": False, "is_practice": False, "is_active": True, "due_date": "2026-03-02T12:00:00Z",
        "hide_after_due": False, "backend": "acme", "rule_summary": "Open book.", "rules": {"allow_notes": True},
    }  # fmt: skip


def test_an_exam_that_the_provider_forgot_is_saved_anew(provider_server):
    provider_server.post(f"{BASE}/api/v1/exam/exam-1/", status=404, body="<h1>Not found</h1>")
    provider_server.post(f"{BASE}/api/v1/exam/", json={"id": 12})
    assert speak().save_exam(EXAM) == "12"


def test_an_unknown_exam_is_none(provider_server):
    provider_server.get(f"{BASE}/api/v1/exam/exam-1/", json={})
    assert speak().read_exam("exam-1") is None


@pytest.mark.parametrize(("action", "word"), [("start", "started"), ("stop", "submitted"), ("fail", "error")])
def test_the_provider_hears_how_it_goes(provider_server, action, word):
    provider_server.patch(ATTEMPT, body="<html>thanks</html>")
    getattr(speak(), action)(NAMED)
    assert said(provider_server.calls[-1]) == {"status": word}


def test_a_provider_that_fails_is_told_again_later(provider_server):
    provider_server.patch(ATTEMPT, status=500, body="<html>")
    with pytest.raises(ProviderUnavailable, match="answer 500"):
        speak().stop(NAMED)


@pytest.mark.parametrize("status", [200, 204, 404, 405, 410, 501])
@pytest.mark.parametrize("what", ["remove", "retire"])
def test_what_a_provider_cannot_do_is_said_and_not_asked_again(provider_server, what, status):
    """Done only where it said yes; the rest is a sentence with its answer."""
    address = ATTEMPT if what == "remove" else f"{BASE}/api/v1/user/abc/"
    provider_server.delete(address, status=status, body="" if status == 204 else "<h1>?</h1>")
    said = speak().remove(NAMED) if what == "remove" else speak().retire("abc")
    assert said is None if status < 300 else (f"answer {status}" in said and said.startswith("Acme "))


def test_a_removal_that_fails_is_repeated(provider_server):
    provider_server.delete(ATTEMPT, status=503)
    with pytest.raises(ProviderUnavailable):
        speak().remove(NAMED)


def test_a_learner_is_forgotten_when_the_provider_says_so(provider_server):
    provider_server.delete(f"{BASE}/api/v1/user/abc/", body="true")
    assert speak().retire("abc") is None
    provider_server.replace("DELETE", f"{BASE}/api/v1/user/abc/", body="false")
    with pytest.raises(ProviderUnavailable, match="not forgotten"):
        speak().retire("abc")


def test_browsers_get_addresses_they_can_reach(provider_server):
    provider_server.get(
        ATTEMPT,
        json={
            "id": "1",
            "instructions": ["One", 2, "Two"],
            "download_url": f"{BASE}/download?attempt=1",
            "status": "created",
        },
    )
    seen = speak(public_base_url="https://public.example/v").see(NAMED, ["de", "en"])
    assert (seen.instructions, seen.download_url) == (("One", "Two"), "https://public.example/v/download?attempt=1")
    assert provider_server.calls[-1].request.headers["Accept-Language"] == "de, en;q=0.9"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://elsewhere.example/x", "https://elsewhere.example/x"),
        ("/launch", "https://public.example/launch"),
        ("https://provider.example.evil/x", "https://provider.example.evil/x"),
        ("javascript:alert(1)", ""),
        ("https://[", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_only_web_addresses_reach_a_page(provider_server, given, shown):
    provider_server.get(
        f"{BASE}/api/v1/config/", json={"name": "V", "rules": {"a": "A", "b": 3}, "download_url": given}
    )
    known = speak(public_base_url="https://public.example").configuration(["en"])
    assert (known.name, known.rules, known.download_url) == ("V", {"a": "A", "b": ""}, shown)


def test_the_dashboard_link_carries_its_own_key():
    url = urlsplit(speak(public_base_url="https://public.example").dashboard_url(_wanted()))
    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://public.example/api/v1/instructor/portal-1/"
    head, body, signature = parse_qs(url.query)["jwt"][0].split(".")
    digest = hmac.new(b"a secret", f"{head}.{body}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == signature
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert int(claims.pop("jti"), 16) > 0
    assert claims == {
        "course_id": "C", "user": {"id": "p", "full_name": "N", "email": "n@example.edu"}, "iss": "portal-1",
        "exp": int(NOON.timestamp()) + 60, "exam_id": "e", "attempt_id": "a", "config": True,
    }  # fmt: skip


def _wanted():
    return DashboardRequest(
        course_key="C", pairwise_id="p", full_name="N", email="n@example.edu",
        exam_external_id="e", attempt_external_id="a", wants_configuration=True,
    )  # fmt: skip


def test_a_provider_without_a_dashboard_has_no_link():
    assert speak(options={"has_dashboard": False}).dashboard_url(_wanted()) is None


def test_what_passes_by_itself():
    assert speak().passing == {PASSED}
    assert speak(options={"passing_statuses": "passed, violation"}).passing == {"passed", "violation"}
