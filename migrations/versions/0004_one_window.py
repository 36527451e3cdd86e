"""Exams for one window at a time, and which window of an attempt it is."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exam", sa.Column("one_window", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("attempt", sa.Column("window_browser", sa.String(), nullable=True))
    op.add_column("attempt", sa.Column("window_tab", sa.String(), nullable=True))
    op.add_column("attempt", sa.Column("window_device", sa.String(), nullable=False, server_default=""))
    op.add_column("attempt", sa.Column("window_seen_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for column in ("window_seen_at", "window_device", "window_tab", "window_browser"):
        op.drop_column("attempt", column)
    op.drop_column("exam", "one_window")
