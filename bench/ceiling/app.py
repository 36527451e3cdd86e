"""The bare server: Flask for addresses and the signed cookie, and SQL that is always the same text.

``/ok`` is the framework alone, ``clock`` one query behind a signed cookie. The other reads repeat the portal's own
statements and answer with as many bytes; the writes make the portal's own inserts and updates, without any check.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import Flask, Response, request, session
from flask.typing import ResponseReturnValue

from bench.ceiling.driver import NAMED, Driver, kind_of
from bench.ceiling.writing import Recipe

PLAN: dict[str, Any] = json.loads(Path(os.environ["BENCH_PLAN"]).read_text())
database = Driver(PLAN["database_url"], synchronous=PLAN["synchronous"])
RECIPES = {name: [Recipe(step, database) for step in steps] for name, steps in PLAN["recipes"].items()}
BODIES = {name: b"x" * wanted["bytes"] for name, wanted in PLAN["replays"].items()}
app = Flask(__name__)
app.config.update(SECRET_KEY=PLAN["secret_key"], SESSION_COOKIE_NAME=PLAN["cookie"])


def _sql(text: str) -> str:
    """With its one parameter, ``@``, as the driver writes it."""
    return text.replace("@", NAMED[kind_of(PLAN["database_url"])].format("it"))


CLOCK = _sql(
    "SELECT id, status, is_paused, own_seconds, revision, started_at, deadline_at, hard_stop_at, paused_at, saved_at"
    " FROM attempt WHERE ref = @"
)
MOMENTS = ("started_at", "deadline_at", "hard_stop_at", "paused_at", "saved_at")
ATTEMPT = _sql("SELECT id FROM attempt WHERE ref = @")
ANSWERS = _sql("SELECT id FROM answer WHERE attempt_id = @")
EXAM = _sql("SELECT id FROM exam WHERE slug = @")
LEARNER = _sql('SELECT id FROM "user" WHERE lower(email) = @')
EXTERNAL = _sql(f"SELECT id FROM attempt WHERE provider_slug = '{PLAN['provider']}' AND external_id = @")


def me() -> int:
    return int(session["_user_id"].split(".")[0])


def the(sql: str, it: str) -> int:
    """The number of the one row that is named so."""
    return int(database.read(sql, {"it": it})[0][0])


def as_json(said: dict[str, Any] | str) -> Response:
    return Response(json.dumps(said), mimetype="application/json")


@app.get("/ok")
def ok() -> ResponseReturnValue:
    return "ok"


@app.get("/attempts/<ref>/clock.json")
def clock(ref: str) -> ResponseReturnValue:
    """One query for a person whom the signed cookie names."""
    me()
    id, status, is_paused, own_seconds, revision, *moments = database.read(CLOCK, {"it": ref})[0]
    told = {name: str(at) if at else None for name, at in zip(MOMENTS, moments, strict=True)}
    return as_json({**told, "id": id, "state": status, "paused": bool(is_paused), "own_ms": own_seconds * 1000,
                    "rev": revision})  # fmt: skip


@app.get("/replay/<work>")
def replay(work: str) -> ResponseReturnValue:
    """The statements that the portal sent for this page, for one and the same person."""
    session.get("_user_id")
    for sql, parameters in PLAN["replays"][work]["statements"]:
        database.read(sql, parameters)
    return Response(BODIES[work], mimetype="text/html")


@app.post("/attempts/<ref>/answers/<int:question_id>")
def save(ref: str, question_id: int) -> ResponseReturnValue:
    said = request.get_json()
    version = said["version"] + 1
    places = {"me": me(), "attempt": the(ATTEMPT, ref), "question": question_id, "version": version,
              "value": json.dumps(said["value"])}  # fmt: skip
    RECIPES["autosave"][0].write(places)
    return as_json({"version": version})


@app.post("/exams/<slug>/begin")
def begin(slug: str) -> ResponseReturnValue:
    """In the bench's data a version of an exam has the exam's number."""
    ref = token_hex(8)
    RECIPES["create"][0].write({"me": me(), "exam": the(EXAM, slug), "ref": ref})
    return "", 303, {"Location": f"/attempts/{ref}"}


@app.post("/attempts/<ref>/start")
def start(ref: str) -> ResponseReturnValue:
    RECIPES["create"][1].write({"me": me(), "attempt": the(ATTEMPT, ref)})
    return "", 303


@app.post("/attempts/<ref>/submit")
def hand_in(ref: str) -> ResponseReturnValue:
    attempt = the(ATTEMPT, ref)
    answers = [row[0] for row in database.read(ANSWERS, {"it": attempt})]
    RECIPES["submit"][0].write({"me": me(), "attempt": attempt}, answers)
    return "", 303


@app.post("/teach/courses/<slug>/allowances/new")
def grant(slug: str) -> ResponseReturnValue:
    said = request.form
    places = {"me": me(), "exam": the(EXAM, said["exam"]), "learner": the(LEARNER, said["email"])}
    RECIPES["allowance"][0].write(places)
    return "", 303


def _callback(work: str) -> Callable[[str], ResponseReturnValue]:
    def answer(external_id: str) -> ResponseReturnValue:
        places = {"attempt": the(EXTERNAL, external_id), "external": external_id}
        RECIPES[work][0].write({**places, "body": request.get_data(as_text=True)})
        return as_json("OK")

    return answer


for name in ("ready", "reviewed"):
    place = f"/api/edx_proctoring/v1/proctored_exam/attempt/<external_id>/{name}"
    app.add_url_rule(place, name, _callback(name), methods=["POST"])
