"""People are found by the beginnings of words of their name and email address, however many there are."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

REMOVE = "INSERT INTO user_words(user_words, rowid, folded) VALUES ('delete', old.id, old.folded);"
ADD = "INSERT INTO user_words(rowid, folded) VALUES (new.id, new.folded);"
#: SQLite, in the spelling of a new database, so that both are the same.
TABLE = (
    "CREATE VIRTUAL TABLE user_words USING fts5(folded, content='user', content_rowid='id',"
    " tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\", prefix='2 3')"
)
TRIGGERS = {
    "user_words_insert": f'AFTER INSERT ON "user" BEGIN {ADD} END',
    "user_words_delete": f'AFTER DELETE ON "user" BEGIN {REMOVE} END',
    "user_words_update": f'AFTER UPDATE OF folded ON "user" WHEN old.folded <> new.folded BEGIN {REMOVE} {ADD} END',
}
BETWEEN = r"[\s!-/:-@\[-`{-~\u2010-\u2015\u2018-\u201f\u00ab\u00b7\u00bb]+"
INDEX = (
    'CREATE INDEX ix_user_words ON "user" USING gin '
    f"(array_to_tsvector(array_remove(regexp_split_to_array(folded, '{BETWEEN}'), '')))"
)


def _run(statement: str) -> None:
    """As it stands: a colon in it is no parameter."""
    op.execute(sa.text(statement.replace(":", r"\:")))


def upgrade() -> None:
    if op.get_context().dialect.name != "sqlite":
        _run(INDEX)
        return
    _run(TABLE)
    _run("INSERT INTO user_words(user_words) VALUES ('rebuild')")
    for name, what in TRIGGERS.items():
        _run(f"CREATE TRIGGER {name} {what}")


def downgrade() -> None:
    if op.get_context().dialect.name != "sqlite":
        _run("DROP INDEX ix_user_words")
        return
    for name in TRIGGERS:
        _run(f"DROP TRIGGER {name}")
    _run("DROP TABLE user_words")
