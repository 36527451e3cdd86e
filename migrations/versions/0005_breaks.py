"""Breaks out of a bank of minutes: what it holds, what is used, and when a break ends by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME, RULE = "ck_attempt_on_a_break_is_paused", "break_ends_at IS NULL OR is_paused"
ON_A_BREAK = sa.text("break_ends_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("time_entry", sa.Column("learner_may_end", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("attempt", sa.Column("cut_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attempt", sa.Column("break_bank_seconds", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("attempt", sa.Column("break_used_seconds", sa.Integer(), nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "sqlite":
        # With the column, because SQLite adds no check to a table that is there, and this one is large to copy.
        op.execute(f"ALTER TABLE attempt ADD COLUMN break_ends_at DATETIME CONSTRAINT {NAME} CHECK ({RULE})")
    else:
        op.add_column("attempt", sa.Column("break_ends_at", sa.DateTime(timezone=True), nullable=True))
        op.create_check_constraint(op.f(NAME), "attempt", RULE)
    op.create_index(
        "ix_attempt_break_ends_at", "attempt", ["break_ends_at"], sqlite_where=ON_A_BREAK, postgresql_where=ON_A_BREAK
    )


def downgrade() -> None:
    op.execute("DELETE FROM allowance WHERE kind = 'break_bank'")
    op.drop_index("ix_attempt_break_ends_at", table_name="attempt")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(NAME), "attempt", type_="check")
    for column in ("break_ends_at", "break_used_seconds", "break_bank_seconds", "cut_at"):
        op.drop_column("attempt", column)
    op.drop_column("time_entry", "learner_may_end")
