"""Columns are called by the usual terms: closing, statuses of the history, problem of a question."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

#: Table, the name before, the name since. Both databases rename in place: no table is copied, no value is touched.
RENAMED = (
    ("attempt", "cut_at", "window_closes_at"),
    ("history_entry", "was", "from_status"),
    ("history_entry", "became", "to_status"),
    ("question", "attention", "problem"),
)


def upgrade() -> None:
    for table, before, since in RENAMED:
        op.alter_column(table, before, new_column_name=since)


def downgrade() -> None:
    for table, before, since in RENAMED:
        op.alter_column(table, since, new_column_name=before)
