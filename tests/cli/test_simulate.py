"""``flask simulate-provider``: a provider in a process of its own, and every misbehaviour by an option."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from portal.simulator.settings import MISBEHAVIOURS

ROOT = Path(__file__).parent.parent.parent
WORDS = ("--portal", "http://127.0.0.1:1", "--client-id", "pair", "--port", "0")
SECRET = "one secret for both directions of 40+"


@pytest.fixture
def simulator():
    """Misbehaves in every way at once, and has its secret from standard input."""
    misbehaving = [word for how in MISBEHAVIOURS for word in ("--misbehave", how)]
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "simulate-provider", *WORDS, "--client-secret-stdin",
         "--ready-after", "0.5", "--review-after", "3", "--review", "suspicious", *misbehaving],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    process.stdin.write(f"{SECRET}\n")
    process.stdin.close()
    said = process.stdout.readline()
    yield re.search(r"http://\S+", said)[0].rstrip("/")
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    process.stdout.close()


def test_every_option_reaches_the_provider(simulator):
    said = requests.post(f"{simulator}/settings", json={}, timeout=10).json()
    assert said["misbehave"] == sorted(MISBEHAVIOURS)
    asked = {"grant_type": "client_credentials", "client_id": "pair", "client_secret": SECRET, "token_type": "jwt"}
    assert "access_token" in requests.post(f"{simulator}/oauth2/access_token", data=asked, timeout=10).json()
    page = requests.get(simulator, timeout=10).text
    assert SECRET not in page
    assert "suspicious" in page


def test_the_help_names_every_misbehaviour(app):
    help_text = app.test_cli_runner().invoke(args=["simulate-provider", "--help"]).output
    assert all(how in help_text.replace("\n", "").replace(" ", "") for how in MISBEHAVIOURS)


def test_a_misbehaviour_that_does_not_exist(app):
    words = (*WORDS, "--client-secret", SECRET, "--misbehave", "dance")
    assert app.test_cli_runner().invoke(args=["simulate-provider", *words]).exit_code == 2


def test_a_secret_is_needed(app):
    done = app.test_cli_runner().invoke(args=["simulate-provider", *WORDS])
    assert (done.exit_code, "--client-secret-stdin" in done.output) == (2, True)
