"""A note for the proctor among the allowances; who ticked off what a vendor sent."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MINUTES = "kind IN ('multiplier', 'review_policy_exception') OR minutes > 0"
MINUTES_BEFORE = "kind = 'multiplier' OR minutes > 0"
WRITTEN = "kind != 'review_policy_exception' OR note != ''"
#: The tables that it points at are of no interest, and one has an index that cannot be read back.
ALONE = {"resolve_fks": False}


def upgrade() -> None:
    person = sa.ForeignKey("user.id", name=op.f("fk_delivery_seen_by_id"))
    op.add_column("delivery", sa.Column("seen_by_id", sa.Integer(), person, nullable=True), inline_references=True)
    op.add_column("allowance", sa.Column("note", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("allowance", reflect_kwargs=ALONE) as table:
        table.drop_constraint(op.f("ck_allowance_minutes_are_positive"), type_="check")
        table.create_check_constraint(op.f("ck_allowance_minutes_are_positive"), MINUTES)
        table.create_check_constraint(op.f("ck_allowance_note_is_written"), WRITTEN)


def downgrade() -> None:
    op.execute("DELETE FROM allowance WHERE kind = 'review_policy_exception'")
    with op.batch_alter_table("allowance", reflect_kwargs=ALONE) as table:
        table.drop_constraint(op.f("ck_allowance_note_is_written"), type_="check")
        table.drop_constraint(op.f("ck_allowance_minutes_are_positive"), type_="check")
        table.create_check_constraint(op.f("ck_allowance_minutes_are_positive"), MINUTES_BEFORE)
        table.drop_column("note")
    with op.batch_alter_table("delivery", reflect_kwargs=ALONE) as table:
        table.drop_column("seen_by_id")
