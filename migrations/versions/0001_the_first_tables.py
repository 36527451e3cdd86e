"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LIVE = sa.text(
    "status IN ('created', 'download_software_clicked', 'ready_to_start', 'started', 'ready_to_submit') "
    "AND archived_at IS NULL"
)
RUNNING = sa.text("status IN ('started', 'ready_to_submit') AND archived_at IS NULL")
WAITING = sa.text("done_at IS NULL AND dead_at IS NULL")
IN_FORCE = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("decline_cascades", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("key", name=op.f("uq_course_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_course_slug")),
    )
    op.create_table(
        "periodic_job",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_result", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_periodic_job")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index("ix_sign_in_failure_subject", "sign_in_failure", ["subject", "at"], unique=False)
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("time_display", sa.String(length=40), nullable=False),
        sa.Column("announcements", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
    )
    op.create_index("uq_user_email_lower", "user", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "asset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_asset_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("course_id", "sha256", name=op.f("uq_asset_course_id_sha256")),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_enrolment_course_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_enrolment_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("course_id", "user_id", name=op.f("uq_enrolment_course_id_user_id")),
    )
    op.create_index(op.f("ix_enrolment_user_id"), "enrolment", ["user_id"], unique=False)
    op.create_table(
        "exam",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("time_limit_minutes", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_proctored", sa.Boolean(), nullable=False),
        sa.Column("is_practice", sa.Boolean(), nullable=False),
        sa.Column("is_onboarding", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("hide_after_due", sa.Boolean(), nullable=False),
        sa.Column("may_decline", sa.Boolean(), nullable=False),
        sa.Column("provider_slug", sa.String(), nullable=True),
        sa.Column("review_rules", sa.String(), nullable=False),
        sa.Column("maximum_attempts", sa.Integer(), nullable=False),
        sa.Column("shuffles_questions", sa.Boolean(), nullable=False),
        sa.Column("is_forward_only", sa.Boolean(), nullable=False),
        sa.Column("shows_marks", sa.Boolean(), nullable=False),
        sa.Column("allows_parallel", sa.Boolean(), nullable=False),
        sa.Column("grace_seconds", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at",
            name=op.f("ck_exam_closes_after_it_opens"),
        ),
        sa.CheckConstraint("is_proctored OR NOT is_onboarding", name=op.f("ck_exam_onboarding_is_proctored")),
        sa.CheckConstraint("time_limit_minutes > 0", name=op.f("ck_exam_time_limit_is_positive")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_exam_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam")),
        sa.UniqueConstraint("course_id", "content_id", name=op.f("uq_exam_course_id_content_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_exam_slug")),
    )
    op.create_index("ix_exam_course_active", "exam", ["course_id", "is_active"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_membership_course_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_membership_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("course_id", "user_id", "role", name=op.f("uq_membership_course_id_user_id_role")),
    )
    op.create_index(op.f("ix_membership_user_id"), "membership", ["user_id"], unique=False)
    op.create_table(
        "allowance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=True),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("valid_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind != 'multiplier' OR percent > 100", name=op.f("ck_allowance_multiplier_is_above_one")),
        sa.CheckConstraint("kind = 'multiplier' OR minutes > 0", name=op.f("ck_allowance_minutes_are_positive")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_allowance_course_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_allowance_exam_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["user.id"], name=op.f("fk_allowance_granted_by_id")),
        sa.ForeignKeyConstraint(["learner_id"], ["user.id"], name=op.f("fk_allowance_learner_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name=op.f("fk_allowance_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance")),
    )
    op.create_index("ix_allowance_course_learner", "allowance", ["course_id", "learner_id"], unique=False)
    op.create_index("ix_allowance_exam", "allowance", ["exam_id"], unique=False)
    op.create_index(
        "uq_allowance_exam_in_force",
        "allowance",
        ["learner_id", "exam_id", "kind"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    op.create_table(
        "exam_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("materials_html", sa.String(), nullable=False),
        sa.Column("question_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_version_exam_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_version")),
        sa.UniqueConstraint("exam_id", "number", name=op.f("uq_exam_version_exam_id_number")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("attempt_code", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("provider_slug", sa.String(), nullable=True),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("exam_version_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hard_stop_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("own_seconds", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_revision", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_count", sa.Integer(), nullable=False),
        sa.Column("last_heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taking_as_proctored", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("time_remaining_seconds", sa.Integer(), nullable=True),
        sa.Column("is_resumable", sa.Boolean(), nullable=False),
        sa.Column("ready_to_resume", sa.Boolean(), nullable=False),
        sa.Column("resumed", sa.Boolean(), nullable=False),
        sa.Column("resumes_id", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_by_id", sa.Integer(), nullable=True),
        sa.Column("archive_reason", sa.String(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("points_possible", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "NOT is_paused OR status IN ('started', 'ready_to_submit')",
            name=op.f("ck_attempt_only_running_is_paused"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('started', 'ready_to_submit') OR "
            "(started_at IS NOT NULL AND deadline_at IS NOT NULL AND hard_stop_at IS NOT NULL)",
            name=op.f("ck_attempt_running_has_a_clock"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'timed_out') OR completed_at IS NOT NULL",
            name=op.f("ck_attempt_completed_has_a_time"),
        ),
        sa.CheckConstraint(
            "archived_at IS NULL OR archive_reason IS NOT NULL", name=op.f("ck_attempt_archived_has_a_reason")
        ),
        sa.CheckConstraint("is_paused = (paused_at IS NOT NULL)", name=op.f("ck_attempt_paused_has_a_time")),
        sa.ForeignKeyConstraint(["archived_by_id"], ["user.id"], name=op.f("fk_attempt_archived_by_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_attempt_exam_id")),
        sa.ForeignKeyConstraint(["exam_version_id"], ["exam_version.id"], name=op.f("fk_attempt_exam_version_id")),
        sa.ForeignKeyConstraint(["learner_id"], ["user.id"], name=op.f("fk_attempt_learner_id")),
        sa.ForeignKeyConstraint(["resumes_id"], ["attempt.id"], name=op.f("fk_attempt_resumes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("attempt_code", name=op.f("uq_attempt_attempt_code")),
        sa.UniqueConstraint("provider_slug", "external_id", name=op.f("uq_attempt_provider_slug_external_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_attempt_ref")),
    )
    op.create_index("ix_attempt_exam_completed", "attempt", ["exam_id", "completed_at", "id"], unique=False)
    op.create_index("ix_attempt_exam_created", "attempt", ["exam_id", "created_at", "id"], unique=False)
    op.create_index("ix_attempt_exam_started", "attempt", ["exam_id", "started_at", "id"], unique=False)
    op.create_index("ix_attempt_exam_status", "attempt", ["exam_id", "status", "id"], unique=False)
    op.create_index(op.f("ix_attempt_exam_version_id"), "attempt", ["exam_version_id"], unique=False)
    op.create_index(
        "ix_attempt_hard_stop_running",
        "attempt",
        ["hard_stop_at"],
        unique=False,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_index("ix_attempt_learner_exam", "attempt", ["learner_id", "exam_id", "id"], unique=False)
    op.create_index(
        "uq_attempt_live",
        "attempt",
        ["exam_id", "learner_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.String(), nullable=False),
        sa.Column("question_group", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text_html", sa.String(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("attention", sa.String(), nullable=True),
        sa.Column("original", sa.String(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_question_points_are_not_negative")),
        sa.ForeignKeyConstraint(["exam_version_id"], ["exam_version.id"], name=op.f("fk_question_exam_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("exam_version_id", "content_id", name=op.f("uq_question_exam_version_id_content_id")),
        sa.UniqueConstraint("exam_version_id", "position", name=op.f("uq_question_exam_version_id_position")),
    )
    op.create_table(
        "unreadable_content",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_version_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exam_version_id"], ["exam_version.id"], name=op.f("fk_unreadable_content_exam_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unreadable_content")),
    )
    op.create_index(
        op.f("ix_unreadable_content_exam_version_id"), "unreadable_content", ["exam_version_id"], unique=False
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_grace", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_answer_attempt_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_answer_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("attempt_id", "question_id", name=op.f("uq_answer_attempt_id_question_id")),
    )
    op.create_index(op.f("ix_answer_question_id"), "answer", ["question_id"], unique=False)
    op.create_table(
        "answer_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("received_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_answer_file_attempt_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_answer_file_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_file")),
    )
    op.create_index("ix_answer_file_attempt", "answer_file", ["attempt_id", "question_id"], unique=False)
    op.create_table(
        "history_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.String(), nullable=True),
        sa.Column("became", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_history_entry_attempt_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_history_entry_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_entry")),
    )
    op.create_index("ix_history_entry_attempt", "history_entry", ["attempt_id", "id"], unique=False)
    op.create_table(
        "late_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_late_answer_attempt_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_late_answer_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_answer")),
    )
    op.create_index("ix_late_answer_attempt", "late_answer", ["attempt_id", "id"], unique=False)
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("ledger", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_ledger_entry_attempt_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_ledger_entry_exam_id")),
        sa.ForeignKeyConstraint(["learner_id"], ["user.id"], name=op.f("fk_ledger_entry_learner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_entry_key")),
    )
    op.create_index(op.f("ix_ledger_entry_attempt_id"), "ledger_entry", ["attempt_id"], unique=False)
    op.create_index("ix_ledger_entry_learner_exam", "ledger_entry", ["learner_id", "exam_id", "ledger"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("by_role", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_notice_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_attempt", "notice", ["attempt_id", "id"], unique=False)
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_outbox_message_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_message_key")),
    )
    op.create_index(op.f("ix_outbox_message_attempt_id"), "outbox_message", ["attempt_id"], unique=False)
    op.create_index(
        "ix_outbox_message_waiting",
        "outbox_message",
        ["available_at", "id"],
        unique=False,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_table(
        "time_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_role", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind NOT IN ('added', 'taken') OR reason != ''", name=op.f("ck_time_entry_a_gift_has_a_reason")
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_time_entry_attempt_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_time_entry_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_entry")),
    )
    op.create_index("ix_time_entry_attempt", "time_entry", ["attempt_id", "id"], unique=False)
    op.create_table(
        "answer_file_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("start_byte", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["answer_file.id"], name=op.f("fk_answer_file_part_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_file_part")),
        sa.UniqueConstraint("file_id", "start_byte", name=op.f("uq_answer_file_part_file_id_start_byte")),
    )


def downgrade() -> None:
    op.drop_table("answer_file_part")
    op.drop_index("ix_time_entry_attempt", table_name="time_entry")
    op.drop_table("time_entry")
    op.drop_index(
        "ix_outbox_message_waiting",
        table_name="outbox_message",
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.drop_index(op.f("ix_outbox_message_attempt_id"), table_name="outbox_message")
    op.drop_table("outbox_message")
    op.drop_index("ix_notice_attempt", table_name="notice")
    op.drop_table("notice")
    op.drop_index("ix_ledger_entry_learner_exam", table_name="ledger_entry")
    op.drop_index(op.f("ix_ledger_entry_attempt_id"), table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_index("ix_late_answer_attempt", table_name="late_answer")
    op.drop_table("late_answer")
    op.drop_index("ix_history_entry_attempt", table_name="history_entry")
    op.drop_table("history_entry")
    op.drop_index("ix_answer_file_attempt", table_name="answer_file")
    op.drop_table("answer_file")
    op.drop_index(op.f("ix_answer_question_id"), table_name="answer")
    op.drop_table("answer")
    op.drop_index(op.f("ix_unreadable_content_exam_version_id"), table_name="unreadable_content")
    op.drop_table("unreadable_content")
    op.drop_table("question")
    op.drop_index("uq_attempt_live", table_name="attempt", sqlite_where=LIVE, postgresql_where=LIVE)
    op.drop_index("ix_attempt_learner_exam", table_name="attempt")
    op.drop_index("ix_attempt_hard_stop_running", table_name="attempt", sqlite_where=RUNNING, postgresql_where=RUNNING)
    op.drop_index(op.f("ix_attempt_exam_version_id"), table_name="attempt")
    op.drop_index("ix_attempt_exam_status", table_name="attempt")
    op.drop_index("ix_attempt_exam_started", table_name="attempt")
    op.drop_index("ix_attempt_exam_created", table_name="attempt")
    op.drop_index("ix_attempt_exam_completed", table_name="attempt")
    op.drop_table("attempt")
    op.drop_table("exam_version")
    op.drop_index(
        "uq_allowance_exam_in_force", table_name="allowance", sqlite_where=IN_FORCE, postgresql_where=IN_FORCE
    )
    op.drop_index("ix_allowance_exam", table_name="allowance")
    op.drop_index("ix_allowance_course_learner", table_name="allowance")
    op.drop_table("allowance")
    op.drop_index(op.f("ix_membership_user_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index("ix_exam_course_active", table_name="exam")
    op.drop_table("exam")
    op.drop_index(op.f("ix_enrolment_user_id"), table_name="enrolment")
    op.drop_table("enrolment")
    op.drop_table("asset")
    op.drop_index("uq_user_email_lower", table_name="user")
    op.drop_table("user")
    op.drop_index("ix_sign_in_failure_subject", table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.drop_table("periodic_job")
    op.drop_table("course")
