"""The provider to test against, over real sockets: our own client asks it, and it calls a portal that is a fake."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from pytest_httpserver import HTTPServer

from portal.domain.errors import ProviderUnavailable
from portal.domain.providers.facts import DashboardRequest, Named
from portal.models import AttemptStatus
from portal.providers import reviews
from portal.simulator import Running, running
from portal.simulator.settings import Settings
from tests.providers.records import exam, place, speak

CALLBACK = "/api/edx_proctoring/v1/proctored_exam/attempt"


@pytest.fixture
def portal(httpserver: HTTPServer) -> HTTPServer:
    """A portal that gives tokens and takes every callback."""
    httpserver.expect_request("/oauth2/access_token", "POST").respond_with_json({"access_token": "x", "expires_in": 60})
    httpserver.expect_request("/oauth2/access_token").respond_with_json({}, status=405)
    httpserver.no_handler_status_code = 200
    return httpserver


@contextmanager
def simulator_of(portal: HTTPServer, **given: object) -> Iterator[Running]:
    quick = {"ready_after": 0.05, "review_after": 0.05, "late_seconds": 0.5, "retry_seconds": 0.05}
    settings = Settings(portal=portal.url_for(""), client_id="pair", client_secret="a secret", **{**quick, **given})
    with running(settings) as simulator:
        yield simulator


def client_of(simulator: Running, **given: object):
    return speak(base_url=simulator.address, client_id="pair", **given)


def begun(client) -> Named:
    name = client.save_exam(exam(external_id=None))
    return Named(exam_external_id=name, external_id=client.register(place(exam=exam(external_id=name))).external_id)


def told(portal: HTTPServer, number: int, what: str = "") -> list[tuple[str, object]]:
    """Wait until the portal has heard so many callbacks: what, and its body."""
    for _ in range(200):
        heard = [r for r, _ in portal.log if r.path.startswith(CALLBACK) and r.path.endswith(what)]
        if len(heard) >= number:
            break
        time.sleep(0.02)
    return [(r.path.rpartition("/")[2], r.get_json(silent=True)) for r in heard]


def test_a_whole_attempt(portal):
    with simulator_of(portal) as simulator:
        client = client_of(simulator)
        assert client.configuration(["en"]).name == "Simulated proctor"
        named = begun(client)
        assert client.read_exam(named.exam_external_id)["name"] == "Algebra: final"
        seen = client.see(named, ["en"])
        assert len(seen.instructions) == 3
        assert "ready" not in str(told(portal, 0))
        assert requests.get(seen.download_url, timeout=5).status_code == 200
        assert told(portal, 1) == [("ready", {"status": "ready"})]
        assert portal.log[-1][0].headers["Authorization"] == "JWT x"
        client.start(named)
        client.stop(named)
        client.stop(named)
        [_, (what, review)] = told(portal, 2)
        said = reviews.read(review)
        assert (what, said.status, len(said.comments)) == ("reviewed", "passed", 3)
        assert requests.get(said.video_url, timeout=5).status_code == 200
        time.sleep(0.2)
        assert len(told(portal, 2)) == 2


def test_the_same_question_gets_the_same_place(portal):
    with simulator_of(portal) as simulator:
        client = client_of(simulator)
        name = client.save_exam(exam(external_id=None))
        places = {client.register(place(exam=exam(external_id=name))).external_id for _ in range(3)}
        assert len(places) == 1
        other = client.register(place(exam=exam(external_id=name), attempt_code="another"))
        assert other.external_id not in places


def test_wrong_credentials_and_tokens_are_refused(portal):
    with simulator_of(portal) as simulator:
        with pytest.raises(ProviderUnavailable, match="credentials"):
            client_of(simulator, client_secret="wrong").configuration(["en"])
        bare = requests.get(f"{simulator.address}/api/v1/config/", json={}, timeout=5)
        assert (bare.status_code, bare.headers["Content-Type"]) == (403, "text/html; charset=utf-8")


def test_a_strict_provider_wants_a_body_with_every_verb(portal):
    with simulator_of(portal, misbehave={"strict"}) as simulator:
        simulator.provider.tokens.add("t")
        for given, code in (({}, 415), ({"headers": {"Content-Type": "application/json"}}, 400)):
            headers = {"Authorization": "JWT t", **given.get("headers", {})}
            assert requests.get(f"{simulator.address}/api/v1/config/", headers=headers, timeout=5).status_code == code


def test_removal_and_retirement(portal):
    with simulator_of(portal) as simulator:
        client = client_of(simulator)
        named = begun(client)
        assert client.remove(named) is None
        assert "does not know it" in client.remove(named)
        client.register(place(exam=exam(external_id=named.exam_external_id), attempt_code="another"))
        assert client.retire("ab" * 32) is None
        with pytest.raises(ProviderUnavailable, match="not forgotten the learner yet"):
            client.retire("ab" * 32)


def until(is_so):
    for _ in range(100):
        if is_so():
            return
        time.sleep(0.02)


def profiles_at(simulator, **asked):
    """What the provider says of the learners of a course to whoever has a token of its own."""
    simulator.provider.tokens.add("t")
    place = f"{simulator.address}/api/v1/courses/course-v1:A+B+C/onboarding_statuses"
    return requests.get(place, params=asked, headers={"Authorization": "JWT t"}, timeout=5).json()


def test_onboarding_comes_first_where_it_is_needed(portal):
    with simulator_of(portal, needs_onboarding=True) as simulator:
        client = client_of(simulator)
        name = client.save_exam(exam(external_id=None))
        proctored = place(exam=exam(external_id=name))
        assert client.register(proctored).refused_as is AttemptStatus.ONBOARDING_MISSING
        sample = place(exam=exam(external_id=name), is_sample=True, attempt_code="sample")
        client.stop(Named(exam_external_id=name, external_id=client.register(sample).external_id))
        told(portal, 1, "reviewed")
        until(lambda: simulator.provider.profiles.get("ab" * 32) == "approved-in-course")
        assert profiles_at(simulator, user_id="ab" * 32)["status"] == "approved-in-course"
        assert [one["user_id"] for one in profiles_at(simulator)["results"]] == ["ab" * 32]
        assert client.register(proctored).external_id


def test_the_dashboard_opens_with_our_link_only(portal, the_clock):
    wanted = DashboardRequest(
        course_key="course-v1:Test+C1+2026", pairwise_id="p", full_name="Rita", email="r@example.edu"
    )
    with simulator_of(portal) as simulator:
        client = client_of(simulator)
        begun(client)
        link = client.dashboard_url(wanted)
        page = requests.get(link, timeout=5)
        assert (page.status_code, "Rita" in page.text, "Algebra: final" in page.text) == (200, True, True)
        assert requests.get(link[:-3] + "AAA", timeout=5).status_code == 403
        the_clock.advance(seconds=61)
        assert requests.get(link, timeout=5).status_code == 403


def test_the_buttons_of_an_attempt(portal):
    with simulator_of(portal) as simulator:
        named = begun(client_of(simulator))

        def press(action, **said):
            return requests.post(f"{simulator.address}/attempts/{named.external_id}/{action}", json=said, timeout=5)

        def ping():
            return requests.get(f"{simulator.address}/desktop/ping", timeout=5)

        assert ping().json() == {"status": None}
        assert press("ready").json()["app"] == "running"
        assert (ping().json(), ping().headers["Access-Control-Allow-Origin"]) == ({"status": "running"}, "*")
        press("drop")
        assert ping().status_code == 503
        assert requests.post(f"{simulator.address}/desktop/start", timeout=5).status_code == 503
        press("return")
        assert requests.post(f"{simulator.address}/desktop/stop", timeout=5).json() == {"status": "uploading"}
        press("review", status="violation")
        assert told(portal, 2)[-1][1]["status"] == "violation"
        assert press("dance").status_code == 404
        assert "Review: violation" in requests.get(simulator.address, timeout=5).text
        assert requests.get(f"{simulator.address}/state", timeout=5).json()["attempts"][0]["id"] == named.external_id
        assert "examAttemptStarted" in requests.get(f"{simulator.address}/worker.js", timeout=5).text


MISBEHAVING = {
    "duplicate": [("ready", {"status": "ready"})] * 2,
    "wrong-token": [("ready", {"status": "ready"})],
}


@pytest.mark.parametrize("how", MISBEHAVING)
def test_callbacks_that_misbehave(portal, how):
    with simulator_of(portal, misbehave={how}) as simulator:
        attempt = simulator.provider.attempts[begun(client_of(simulator)).external_id]
        simulator.callbacks.ready(attempt)
        assert told(portal, len(MISBEHAVING[how])) == MISBEHAVING[how]
        is_ours = portal.log[-1][0].headers["Authorization"] == "JWT x"
        assert is_ours == (how != "wrong-token")


def test_garbage_comes_before_the_right_words(portal):
    with simulator_of(portal, misbehave={"garbage"}) as simulator:
        attempt = simulator.provider.attempts[begun(client_of(simulator)).external_id]
        simulator.callbacks.ready(attempt)
        heard = told(portal, 6)
        assert (len(heard), heard[-1]) == (6, ("ready", {"status": "ready"}))


def test_reviews_out_of_order_and_late(portal):
    with simulator_of(portal, misbehave={"out-of-order"}) as simulator:
        client = client_of(simulator)
        requests.get(client.see(begun(client), ["en"]).download_url, timeout=5)
        assert [what for what, _ in told(portal, 2)] == ["reviewed", "ready"]
    with simulator_of(portal, misbehave={"late"}) as simulator:
        client = client_of(simulator)
        began = time.monotonic()
        client.stop(begun(client))
        assert told(portal, 2, "reviewed")
        assert time.monotonic() - began > 0.5


@pytest.mark.parametrize(
    ("how", "says"), [("500", "answer 500"), ("html", "no usable answer"), ("slow", "within 1 sec")]
)
def test_answers_that_misbehave(portal, how, says):
    with simulator_of(portal, slow_seconds=1.3) as simulator:
        client = client_of(simulator, options={"timeout_seconds": 1})
        begun(client)
        assert requests.post(f"{simulator.address}/settings", json={"misbehave": [how]}, timeout=5).json() == {
            "misbehave": [how]
        }
        with pytest.raises(ProviderUnavailable, match=says):
            client.save_exam(exam(external_id=None))


def test_a_portal_that_is_away_is_tried_again(portal):
    portal.no_handler_status_code = 503
    with simulator_of(portal) as simulator:
        simulator.callbacks.ready(simulator.provider.attempts[begun(client_of(simulator)).external_id])
        assert len(told(portal, 3)) == 3
