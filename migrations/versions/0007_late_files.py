"""Files that arrived late are kept apart, and the id of a deleted file is never given to another one."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: SQLite only: elsewhere a sequence never gives a number twice.
NEVER_REUSED = {"sqlite_autoincrement": True}
#: Looks at this table only, not at those that it points to.
ALONE = {"resolve_fks": False}


def upgrade() -> None:
    how = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("answer_file", recreate=how, table_kwargs=NEVER_REUSED, reflect_kwargs=ALONE) as batch:
        batch.add_column(sa.Column("is_late", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Late files stay, as earlier ones that are no answer."""
    with op.batch_alter_table("answer_file", reflect_kwargs=ALONE) as batch:
        batch.drop_column("is_late")
