"""The portal and its simulated provider as processes, started and spoken to as anybody would: commands and pages."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[2]
CLIENT, SECRET = "pair", "one secret for both directions of 40+"
#: What a provider's report may say -> what becomes of the attempt, in edX's own views and in the portal.
OUTCOMES = {
    "passed": "verified",
    "violation": "second_review_required",
    "suspicious": "second_review_required",
    "not_reviewed": "error",
}
ADDRESS = re.compile(r"http://[\d.]+:\d+")
EXAM = re.compile(r'<a href="(/exams/[^"]+)"><bdi>([^<]+)</bdi>')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SECONDS = 60


class Commands:
    """``python3 dev.py flask …`` with one data folder, which nobody else uses."""

    def __init__(self, data: Path) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        self._environment = {**inherited, "PORTAL_DATA": str(data), "PORTAL_DEMO": "false"}
        self._log = data / "log"
        self._running: list[subprocess.Popen[str]] = []

    def run(self, *words: object, typed: str = "") -> str:
        """A command that ends; ``typed`` is its standard input."""
        options = {"cwd": ROOT, "env": self._environment, "input": typed, "capture_output": True, "text": True}
        done = subprocess.run(self._words(words), timeout=SECONDS, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *words: object, typed: str = "") -> str:
        """A command that stays, until the end of the tests; the address that it says it is ready at."""
        with self._log.open("a") as log:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log, "text": True}
            started = subprocess.Popen(
                self._words(words), cwd=ROOT, env=self._environment, start_new_session=True, **pipes
            )
        self._running.append(started)
        started.stdin.write(typed)
        started.stdin.close()
        for line in started.stdout:
            if " is ready" in line:
                return ADDRESS.search(line)[0]
        raise AssertionError(self._log.read_text())

    def simulator(self, portal: str) -> str:
        """The address of a simulated provider that says nothing by itself: a test presses its buttons."""
        patient = ["--ready-after", 3600, "--review-after", 3600]
        words = ["--portal", portal, "--client-id", CLIENT, "--client-secret-stdin", "--port", 0, *patient]
        return self.start("simulate-provider", *words, typed=f"{SECRET}\n")

    def stop(self) -> None:
        for process in self._running:
            os.killpg(process.pid, signal.SIGTERM)
            process.stdout.read()
            process.stdout.close()
            process.wait(SECONDS)

    @staticmethod
    def _words(words: tuple[object, ...]) -> list[str]:
        return [sys.executable, "dev.py", "flask", *map(str, words)]


class Learner:
    """Somebody's browser, as far as forms go."""

    def __init__(self, portal: str, email: str, password: str) -> None:
        self._portal, self._session = portal, requests.Session()
        said = {"email": email, "password": password, "csrf_token": self._token("/signin")}
        assert self._session.post(f"{portal}/signin", said, allow_redirects=False, timeout=SECONDS).status_code == 303

    def press(self, path: str, **said: str) -> str:
        """Press a button; where it leads."""
        form = {**said, "csrf_token": self._token("/me/settings")}
        answer = self._session.post(f"{self._portal}{path}", form, allow_redirects=False, timeout=SECONDS)
        assert answer.status_code == 303, (answer.status_code, re.findall(r"<h1>.*?</p>", answer.text, re.DOTALL))
        return answer.headers["Location"]

    def exams(self) -> dict[str, str]:
        """The page of each exam, by its name."""
        return {name: path for path, name in EXAM.findall(self._get("/me/exams/").text)}

    def read(self, path: str) -> Any:
        return self._get(path).json()

    def _token(self, path: str) -> str:
        return TOKEN.search(self._get(path).text)[1]

    def _get(self, path: str) -> requests.Response:
        return self._session.get(f"{self._portal}{path}", timeout=SECONDS)


def tell(simulator: str, path: str, **said: object) -> Any:
    """Press a button of the simulated provider; it has been done when this returns."""
    answer = requests.post(f"{simulator}{path}", json=said, timeout=SECONDS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def state(simulator: str) -> Any:
    return requests.get(f"{simulator}/state", timeout=SECONDS).json()
