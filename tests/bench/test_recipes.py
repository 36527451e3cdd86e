"""The bare server's writes are the portal's own, with places for what differs and without what it looks at."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.ceiling.recipes import CannotBeRepeated, recipe

NOON = "2026-11-30 12:00:00.000000"


def only(sql: str, parameters: object, named: str = ":{}") -> dict:
    (write,) = recipe([(sql, parameters)], named=named)["writes"]
    return write


def test_an_insert_keeps_its_columns_and_gets_places():
    made = only("INSERT INTO history_entry (attempt_id, to_status, by_id, reason) VALUES (?, ?, ?, ?) RETURNING id",
                (7, "started", 3, ""))  # fmt: skip
    assert made["sql"] == (
        'INSERT INTO "history_entry" ("attempt_id", "to_status", "by_id", "reason")'
        " VALUES (:attempt, :is_to_status, :me, :is_reason)"
    )
    assert made["rows"] == [{"is_to_status": "started", "is_reason": ""}]


def test_who_is_nobody_stays_nobody():
    made = only("INSERT INTO history_entry (attempt_id, by_id) VALUES (?, ?)", (7, None))
    assert made["rows"] == [{"is_by_id": None}]


def test_an_update_looks_for_nothing_but_its_row():
    sql = "UPDATE attempt SET status=%(status)s, version=%(v)s::INTEGER WHERE attempt.id = %(i)s AND version = %(w)s"
    made = only(sql, {"status": "started", "v": 2, "i": 7, "w": 1}, "%({})s")
    assert (
        made["sql"]
        == 'UPDATE "attempt" SET "status" = %(is_status)s, "version" = %(is_version)s WHERE id = %(attempt)s'
    )
    assert made["rows"] == [{"is_status": "started", "is_version": 2}]


def test_what_the_portal_finds_out_in_an_update_is_given():
    sql = "UPDATE delivery SET outcome=CASE WHEN (a = ?) THEN ? ELSE ? END, answered=? WHERE delivery.id = ?"
    assert only(sql, (1, "repeated", "used", 200, 5))["rows"] == [{"is_outcome": "used", "is_answered": 200}]


def test_many_rows_are_one_statement():
    made = only("UPDATE answer SET points=? WHERE answer.id = ?", [(100, 1), (None, 2)])
    assert made["sql"] == 'UPDATE "answer" SET "points" = :is_points WHERE id = :answer'
    assert made["rows"] == [{"is_points": 100}, {"is_points": None}]


def test_moments_move_with_the_request_or_stay():
    now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    row = {"at": now, "ends": now + timedelta(hours=3), "closes": now + timedelta(days=7, milliseconds=3)}
    sql = "UPDATE attempt SET started_at=%(at)s, deadline_at=%(ends)s, window_closes_at=%(closes)s WHERE id = %(i)s"
    made = recipe([(sql, {**row, "i": 1})], named="%({})s")
    assert made["moments"] == {"now_0": 0, "now_10800": 10800}
    assert made["writes"][0]["rows"] == [{"is_window_closes_at": "2026-12-07 12:00:00.003000+00:00"}]


def test_what_the_bare_server_leaves_in_the_outbox_is_done():
    made = only('INSERT INTO outbox_message ("key", created_at) VALUES (?, ?)', ("a", NOON))
    assert made["sql"] == 'INSERT INTO "outbox_message" ("key", "created_at", "done_at") VALUES (:key, :now_0, :now_0)'


def test_reads_are_left_out():
    assert recipe([("SELECT 1", ())], named=":{}")["writes"] == []


@pytest.mark.parametrize("sql", ["DELETE FROM answer", "INSERT INTO answer (a, b) VALUES (?, now())",
                                 "UPDATE attempt SET version=attempt.version + ? WHERE id = ?"])  # fmt: skip
def test_what_is_not_known_is_refused(sql):
    with pytest.raises(CannotBeRepeated):
        recipe([(sql, (1,))], named=":{}")
