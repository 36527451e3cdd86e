"""Two columns go that nobody read: an exam's ``is_forward_only``, which nothing set, and ``last_heard_at`` of attempts.

``last_heard_at`` was written by the demo alone; when whom was heard is in ``heartbeat``. The kinds of time log rows and
the outcomes of messages that are gone from the models (``cut``, ``refused``) were never written by any release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("exam", "is_forward_only")
    op.drop_column("attempt", "last_heard_at")


def downgrade() -> None:
    op.add_column("attempt", sa.Column("last_heard_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("exam", sa.Column("is_forward_only", sa.Boolean(), nullable=False, server_default=sa.false()))
