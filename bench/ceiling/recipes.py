"""What the bare server writes: the inserts and updates that the portal sent, with places for what differs each time.

Made in the bench's own process out of what :mod:`bench.counting` noted. The text is made anew and plain: an insert of
the same columns, an update of the same columns in the row with this number, and nothing that looks whether it may.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.counting import Statement

#: (table, column) -> the name of what the request, or the statement before, says.
PLACES = {
    ("attempt", "ref"): "ref", ("attempt", "attempt_code"): "ref", ("attempt", "exam_id"): "exam",
    ("attempt", "exam_version_id"): "exam", ("attempt", "learner_id"): "me", ("history_entry", "by_id"): "me",
    ("answer", "question_id"): "question", ("answer", "value"): "value", ("answer", "version"): "version",
    ("allowance", "exam_id"): "exam", ("allowance", "learner_id"): "learner", ("allowance", "granted_by_id"): "me",
    ("delivery", "external_id"): "external", ("delivery", "body"): "body", ("review", "delivery_id"): "delivery",
    ("review_comment", "review_id"): "review", ("outbox_message", "key"): "key",
}  # fmt: skip
#: Whose new number later statements need.
NUMBERED = {"attempt", "delivery", "review"}
#: What the portal's update finds out by itself.
FOUND_OUT = {("delivery", "outcome"): "used"}
#: A second save of the same answer overwrites the first.
OVERWRITES = (
    " ON CONFLICT (attempt_id, question_id) DO UPDATE"
    " SET value = excluded.value, version = excluded.version, saved_at = excluded.saved_at"
)

PLACEHOLDER = re.compile(r"\?|%\((\w+)\)s")
INSERTED = re.compile(r'INSERT INTO "?(\w+)"? \(([^)]*)\) VALUES ')
UPDATED = re.compile(r'UPDATE "?(\w+)"? SET ')
#: An assignment has no spaces around its sign, a comparison has.
ASSIGNED = re.compile(r'"?(\w+)"?=(?=\S)')
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$")
A_SECOND = timedelta(seconds=1)


class CannotBeRepeated(Exception):
    """A statement of the portal has a form that is not known here."""


def recipe(statements: list[Statement], *, named: str) -> dict[str, Any]:
    """The writes among the statements of one request. ``named`` is how the driver writes a parameter's name."""
    writes = [part for sql, parameters in statements for part in _parts(sql, parameters)]
    now = next((moment for _, _, rows in writes for moment in map(_moment, rows[0].values()) if moment), None)
    times: dict[str, float] = {}
    made = [_write(sql_kind, table, [_relative(row, now, times) for row in rows], named)
            for sql_kind, table, rows in writes]  # fmt: skip
    return {"writes": made, "moments": times}


def _parts(sql: str, parameters: Any) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Kind, table and rows of a statement that writes."""
    many = parameters if isinstance(parameters, list) and parameters and not _is_plain(parameters[0]) else [parameters]
    if found := INSERTED.match(sql):
        columns = [name.strip(' "') for name in found[2].split(",")]
        yield "insert", found[1], [row for one in many for row in _inserted(sql[found.end() :], columns, one)]
    elif found := UPDATED.match(sql):
        yield "update", found[1], [_updated(sql, found[1], one) for one in many]
    elif not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "SET ")):
        raise CannotBeRepeated(sql)


def _is_plain(value: object) -> bool:
    return not isinstance(value, tuple | list | dict)


def _values(sql: str, parameters: Any) -> list[Any]:
    """In the order of the text."""
    if isinstance(parameters, dict):
        return [parameters[found[1]] for found in PLACEHOLDER.finditer(sql)]
    return list(parameters)


def _inserted(sql: str, columns: list[str], parameters: Any) -> Iterator[dict[str, Any]]:
    values, width = _values(sql, parameters), len(columns)
    if not values or len(values) % width:
        raise CannotBeRepeated(sql)
    for at in range(0, len(values), width):
        yield {name: _plain(value) for name, value in zip(columns, values[at : at + width], strict=True)}


def _updated(sql: str, table: str, parameters: Any) -> dict[str, Any]:
    values, row = _values(sql, parameters), {}
    for found in ASSIGNED.finditer(sql):
        if PLACEHOLDER.match(sql, found.end()):
            before = sum(1 for _ in PLACEHOLDER.finditer(sql, 0, found.end()))
            row[found[1]] = _plain(values[before])
        elif (table, found[1]) in FOUND_OUT:
            row[found[1]] = FOUND_OUT[table, found[1]]
        else:
            raise CannotBeRepeated(sql)
    return row


def _plain(value: Any) -> Any:
    """As JSON can say it: words for enums, text for JSON columns."""
    if hasattr(value, "obj"):  # psycopg's wrapping of what goes into a JSON column
        return json.dumps(value.obj)
    return value


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str) and MOMENT.match(value):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value if isinstance(value, datetime) else None


def _relative(row: dict[str, Any], now: datetime | None, times: dict[str, float]) -> dict[str, Any]:
    """The row, with ``:now_…`` for the moments that move with the request, and text for those that do not."""
    made = dict(row)
    for column, value in row.items():
        at = _moment(value)
        if at is None or now is None:
            continue
        apart = at - now
        seconds = 0 if abs(apart) < A_SECOND else round(apart.total_seconds())
        if seconds == 0 or apart % A_SECOND == timedelta():
            times[f"now_{seconds}"] = seconds
            made[column] = f":now_{seconds}"
        else:
            made[column] = str(value)
    return made


def _write(kind: str, table: str, rows: list[dict[str, Any]], named: str) -> dict[str, Any]:
    """One statement and its rows; in a row is only what stays the same each time."""
    if table == "outbox_message" and kind == "insert":  # Nobody shall send what the bare server says.
        rows = [{**row, "done_at": row["created_at"]} for row in rows]
    names = {column: _name(table, column, value) for column, value in rows[0].items()}
    put = {column: named.format(name) for column, name in names.items()}
    if kind == "insert":
        sql = f'INSERT INTO "{table}" ({", ".join(_quoted(put))}) VALUES ({", ".join(put.values())})'
        sql += OVERWRITES if table == "answer" else ""
        sql += " RETURNING id" if table in NUMBERED else ""
    else:
        pairs = ", ".join(f"{column} = {value}" for column, value in zip(_quoted(put), put.values(), strict=True))
        sql = f'UPDATE "{table}" SET {pairs} WHERE id = {named.format(table)}'
    fixed = [{name: row[column] for column, name in names.items() if name.startswith("is_")} for row in rows]
    return {"kind": kind, "table": table, "sql": sql, "rows": fixed}


def _quoted(columns: dict[str, str]) -> list[str]:
    return [f'"{column}"' for column in columns]


def _name(table: str, column: str, value: Any) -> str:
    """Of the parameter: ``is_…`` for what is always the same."""
    if isinstance(value, str) and value.startswith(":now_"):
        return value[1:]
    place = "attempt" if column == "attempt_id" else PLACES.get((table, column))
    return place if place and value is not None else f"is_{column}"
