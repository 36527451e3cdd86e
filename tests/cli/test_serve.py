"""The whole portal started as a person would start it: a process of its own, on a fresh folder."""

import json
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from portal import create_app
from portal.db import db, upgrade
from tests.conftest import SETTINGS

ROOT = Path(__file__).parent.parent.parent


def start(folder: Path, *words: str, **settings: str) -> subprocess.Popen[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve", *words],
        cwd=ROOT,
        env={**inherited, "PORTAL_DATA": str(folder), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def until_ready(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Its address, and everything it said until then."""
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"ready at (http://\S+)", line):
            return found[1], said
    raise AssertionError(said)


def stop(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGINT)
    process.stdout.read()
    process.stdout.close()
    return process.wait(20)


def test_a_fresh_folder_becomes_a_portal_with_a_demo(tmp_path):
    process = start(tmp_path, "--port", "0")
    address, said = until_ready(process)
    with urllib.request.urlopen(f"{address}status") as answer:
        assert json.loads(answer.read()) == {"status": "ok", "attempts_open_past_hard_stop": 0}
    with urllib.request.urlopen(f"{address}signin") as answer:
        assert b"Sign in" in answer.read()
    stop(process)
    assert "learner@example.org" in said
    assert (tmp_path / "portal.sqlite").exists()


def test_two_first_starts_on_one_empty_folder_both_work(tmp_path):
    both = [start(tmp_path, "--port", "0") for _ in range(2)]
    try:
        told = [until_ready(process) for process in both]
        assert all("learner@example.org" in said and "Traceback" not in said for _, said in told)
        pages = [urllib.request.urlopen(f"{address}signin").read() for address, _ in told]
        assert all(b"<!doctype" in page for page in pages)
    finally:
        for process in both:
            stop(process)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"PORTAL_DATA": "/dev/null/folder"}, "cannot be made"),
        ({"PORTAL_ENV": "production"}, "PORTAL_PUBLIC_URL"),
        (
            {"PORTAL_ENV": "production", "PORTAL_PUBLIC_URL": "https://exams.example.edu"},
            "Set PORTAL_PROXIES to how many",
        ),
    ],
)
def test_settings_that_hinder_it_are_one_plain_line(tmp_path, monkeypatch, settings, says):
    for name, value in {"PORTAL_DATA": str(tmp_path), **settings}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=says) as end:
        runpy.run_path(str(ROOT / "wsgi.py"))
    assert "\n" not in str(end.value)


def refused(folder: Path, *words: str, **settings: str) -> str:
    """What the command says when it does not start."""
    app = create_app(**{**SETTINGS, "DATA": str(folder), **settings})
    done = app.test_cli_runner().invoke(args=["serve", *words])
    assert done.exit_code == 1
    return done.output


def test_a_busy_port_is_one_plain_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(tmp_path, "--port", str(port))
    assert said == f"Error: Cannot use port {port}: Address already in use. Choose another with --port.\n"


def test_a_database_out_of_reach_is_one_plain_line(tmp_path):
    said = refused(tmp_path, "--port", "0", DATABASE_URL="sqlite:////dev/null/portal.sqlite")
    why = "unable to open database file. Does it run, and is PORTAL_DATABASE_URL right?"
    assert said == f"Error: The portal cannot use the database: {why}\n"


def test_the_tables_of_a_newer_version_are_one_plain_line(tmp_path):
    newer = create_app(**{**SETTINGS, "DATA": str(tmp_path)})
    with newer.app_context():
        upgrade.upgrade()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_later'")
    said = refused(tmp_path, "--port", "0")
    assert said.startswith("Error: The portal cannot use the database: a newer version of the portal")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--port", "70000"), "0<=x<=65535"),
        (("--processes", "0"), "x>=1"),
        (("--threads", "0"), "x>=1"),
    ],
)
def test_numbers_that_cannot_be_are_refused(app, words, says):
    done = app.test_cli_runner().invoke(args=["serve", *words])
    assert (done.exit_code, says in done.output) == (2, True)


def test_an_address_of_another_machine_is_one_plain_line(tmp_path):
    said = refused(tmp_path, "--port", "0", "--host", "192.0.2.1")
    assert (
        said == "Error: Cannot use the address 192.0.2.1: it is none of this machine's. Choose another with --host.\n"
    )


def test_another_data_folder_than_the_environments_is_refused(tmp_path):
    assert "PORTAL_DATA" in refused(tmp_path, "--port", "0", "--data", str(tmp_path / "other"))


def test_what_only_migrations_need_is_not_carried_by_a_server(tmp_path):
    said = subprocess.run(
        [sys.executable, "-c", "import sys, wsgi; print(sorted({'alembic', 'mako', 'pytest'} & set(sys.modules)))"],
        cwd=ROOT,
        env={**os.environ, "PORTAL_DATA": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout == "[]\n"
