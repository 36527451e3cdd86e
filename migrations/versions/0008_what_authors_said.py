"""What an author wrote and an exam does without; an onboarding exam that vanished is no longer proctored."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME = "ck_exam_onboarding_is_proctored"
BEFORE = "is_proctored OR NOT is_onboarding"
#: Whoever was verified stays so; a section that is gone is inactive, and nobody proctors it.
AFTER = "is_proctored OR NOT is_onboarding OR NOT is_active"


def upgrade() -> None:
    op.create_table(
        "import_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_import_note_exam_id_exam")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_note")),
    )
    op.create_index(op.f("ix_import_note_exam_id"), "import_note", ["exam_id"])
    _replace_rule(AFTER)


def downgrade() -> None:
    op.execute("UPDATE exam SET is_onboarding = false WHERE NOT is_proctored")
    _replace_rule(BEFORE)
    op.drop_index(op.f("ix_import_note_exam_id"), table_name="import_note")
    op.drop_table("import_note")


def _replace_rule(rule: str) -> None:
    with op.batch_alter_table("exam", reflect_kwargs={"resolve_fks": False}) as table:
        table.drop_constraint(op.f(NAME), type_="check")
        table.create_check_constraint(op.f(NAME), rule)
