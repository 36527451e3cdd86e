"""``python3 dev.py bench inside``: processor time of each kind of work in this process, without server and load.

One request after the other, so that nothing else is measured: for comparing two states of the code. The fastest fifth
is printed beside the median, because what slows a machine down only ever adds.
"""

import argparse
import cProfile
import json
import pstats
import statistics
import time
from contextlib import nullcontext
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.__main__ import NAMES, Place, place, prepare, say
from bench.data.sizes import QUICK
from bench.works import Journey, Step, Work

WARM = 20


class Walker:
    """Goes journeys of one kind, and knows what the answers before said."""

    def __init__(self, app: Flask, work: Work) -> None:
        self._app, self._work = app, work
        self._versions: dict[str, int] = {}

    def go(self, journey: Journey, profile: cProfile.Profile | None = None) -> float:
        """Processor seconds."""
        went, spent = "", 0.0
        for step in journey:
            environment = self._environment(step, went)
            with profile or nullcontext():
                began = time.process_time()
                parts, status, headers = run_wsgi_app(self._app.wsgi_app, environment, buffered=True)
                spent += time.process_time() - began
            if int(status.split()[0]) != step["expect"]:
                raise RuntimeError(f"{self._work.name} was answered {status} at {step['path']}.")
            went = headers.get("Location", "").rstrip("/")
            if self._work.gives_versions:
                self._versions[step["path"]] = json.loads(b"".join(parts))["version"]
        return spent

    def _environment(self, step: Step, went: str) -> dict[str, Any]:
        version = self._versions.get(step["path"], 0)
        body = step["body"].replace("{version}", str(version)).replace("{next}", str(version + 1))
        path, _, query = step["path"].replace("{went}", went).partition("?")
        asked = EnvironBuilder(
            method=step["method"], path=path, query_string=query, headers=step["headers"], data=body.encode()
        )
        return asked.get_environ()


def measure(app: Flask, work: Work, number: int, profile: cProfile.Profile | None = None) -> list[float]:
    """Processor seconds of each journey, after some to warm up."""
    walker, journeys = Walker(app, work), work.journeys[: number + WARM]
    warm = min(WARM, len(journeys) // 4)
    for journey in journeys[:warm]:
        walker.go(journey)
    rest = journeys[warm:]
    if not work.is_once:
        rest = (rest * (number // max(1, len(rest)) + 1))[:number]
    return [walker.go(journey, profile) for journey in rest]


def run(asked: argparse.Namespace, here: Place) -> None:
    app = here.app()
    for work in prepare(app, QUICK):
        if asked.name and work.name not in asked.name:
            continue
        profile = cProfile.Profile() if asked.profile else None
        spent = measure(app, work, asked.number, profile)
        fifth = statistics.quantiles(spent, n=5)[0]
        say(f"{work.title:34} {1000 * fifth:6.2f} ms, median {1000 * statistics.median(spent):6.2f} of {len(spent)}")
        if profile is not None:
            calls = pstats.Stats(profile)
            say(f"{calls.total_calls / len(spent):,.0f} calls of Python functions each")  # type: ignore[attr-defined]
            calls.sort_stats("cumulative").print_stats(60)


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench inside", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"only these of: {', '.join(NAMES)}")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--number", type=int, default=280, help="how many of each")
    parser.add_argument("--profile", action="store_true", help="where the time goes, too; it takes twice as long then")
    asked = parser.parse_args(words)
    asked.synchronous, asked.worker, asked.port = "NORMAL", "off", 5071
    with place(asked) as here:
        run(asked, here)
