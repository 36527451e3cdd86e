"""``python3 dev.py bench hall SCENE``: an exam hall of 1,500 learners through what is hard on a server.

ends: 500 exams end in one second while the others continue. held: half-sent requests and slow uploads beside 20 people.
hour: a gentle hour. idle: thousands of connections on which nobody asks. starts: 1,000 begin and start in ten seconds.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path

from flask import Flask

from bench import data, report, servers, works
from bench.data.sizes import Size
from bench.hall import scenes
from bench.hall.crowd import Seat
from bench.hall.lines import Line
from bench.servers import ROOT, Shape
from portal import clock
from portal.db import db, upgrade
from portal.server.listening import raise_file_limit

HALL = Size(
    exams=20, learners=1_500, attempts_each=1, running_share=1.0, questions=20, answers_each=8,
    warm_seconds=0, seconds=0,
)  # fmt: skip
SCENES = {
    "ends": scenes.ends, "held": scenes.held, "hour": scenes.hour, "idle": scenes.idle, "starts": scenes.starts,
}  # fmt: skip


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench hall", description=__doc__)
    parser.add_argument("scene", nargs="+", choices=sorted(SCENES))
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--processes", type=int, default=1, help="that answer requests (default 1, as `run`)")
    parser.add_argument("--threads", type=int, default=4, help="of each process (default 4, as `run`)")
    parser.add_argument("--port", type=int, default=5072)
    parser.add_argument("--beside", type=Path, metavar="FOLDER", help="then the same with the portal of this folder")
    parser.add_argument("--learners", type=int, default=HALL.learners, help="in the hall (default 1,500); for hour")
    parser.add_argument("--minutes", type=float, default=3, help="how long the hour takes (default 3), at full rate")
    where = "of the data: on a memory disk the disk has no part in what is measured"
    parser.add_argument("--folder", type=Path, default=ROOT / ".cache", help=where)
    return parser.parse_args(words)


@contextmanager
def place(asked: argparse.Namespace, code: Path) -> Iterator[scenes.Hall]:
    """A portal of ``code`` with its hall, and everything gone afterwards."""
    from bench.__main__ import Place, database

    folder = Path(tempfile.mkdtemp(prefix="hall-", dir=asked.folder))
    shape = Shape(processes=asked.processes, threads=asked.threads, port=asked.port)
    with ExitStack() as around:
        around.callback(shutil.rmtree, folder, ignore_errors=True)
        url = around.enter_context(database(asked.database, folder))
        here = Place(folder=folder, database_url=url, synchronous="FULL", worker="on", public_url=shape.url)
        app = here.app()
        seats = fill(app, asked.port, replace(HALL, learners=asked.learners))
        server = around.enter_context(servers.portal(shape, here.environment(), code=code))
        yield scenes.Hall(app=app, server=server, seats=seats, minutes=asked.minutes)


def fill(app: Flask, port: int, hall: Size) -> list[Seat]:
    with app.app_context():
        upgrade.upgrade()
        data.fill(hall, now=clock.now())
        people = works.People(app, data.learners_of(hall))
        seats = [_seat(people(id), id, port, hall) for id in data.learners_of(hall)]
        db.session.remove()
        db.engine.dispose()
    return seats


def _seat(person: works.Person, learner: int, port: int, hall: Size) -> Seat:
    ref = data.ref_of(data.attempt_id_of(learner, 0, hall))
    question = (data.exam_of(learner, 0, hall) - 1) * hall.questions + 1
    line = Line(port, person.cookie, person.token, host=f"127.0.{learner // 200 + 1}.{learner % 200 + 1}")
    at = f"/attempts/{ref}"
    return Seat(
        line=line, clock=f"{at}/clock.json?rev=1", answer=f"{at}/answers/{question}", receipt=f"{at}/status",
        begin=f"/exams/exam-{data.exam_of(learner, 1, hall)}/begin",
    )  # fmt: skip


def main(words: list[str]) -> None:
    asked = arguments(words)
    raise_file_limit()
    print(report.machine())
    print(f"{asked.database}, {asked.processes} processes of {asked.threads} threads")
    folders = [ROOT, *([asked.beside.resolve()] if asked.beside else [])]
    for name, code in product(asked.scene, folders):
        with place(asked, code) as hall:
            print(f"{name}, {'this portal' if code == ROOT else code}:", flush=True)
            asyncio.run(SCENES[name](hall))


if __name__ == "__main__":
    main(sys.argv[1:])
