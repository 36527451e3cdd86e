"""Counted cases, answers that can be taken back, and what a provider says of a whole recording."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

DUE = sa.text("answer_due_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("support_case", sa.Column("messages", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("support_case", sa.Column("last_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("review", sa.Column("summary", sa.String(), nullable=False, server_default=""))
    op.add_column("review_comment", sa.Column("is_timed", sa.Boolean(), nullable=False, server_default=sa.true()))
    # What nobody gave a time for was stored as zero throughout.
    nowhere = "start_seconds = 0 AND stop_seconds = 0 AND duration_seconds = 0"
    op.execute(f"UPDATE review_comment SET is_timed = false WHERE {nowhere}")
    op.add_column("appeal", sa.Column("accepts", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("appeal", sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE appeal SET accepts = changed")
    op.create_index("ix_appeal_answer_due", "appeal", ["answer_due_at"], sqlite_where=DUE, postgresql_where=DUE)


def downgrade() -> None:
    op.execute("UPDATE appeal SET answer = '', answered_by_id = NULL WHERE answered_at IS NULL")
    op.drop_index("ix_appeal_answer_due", table_name="appeal")
    op.drop_column("appeal", "answer_due_at")
    op.drop_column("appeal", "accepts")
    op.drop_column("review_comment", "is_timed")
    op.drop_column("review", "summary")
    op.drop_column("support_case", "last_at")
    op.drop_column("support_case", "messages")
