"""edX's own client for providers, without a special option, against the portal: token, ready, reviewed."""

import pytest
from edx_proctoring.statuses import ProctoredExamStudentAttemptStatus as S
from edx_rest_api_client.client import OAuthAPIClient
from running import CLIENT, OUTCOMES, SECRET, Commands, Learner, state

COURSE, EMAIL, PASSWORD = "course-v1:Org+C1+run", "ada@example.edu", "seven small boats 2026"
#: The address that edX's views have, and the one that its documentation gives.
PLACES = ("/api/edx_proctoring/v1/proctored_exam/attempt", "/api/v1/edx_proctoring/proctored_exam/attempt")
SECTIONS = "".join(f'<sequential url_name="{word}"/>' for word in OUTCOMES)
EXPORT = {
    "course.xml": '<course url_name="run" org="Org" course="C1"/>',
    "course/run.xml": '<course display_name="A course" proctoring_provider="acme"><chapter url_name="ch"/></course>',
    "chapter/ch.xml": f"<chapter>{SECTIONS}</chapter>",
    "vertical/unit.xml": '<vertical display_name="Unit"><problem url_name="word"/></vertical>',
    "problem/word.xml": '<problem><stringresponse answer="yes"><textline label="Say it."/></stringresponse></problem>',
} | {
    f"sequential/{word}.xml": f'<sequential display_name="{word}" is_time_limited="true" is_proctored_enabled="true"'
    ' default_time_limit_minutes="30"><vertical url_name="unit"/></sequential>'
    for word in OUTCOMES
}


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    commands = Commands(tmp_path_factory.mktemp("portal"))
    yield commands
    commands.stop()


@pytest.fixture(scope="module")
def portal(commands):
    return commands.start("serve", "--port", 0)


@pytest.fixture(scope="module")
def simulator(commands, portal, tmp_path_factory):
    """The portal knows it, a course with an exam for each word that a report may say, and a learner."""
    address, folder = commands.simulator(portal), tmp_path_factory.mktemp("export")
    words = ["--kind", "rest", "--base-url", address, "--client-id", CLIENT, "--client-secret-stdin"]
    commands.run("provider", "add", "acme", *words, typed=f"{SECRET}\n")
    commands.run("client", "add", CLIENT, "--provider", "acme", "--secret-stdin", typed=f"{SECRET}\n")
    for name, text in EXPORT.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    commands.run("course", "import", folder)
    commands.run("people", "add", EMAIL, "Ada", "--password", PASSWORD)
    commands.run("course", "enrol", COURSE, EMAIL)
    return address


@pytest.fixture(scope="module")
def learner(portal, simulator):
    return Learner(portal, EMAIL, PASSWORD)


@pytest.mark.parametrize("word", OUTCOMES)
def test_token_ready_reviewed(portal, simulator, learner, word):
    """In the portal each word has the outcome that it has in edX's own views: ``test_platform.py``."""
    home = learner.press(f"{learner.exams()[word]}begin").removeprefix(portal)
    poll = f"/api/edx_proctoring/v1/proctored_exam/attempt/{home.strip('/').rpartition('/')[2]}"
    client, name = OAuthAPIClient(portal, CLIENT, SECRET), state(simulator)["attempts"][-1]["id"]
    place = f"{portal}{PLACES[list(OUTCOMES).index(word) % 2]}/{name}"
    assert learner.read(poll)["status"] == S.created
    assert client.post(f"{place}/ready", json={"status": "ready"}).json() == "OK"
    assert learner.read(poll)["status"] == S.ready_to_start
    for button, said in (("rules", {"read": "yes"}), ("start", {}), ("submit", {"sure": "yes"})):
        learner.press(f"{home}{button}", **said)
    assert learner.read(poll)["status"] == S.submitted
    seen = {"comment": "A second voice", "status": "unknown", "start": 123, "stop": 144}
    assert client.post(f"{place}/reviewed", json={"status": word, "comments": [seen]}).json() == "OK"
    assert learner.read(poll)["status"] == OUTCOMES[word]


def test_what_is_not_its_own_is_refused_in_words(portal, simulator):
    client = OAuthAPIClient(portal, CLIENT, SECRET)
    answer = client.post(f"{portal}{PLACES[0]}/of-nobody/ready", json={"status": "ready"})
    assert (answer.status_code, list(answer.json())) == (404, ["detail"])
