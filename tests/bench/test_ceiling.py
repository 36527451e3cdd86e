"""The bare server does every work with fixed SQL over the driver: SQLAlchemy is not even loaded where it answers."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bench import counting, data, works
from bench.__main__ import Place, keep_for_bare
from bench.data.sizes import Size
from portal import clock
from portal.db import db
from portal.models import Allowance, Attempt, HistoryEntry, OutboxMessage, Review, ReviewComment

SMALL = Size(
    exams=4, learners=12, attempts_each=2, running_share=0.8, questions=4, answers_each=2,
    warm_seconds=0, seconds=0,
)  # fmt: skip
ROOT = Path(__file__).parents[2]
#: Goes each journey in a process of its own; the last line says what was answered and what was loaded for it.
GO = """
import json, sys
from bench.ceiling.app import app
client, answered = app.test_client(use_cookies=False), {}
for name, journey in json.load(sys.stdin):
    went = ""
    for step in journey:
        reply = client.open(step["path"].replace("{went}", went), method=step["method"], headers=step["headers"],
                            data=step["body"].replace("{version}", "0").replace("{next}", "1"))
        went = reply.headers.get("Location", "")
        answered.setdefault(name, []).append([reply.status_code, step["expect"]])
print(json.dumps([answered, [name for name in sys.modules if "sqlalchemy" in name.lower()]]))
"""
WRITTEN = (Attempt, HistoryEntry, OutboxMessage, Allowance, Review, ReviewComment)


@pytest.fixture
def chosen(app, monkeypatch):
    """Every work on data of its own, a moment ago: the bare server knows no other clock than the real one."""
    monkeypatch.setattr(clock, "source", lambda: datetime.now(UTC))
    data.fill(SMALL, now=clock.now(), analyze=False)
    made = works.all_of(app, SMALL)
    db.session.remove()
    return made


@pytest.fixture
def plan(app, chosen, tmp_path):
    costs = {work.name: counting.count(app, work) for work in chosen}
    url = db.engine.url.render_as_string(hide_password=False)
    here = Place(folder=tmp_path, database_url=url, synchronous="OFF", worker="off", public_url="http://localhost")
    keep_for_bare(app, here, costs)
    db.session.remove()
    return tmp_path / "bare.json"


def go(plan: Path, journeys: list[tuple[str, works.Journey]]) -> tuple[dict[str, list[list[int]]], list[str]]:
    environment = {**os.environ, "BENCH_PLAN": str(plan), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", GO], input=json.dumps(journeys), env=environment, cwd=ROOT,
                          capture_output=True, text=True, check=True)  # fmt: skip
    answered, loaded = json.loads(done.stdout.splitlines()[-1])
    return answered, loaded


def bare(work: works.Work) -> works.Journey:
    first = work.journeys[0]
    return [{**first[0], "path": f"/replay/{work.name}"}] if work.ceiling == "replay" else first


def counted() -> list[int]:
    made = [db.session.scalar(select(func.count()).select_from(model)) for model in WRITTEN]
    db.session.rollback()
    return made


def test_every_work_is_answered_without_sqlalchemy_and_writes_what_the_portal_writes(chosen, plan):
    before = counted()
    answered, loaded = go(plan, [(work.name, bare(work)) for work in chosen])
    assert loaded == []
    assert list(answered) == [work.name for work in chosen]
    assert [one for steps in answered.values() for one in steps if one[0] != one[1]] == []
    written = [after - first for first, after in zip(before, counted(), strict=True)]
    assert written == [1, 6, 3, 1, 1, 3]
