"""Finding rows by the beginnings of words, with what each database brings along for it.

SQLite has an FTS5 table that triggers keep up to date, PostgreSQL a GIN index; both follow whoever writes the row.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Integer, Table, event, text
from sqlalchemy.sql.selectable import TextualSelect

#: What stands between words: blanks, ASCII's punctuation, dashes, quotation marks; read by Python and by PostgreSQL.
BETWEEN = r"[\s!-/:-@\[-`{-~\u2010-\u2015\u2018-\u201f\u00ab\u00b7\u00bb]+"
_BETWEEN = re.compile(BETWEEN)
#: Scripts without blanks between words, and Hangul, which is kept taken apart: what is looked for may stand anywhere.
_UNDIVIDED = re.compile(
    "[\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
#: An FTS5 table and those that SQLite makes for it.
PARTS = ("", "_data", "_idx", "_docsize", "_config")
_kept: set[str] = set()


class Word(NamedTuple):
    """One word to look for."""

    text: str
    is_whole: bool
    """Whether it ends where it ends here: what stands before an @ does."""


def words_of(looked_for: str) -> list[Word]:
    """The words to look for, each once; none where a text cannot be taken apart into words."""
    if _UNDIVIDED.search(looked_for):
        return []
    *pieces, last = looked_for.split("@")
    words = [Word(one, is_whole=False) for one in _BETWEEN.split(last)]
    for piece in pieces:
        *before, name = _BETWEEN.split(piece)
        words += [*(Word(one, is_whole=False) for one in before), Word(name, is_whole=True)]
    return list(dict.fromkeys(word for word in words if word.text.isprintable() and any(map(str.isalnum, word.text))))


def ids(table: Table, column: str, *, dialect: str) -> TextualSelect:
    """Numbers of the rows that have a word beginning with each that is wanted (:func:`wanted`), ``:most`` of them."""
    if dialect == "sqlite":
        found = f"SELECT rowid AS id FROM {table.name}_words WHERE {table.name}_words MATCH :wanted LIMIT :most"
    else:
        found = f'SELECT id FROM "{table.name}" WHERE {_vector(column)} @@ CAST(:wanted AS tsquery) LIMIT :most'
    return text(found).columns(id=Integer)


def wanted(words: Sequence[Word], *, dialect: str) -> str:
    """``words`` of :func:`words_of` as the database wants to be asked. They contain no quotation marks."""
    if dialect == "sqlite":
        return " ".join(f'"{word.text}"{"" if word.is_whole else "*"}' for word in words)
    return " & ".join(f"'{word.text}'{'' if word.is_whole else ':*'}" for word in words)


def _vector(column: str) -> str:
    """Words as PostgreSQL's text search keeps them, without its parser, which takes an email address for one word."""
    return f"array_to_tsvector(array_remove(regexp_split_to_array({column}, '{BETWEEN}'), ''))"


def statements(table: str, column: str, *, dialect: str) -> list[str]:
    """What creates the index; a migration keeps a copy of its own."""
    if dialect != "sqlite":
        return [f'CREATE INDEX ix_{table}_words ON "{table}" USING gin ({_vector(column)})']
    words = f"{table}_words"
    remove = f"INSERT INTO {words}({words}, rowid, {column}) VALUES ('delete', old.id, old.{column});"
    add = f"INSERT INTO {words}(rowid, {column}) VALUES (new.id, new.{column});"
    return [
        f"CREATE VIRTUAL TABLE {words} USING fts5({column}, content='{table}', content_rowid='id',"
        " tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\", prefix='2 3')",
        f'CREATE TRIGGER {words}_insert AFTER INSERT ON "{table}" BEGIN {add} END',
        f'CREATE TRIGGER {words}_delete AFTER DELETE ON "{table}" BEGIN {remove} END',
        f'CREATE TRIGGER {words}_update AFTER UPDATE OF {column} ON "{table}"'
        f" WHEN old.{column} <> new.{column} BEGIN {remove} {add} END",
    ]


def keep(table: Table, column: str) -> None:
    """Whenever the table is created, so is what finds its rows by the words of this column; they go together, too."""
    words = f"{table.name}_words"
    _kept.update({f"ix_{words}", *(words + part for part in PARTS)})

    @event.listens_for(table, "after_create")
    def create(_: object, connection: Connection, **__: object) -> None:
        for statement in statements(table.name, column, dialect=connection.dialect.name):
            connection.exec_driver_sql(statement)

    @event.listens_for(table, "before_drop")
    def drop(_: object, connection: Connection, **__: object) -> None:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {words}")


def is_described(name: str | None, kind: str, _: object) -> bool:
    """Whether a model describes what the database calls so, in the words of Alembic's ``include_name``."""
    return name not in _kept
