"""What the rows of a model are made of, for those who write them past SQLAlchemy's unit of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

from sqlalchemy import Column, ColumnDefault, Table
from sqlalchemy.orm import InstanceState, Mapper


@dataclass(frozen=True, eq=False)
class Shape:
    """What a model's rows are made of. ``columns`` go by the names of attributes."""

    table: Table
    columns: Mapping[str, "Column[object]"]
    key: str
    version: str | None

    def is_simple(self, state: "InstanceState[object]") -> bool:
        """Whether nothing changed but columns, and nobody listens for it."""
        events = state.mapper.dispatch
        has_listeners = events.before_insert or events.before_update or events.after_insert or events.after_update
        return not has_listeners and self.columns.keys() >= state.committed_state.keys()

    def default(self, name: str) -> object:
        """What a new row has where nothing was said."""
        default = self.columns[name].default
        if not isinstance(default, ColumnDefault):
            return None
        return default.arg(None) if callable(default.arg) else default.arg


@cache
def shape_of(mapper: "Mapper[object]") -> Shape | None:
    """None for what the database itself has a say in, and for rows without a number of their own."""
    table = mapper.local_table
    columns = {
        attribute.key: column
        for attribute in mapper.column_attrs
        for column in attribute.columns
        if isinstance(column, Column)
    }
    keys = [name for name, column in columns.items() if column.primary_key]
    is_plain = isinstance(table, Table) and len(mapper.tables) == len(keys) == 1 and not mapper.polymorphic_on
    if not is_plain or any(column.server_default or column.onupdate for column in columns.values()):
        return None
    version = mapper.version_id_col
    return Shape(
        table=cast(Table, table),
        columns=columns,
        key=keys[0],
        version=mapper.get_property_by_column(version).key if version is not None else None,
    )
