"""edX's own client, byte for byte, against the simulated provider: what ``BaseRestProctoringProvider`` sends and reads.

Written down from edx-proctoring 6.1.4 with edx-rest-api-client 7.1.0. They are not installed here, because they bring
Django along: ``python3 dev.py peers`` runs them, in an environment of their own.
"""

import json
import socket
from urllib.parse import urlsplit

import pytest

from portal.simulator import running
from portal.simulator.settings import Settings

CLIENT, SECRET = "pair", "one secret for both directions of 40+"
AGENT = "python-requests/2.34.2 edx-rest-api-client/7.1.0 127.0.0.1"
EXAM = {
    "id": 7, "course_id": "course-v1:A+B+C", "content_id": "block", "external_id": None, "exam_name": "Ex",
    "time_limit_mins": 90, "is_proctored": True, "is_practice_exam": False, "is_active": True, "due_date": None,
    "hide_after_due": False, "backend": "x", "rule_summary": "none",
}  # fmt: skip
PLACE = {
    "lms_host": "http://x", "time_limit_mins": 90, "is_sample_attempt": False, "user_id": "u" * 40,
    "full_name": "Ada", "email": "a@example.edu", "review_policy": None, "status": "created",
}  # fmt: skip


class Http:
    """Sends the very lines that edX's client sends, and nothing that it does not."""

    def __init__(self, address):
        self.address, self.token = urlsplit(address), None

    def ask(self, verb, path, said=None, *, form=None, language=False):
        kept, body = b"", json.dumps(said) if said is not None else form
        lines = [f"{verb} {path} HTTP/1.1", f"Host: {self.address.netloc}", f"User-Agent: {AGENT}"]
        lines += ["Accept-Encoding: gzip, deflate", "Accept: */*", "Connection: keep-alive"]
        lines += ["Accept-Language: en"] if language else []
        lines += [f"Content-Length: {len(body)}"] if body else ["Content-Length: 0"] if verb != "GET" else []
        lines += (
            [f"Content-Type: application/{'json' if said is not None else 'x-www-form-urlencoded'}"] if body else []
        )
        lines += [f"Authorization: JWT {self.token}"] if self.token else []
        with socket.create_connection((self.address.hostname, self.address.port), timeout=10) as line:
            line.sendall("\r\n".join([*lines, "", body or ""]).encode())
            while piece := line.recv(65536):
                kept += piece
        head, _, answer = kept.partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(answer)


@pytest.fixture
def edx_client():
    settings = Settings(portal="http://127.0.0.1:1", client_id=CLIENT, client_secret=SECRET)
    with running(settings) as simulator:
        edx_client = Http(simulator.address)
        secret = SECRET.replace(" ", "+").replace("0+", "0%2B")
        form = f"grant_type=client_credentials&client_id={CLIENT}&client_secret={secret}&token_type=jwt"
        code, said = edx_client.ask("POST", "/oauth2/access_token", form=form)
        assert (code, said["expires_in"] > 5) == (200, True)
        edx_client.token = said["access_token"]
        yield edx_client


def saved(edx_client):
    return edx_client.ask("POST", "/api/v1/exam/", EXAM)[1]["id"]


def registered(edx_client, exam):
    return edx_client.ask("POST", f"/api/v1/exam/{exam}/attempt/", PLACE)[1]["id"]


def test_configuration_and_software_address(edx_client):
    code, said = edx_client.ask("GET", "/api/v1/config/", language=True)
    assert (code, set(said)) == (200, {"name", "rules", "instructions", "download_url"})


def test_an_exam_is_saved_again_under_its_name_and_read(edx_client):
    exam = saved(edx_client)
    assert edx_client.ask("POST", f"/api/v1/exam/{exam}/", {**EXAM, "external_id": exam}) == (200, {"id": exam})
    assert edx_client.ask("GET", f"/api/v1/exam/{exam}/")[1]["name"] == "Ex"
    assert edx_client.ask("GET", "/api/v1/exam/7/") == (200, {})  # Its get_exam asks by the number of its own database.


def test_an_attempt_from_its_place_to_its_removal(edx_client):
    exam = saved(edx_client)
    attempt = registered(edx_client, exam)
    path = f"/api/v1/exam/{exam}/attempt/{attempt}/"
    code, said = edx_client.ask("GET", path, language=True)
    assert (code, said["id"], said["status"], len(said["instructions"])) == (200, attempt, "created", 3)
    for status in ("started", "error", "submitted"):
        assert edx_client.ask("PATCH", path, {"status": status}) == (200, {"id": attempt, "status": status})
    assert edx_client.ask("DELETE", path) == (200, {"status": "deleted"})
    assert edx_client.ask("DELETE", path)[0] == 404  # Which its client takes for removed.


def test_profiles_and_retirement(edx_client):
    registered(edx_client, saved(edx_client))
    place = "/api/v1/courses/course-v1:A+B+C/onboarding_statuses"
    code, said = edx_client.ask("GET", place)
    assert (code, said["count"], said["results"][0]["user_id"]) == (200, 1, "u" * 40)
    assert edx_client.ask("GET", f"{place}?user_id={'u' * 40}")[1]["status"] == "no-profile"
    assert edx_client.ask("GET", f"{place}?page=1&page_size=20&status=pending")[1]["results"] == []
    assert edx_client.ask("DELETE", f"/api/v1/user/{'u' * 40}/") == (200, True)
    assert edx_client.ask("DELETE", f"/api/v1/user/{'u' * 40}/") == (200, False)


def test_a_dashboard_asks_for_several_statuses_at_once_and_takes_one_answer_for_all_there_are(edx_client):
    exam, names = saved(edx_client), [f"{number:040x}" for number in range(30)]
    for name in names:
        said = {**PLACE, "user_id": name, "is_sample_attempt": True}
        attempt = edx_client.ask("POST", f"/api/v1/exam/{exam}/attempt/", said)[1]["id"]
    edx_client.ask("PATCH", f"/api/v1/exam/{exam}/attempt/{attempt}/", {"status": "submitted"})  # The last one's.

    def found(query):
        said = edx_client.ask("GET", f"/api/v1/courses/course-v1:A+B+C/onboarding_statuses?{query}")[1]
        return [one["user_id"] for one in said["results"]], said["count"], said["num_pages"]

    assert found("status=") == found("status=pending%2Cno-profile%2Cexpired") == (names, 30, 1)
    assert found("status=pending%2Cexpired") == ([names[-1]], 1, 1)
    assert found("page=2&page_size=20&status=no-profile") == (names[20:29], 29, 2)
    assert found("page=2&page_size=20&status=pending") == ([], 1, 1)


def test_pages_of_profiles_name_their_neighbours(edx_client):
    exam, place = saved(edx_client), "/api/v1/courses/course-v1:A+B+C/onboarding_statuses"
    for number in range(3):
        edx_client.ask("POST", f"/api/v1/exam/{exam}/attempt/", {**PLACE, "user_id": f"{number:040x}"})
    names, seen = f"{place}?page_size=1&status=no-profile", []
    while names:
        said = edx_client.ask("GET", names.removeprefix(f"http://{edx_client.address.netloc}"))[1]
        seen.append((said["results"][0]["user_id"][-1], said["previous"] is not None))
        names = said["next"]
    assert seen == [("0", False), ("1", True), ("2", True)]
