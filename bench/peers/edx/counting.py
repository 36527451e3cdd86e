"""Counts the statements of a journey by going it inside this process; it must be answered as it is when measured."""

from typing import Any

from django.db import connection
from django.test import Client

#: Begin and commit are not counted, as the portal's are not: every request has them.
FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def count(name: str, journey: list[dict[str, Any]]) -> int:
    sent: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    client = Client(enforce_csrf_checks=True)
    for step in journey:
        with connection.execute_wrapper(note):
            reply = client.generic(step["method"], step["path"], step["body"],
                                   content_type="application/json", headers=step["headers"])  # fmt: skip
        if reply.status_code != step["expect"]:
            raise RuntimeError(f"{name} was answered {reply.status_code}: {reply.content[:300]!r}")
    return sum(not sql.startswith(FRAME) for sql in sent)
