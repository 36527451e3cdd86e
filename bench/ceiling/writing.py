"""Carries a recipe out: one transaction of the statements that the portal sent, filled with what this request says."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle
from secrets import token_hex
from typing import Any

from bench.ceiling.driver import Driver

Places = dict[str, Any]


class Recipe:
    """What one request writes."""

    def __init__(self, plan: dict[str, Any], database: Driver) -> None:
        self._writes: list[dict[str, Any]] = plan["writes"]
        self._moments = {name: timedelta(seconds=seconds) for name, seconds in plan["moments"].items()}
        self._database = database

    def write(self, places: Places, answers: Sequence[int] = ()) -> None:
        """All of it. ``answers`` are the rows that are marked, where any are."""
        now, said = datetime.now(UTC), self._database.said
        filled = {**places, **{name: said(now + after) for name, after in self._moments.items()}}
        with self._database.writing() as cursor:
            for one in self._writes:
                _carry_out(cursor, one, filled, answers)


def _carry_out(cursor: Any, write: dict[str, Any], places: Places, answers: Sequence[int]) -> None:
    """Where it gives a row its number, the statements that follow find it under the table's name."""
    rows = _rows(write, places, answers)
    if len(rows) > 1:
        cursor.executemany(write["sql"], rows)
    elif rows:
        cursor.execute(write["sql"], rows[0])
    if write["kind"] == "insert" and write["sql"].endswith("RETURNING id"):
        places[write["table"]] = cursor.fetchone()[0]


def _rows(write: dict[str, Any], places: Places, answers: Sequence[int]) -> list[Places]:
    if write["table"] == "answer" and write["kind"] == "update":
        return [{**row, **places, "answer": id} for row, id in zip(cycle(write["rows"]), answers, strict=False)]
    token = token_hex(8) if write["table"] == "outbox_message" else ""
    return [{**row, **places, "key": f"{token}.{number}"} for number, row in enumerate(write["rows"])]
