"""Which keys have the time of an exam read out."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user", sa.Column("read_time_letter", sa.String(), nullable=False, server_default="T"))


def downgrade() -> None:
    op.execute("""UPDATE "user" SET time_display = 'hidden' WHERE time_display = 'never'""")
    op.drop_column("user", "read_time_letter")
