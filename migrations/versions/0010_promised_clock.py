"""What a running attempt was promised: how long its exam took when it began, and when it closes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: Attempts of before keep what their account began with, and the closing that their exam has now.
PROMISES = """
UPDATE attempt SET
    limit_seconds = COALESCE(
        (SELECT MAX(time_entry.seconds) FROM time_entry
          WHERE time_entry.attempt_id = attempt.id AND time_entry.kind = 'base'),
        (SELECT exam.time_limit_minutes * 60 FROM exam WHERE exam.id = attempt.exam_id)),
    promised_close_at = (
        SELECT CASE WHEN exam.closes_at IS NULL AND NOT exam.is_proctored AND NOT exam.is_practice
                    THEN course.ends_at ELSE exam.closes_at END
          FROM exam JOIN course ON course.id = exam.course_id WHERE exam.id = attempt.exam_id),
    promised_at = started_at
WHERE started_at IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("attempt", sa.Column("limit_seconds", sa.Integer(), nullable=True))
    op.add_column("attempt", sa.Column("promised_close_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attempt", sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(PROMISES)


def downgrade() -> None:
    op.execute("DELETE FROM time_entry WHERE kind = 'window'")
    for column in ("promised_at", "promised_close_at", "limit_seconds"):
        op.drop_column("attempt", column)
