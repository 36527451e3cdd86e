"""A key of the data's own: what learners are called outside no longer hangs on the secret key."""

from datetime import UTC, datetime
from secrets import token_bytes

import sqlalchemy as sa
from alembic import op

from portal.db import UTCDateTime
from portal.db.encrypted import EncryptedText, derived_key

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "portal_key",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_portal_key")),
    )
    # Where somebody may have been told a name, the names stay; a new portal begins with a key that nobody can derive.
    is_new = op.get_bind().execute(sa.text('SELECT 1 FROM "user" LIMIT 1')).first() is None
    key = token_bytes(32) if is_new else derived_key("pairwise ids")
    table = sa.table(
        "portal_key",
        sa.column("name", sa.String()),
        sa.column("value", EncryptedText()),
        sa.column("created_at", UTCDateTime()),
    )
    op.bulk_insert(table, [{"name": "pairwise ids", "value": key.hex(), "created_at": datetime.now(UTC)}])


def downgrade() -> None:
    op.drop_table("portal_key")
