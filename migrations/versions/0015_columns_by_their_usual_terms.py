"""Columns are called by the usual terms, and one column says how far an attempt is on its way to being resumed.

Both databases rename in place: no table is copied, no value is touched.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

#: Table, the name before, the name since.
RENAMED = (
    ("attempt", "cut_at", "window_closes_at"),
    ("history_entry", "was", "from_status"),
    ("history_entry", "became", "to_status"),
    ("course_change", "was", "old_value"),
    ("course_change", "became", "new_value"),
    ("question", "attention", "problem"),
    ("review", "vendor_status", "provider_status"),
    ("review", "became", "to_status"),
    ("review_comment", "vendor_status", "provider_status"),
)
STATE = """
UPDATE attempt SET resume_state = CASE
    WHEN resumed THEN 'resumed' WHEN ready_to_resume THEN 'granted' WHEN is_resumable THEN 'resumable' ELSE 'none' END
"""
FLAGS = """
UPDATE attempt SET is_resumable = (resume_state = 'resumable'), resumed = (resume_state = 'resumed'),
                   ready_to_resume = (resume_state IN ('granted', 'resumed'))
"""
COUNTED, LISTED = ["exam_id", "status", "id", "is_paused"], ["exam_id", "created_at", "id"]
KEPT = sa.text("archived_at IS NULL")


def _rename(table: str, before: str, since: str) -> None:
    op.execute(f'ALTER TABLE {table} RENAME COLUMN "{before}" TO {since}')


ARCHIVED = sa.text("archived_at IS NOT NULL")


def _index(name: str, columns: list[str], where: sa.TextClause = KEPT) -> None:
    op.create_index(name, "attempt", columns, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    for table, before, since in RENAMED:
        _rename(table, before, since)
    state = sa.Column("resume_state", sa.String(40), nullable=False, server_default="none")
    op.add_column("attempt", state)
    op.execute(STATE)
    op.drop_index("ix_attempt_exam_standing", "attempt")
    for column in ("is_resumable", "ready_to_resume", "resumed"):
        op.drop_column("attempt", column)
    _index("ix_attempt_exam_status", [*COUNTED, "resume_state"])
    op.drop_index("ix_attempt_exam_set_aside", "attempt")
    _index("ix_attempt_exam_archived", LISTED, ARCHIVED)


def downgrade() -> None:
    for column in ("is_resumable", "ready_to_resume", "resumed"):
        op.add_column("attempt", sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(FLAGS)
    op.drop_index("ix_attempt_exam_status", "attempt")
    op.drop_column("attempt", "resume_state")
    _index("ix_attempt_exam_standing", [*COUNTED, "is_resumable"])
    op.drop_index("ix_attempt_exam_archived", "attempt")
    _index("ix_attempt_exam_set_aside", LISTED, ARCHIVED)
    for table, before, since in RENAMED:
        _rename(table, since, before)
