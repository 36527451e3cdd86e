"""Fractions of points, people found in any spelling, and what stands in the way of an attempt's end."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TOGETHER = 1000
#: As ``portal.models.accounts.folding`` had it on this day.
APART = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
USER = sa.table("user", sa.column("id"), sa.column("name"), sa.column("email"), sa.column("folded"))


def folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()).translate(APART)
    return " ".join("".join(one for one in apart if not unicodedata.combining(one)).split())


def upgrade() -> None:
    by_code_point = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.add_column("user", sa.Column("folded", by_code_point, nullable=False, server_default=""))
    _fold_everybody()
    op.create_index("ix_user_folded", "user", ["folded"])
    op.drop_index("ix_user_name_lower", table_name="user")
    op.add_column("answer", sa.Column("unmarked_because", sa.String(), nullable=True))
    for table in ("answer", "attempt"):  # From points to hundredths.
        op.execute(f"UPDATE {table} SET points = points * 100 WHERE points IS NOT NULL")
    op.create_table(
        "ending_fault",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_ending_fault_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ending_fault")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_ending_fault_attempt_id")),
    )


def _fold_everybody() -> None:
    bind, last = op.get_bind(), 0
    filling = USER.update().where(USER.c.id == sa.bindparam("of")).values(folded=sa.bindparam("now"))
    some = sa.select(USER.c.id, USER.c.name, USER.c.email).order_by(USER.c.id).limit(TOGETHER)
    while people := bind.execute(some.where(USER.c.id > last)).all():
        rows = [{"of": id, "now": f"{folded(name)}\n{folded(email)}"} for id, name, email in people]
        bind.execute(filling, rows)
        last = people[-1].id


def downgrade() -> None:
    op.drop_table("ending_fault")
    for table in ("answer", "attempt"):
        op.execute(f"UPDATE {table} SET points = points / 100 WHERE points IS NOT NULL")
    op.drop_column("answer", "unmarked_because")
    op.create_index("ix_user_name_lower", "user", [sa.text("lower(name)")])
    op.drop_index("ix_user_folded", table_name="user")
    op.drop_column("user", "folded")
