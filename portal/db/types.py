"""What columns hold: moments in UTC, hundredths of points, words of enums, JSON that any page can show."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, Integer, TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """A moment. Refuses a naive datetime on the way in and never gives one back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("This datetime has no time zone. Take it from portal.clock.")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Hundredths(TypeDecorator[Decimal]):
    """A number of points to a hundredth, exact on every database: half a point is 0.5, never 0.4999."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        return None if value is None else round(Decimal(value) * 100)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


def words(enum: type[StrEnum]) -> Enum:
    """A column that stores an enum's words, not its member names, and needs no type of its own."""
    return Enum(
        enum,
        native_enum=False,
        length=40,
        create_constraint=False,
        values_callable=lambda e: [m.value for m in e],
    )


def read_json(stored: str | bytes) -> Any:
    """What a JSON column holds. Half a letter, which JSON can say and no page can show, becomes a sign of its own."""
    said = stored.decode() if isinstance(stored, bytes) else stored
    if r"\ud" in said.lower():
        whole = json.dumps(json.loads(said), ensure_ascii=False)
        said = whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return json.loads(said)
