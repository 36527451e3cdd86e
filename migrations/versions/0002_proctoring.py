"""Proctoring: vendors, deliveries, reviews and decisions, credit, webhooks, heartbeats."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN = sa.text("sent_at IS NULL AND undone_at IS NULL")
CURRENT = sa.text("is_current")


def upgrade() -> None:
    op.create_table(
        "provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("base_url", sa.String(), nullable=False),
        sa.Column("public_base_url", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("client_secret", sa.Text(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("secret_options", sa.Text(), nullable=True),
        sa.Column("contact_email", sa.String(), nullable=False),
        sa.Column("contact_phone", sa.String(), nullable=False),
        sa.Column("contact_url", sa.String(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("configuration", sa.JSON(), nullable=False),
        sa.Column("configuration_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("slug", name=op.f("uq_provider_slug")),
    )
    op.create_table(
        "api_client",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("previous_secret_hash", sa.String(), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_api_client_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
        sa.UniqueConstraint("client_id", name=op.f("uq_api_client_client_id")),
    )
    op.create_index(op.f("ix_api_client_provider_id"), "api_client", ["provider_id"], unique=False)
    op.create_table(
        "course_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("setting", sa.String(), nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("became", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_course_change_by_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_change_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_change")),
    )
    op.create_index("ix_course_change_course", "course_change", ["course_id", "id"], unique=False)
    op.create_table(
        "credit_requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("namespace", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_credit_requirement_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_requirement")),
        sa.UniqueConstraint(
            "course_id", "namespace", "name", name=op.f("uq_credit_requirement_course_id_namespace_name")
        ),
    )
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("previous_secret", sa.Text(), nullable=True),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("disabled_because", sa.String(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_webhook_endpoint_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
        sa.UniqueConstraint("name", name=op.f("uq_webhook_endpoint_name")),
    )
    op.create_index(op.f("ix_webhook_endpoint_course_id"), "webhook_endpoint", ["course_id"], unique=False)
    op.create_table(
        "credit_standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["user.id"], name=op.f("fk_credit_standing_learner_id")),
        sa.ForeignKeyConstraint(
            ["requirement_id"], ["credit_requirement.id"], name=op.f("fk_credit_standing_requirement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_standing")),
        sa.UniqueConstraint("requirement_id", "learner_id", name=op.f("uq_credit_standing_requirement_id_learner_id")),
    )
    op.create_index(op.f("ix_credit_standing_learner_id"), "credit_standing", ["learner_id"], unique=False)
    op.create_table(
        "provider_exam",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("provider_slug", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_provider_exam_exam_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_exam")),
        sa.UniqueConstraint("exam_id", "provider_slug", name=op.f("uq_provider_exam_exam_id_provider_slug")),
        sa.UniqueConstraint("provider_slug", "external_id", name=op.f("uq_provider_exam_provider_slug_external_id")),
    )
    op.create_table(
        "webhook_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endpoint_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("was_received", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoint.id"], name=op.f("fk_webhook_try_endpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_try")),
    )
    op.create_index("ix_webhook_try_endpoint", "webhook_try", ["endpoint_id", "id"], unique=False)
    op.create_index("ix_webhook_try_event", "webhook_try", ["event_id"], unique=False)
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_appeal_answered_by_id")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_appeal_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_appeal_attempt_id")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "verdict != 'reject' OR (reason_code != '' AND sentence != '')",
            name=op.f("ck_decision_a_rejection_says_why"),
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_decision_attempt_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user.id"], name=op.f("fk_decision_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_attempt_id"), "decision", ["attempt_id"], unique=False)
    op.create_index("ix_decision_due", "decision", ["send_at"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(op.f("ix_decision_reviewer_id"), "decision", ["reviewer_id"], unique=False)
    op.create_index(
        "uq_decision_open", "decision", ["attempt_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("provider_slug", sa.String(), nullable=True),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("delivery_id", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_delivery_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_attempt", "delivery", ["attempt_id", "id"], unique=False)
    op.create_index("ix_delivery_outcome", "delivery", ["outcome", "id"], unique=False)
    op.create_index("ix_delivery_provider", "delivery", ["provider_slug", "id"], unique=False)
    op.create_index(
        "ix_delivery_sameness", "delivery", ["provider_slug", "external_id", "kind", "body_sha256"], unique=False
    )
    op.create_table(
        "heartbeat",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_heartbeat_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", "source", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_key", sa.String(), nullable=True),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("provider_slug", sa.String(), nullable=False),
        sa.Column("attempt_code", sa.String(), nullable=False),
        sa.Column("resumes_id", sa.Integer(), nullable=True),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("instructions", sa.JSON(), nullable=False),
        sa.Column("lease_token", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_registration_attempt_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_registration_exam_id")),
        sa.ForeignKeyConstraint(["learner_id"], ["user.id"], name=op.f("fk_registration_learner_id")),
        sa.ForeignKeyConstraint(["resumes_id"], ["attempt.id"], name=op.f("fk_registration_resumes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("attempt_code", name=op.f("uq_registration_attempt_code")),
        sa.UniqueConstraint("open_key", name=op.f("uq_registration_open_key")),
    )
    op.create_index(op.f("ix_registration_attempt_id"), "registration", ["attempt_id"], unique=False)
    op.create_index(op.f("ix_registration_exam_id"), "registration", ["exam_id"], unique=False)
    op.create_index(op.f("ix_registration_learner_id"), "registration", ["learner_id"], unique=False)
    op.create_table(
        "review_claim",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_review_claim_attempt_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user.id"], name=op.f("fk_review_claim_reviewer_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_review_claim")),
    )
    op.create_index(op.f("ix_review_claim_reviewer_id"), "review_claim", ["reviewer_id"], unique=False)
    op.create_table(
        "support_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closing_note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_support_case_attempt_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_support_case_closed_by_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_support_case_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_case")),
        sa.UniqueConstraint("key", name=op.f("uq_support_case_key")),
    )
    op.create_index(op.f("ix_support_case_attempt_id"), "support_case", ["attempt_id"], unique=False)
    op.create_index("ix_support_case_open", "support_case", ["course_id", "closed_at", "id"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("is_human", sa.Boolean(), nullable=False),
        sa.Column("provider_slug", sa.String(), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("vendor_status", sa.String(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_name", sa.String(), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("video_url", sa.Text(), nullable=True),
        sa.Column("has_video", sa.Boolean(), nullable=False),
        sa.Column("became", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("is_human = (provider_slug IS NULL)", name=op.f("ck_review_a_person_or_a_vendor")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_review_attempt_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_review_delivery_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user.id"], name=op.f("fk_review_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("attempt_id", "number", name=op.f("uq_review_attempt_id_number")),
    )
    op.create_index(op.f("ix_review_delivery_id"), "review", ["delivery_id"], unique=False)
    op.create_index(
        "uq_review_current", "review", ["attempt_id"], unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
    )
    op.create_table(
        "review_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("vendor_status", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("start_seconds", sa.Integer(), nullable=False),
        sa.Column("stop_seconds", sa.Integer(), nullable=False),
        sa.Column("duration_seconds", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_comment_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comment")),
    )
    op.create_index(op.f("ix_review_comment_review_id"), "review_comment", ["review_id"], unique=False)
    op.add_column("attempt", sa.Column("rules_read_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index(op.f("ix_attempt_exam_created"), "attempt")
    op.drop_index(op.f("ix_attempt_exam_status"), "attempt")
    op.create_index(
        "ix_attempt_exam_kept",
        "attempt",
        ["exam_id", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        "ix_attempt_exam_set_aside",
        "attempt",
        ["exam_id", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NOT NULL"),
        postgresql_where=sa.text("archived_at IS NOT NULL"),
    )
    op.create_index(
        "ix_attempt_exam_standing",
        "attempt",
        ["exam_id", "status", "id", "is_paused", "is_resumable"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.add_column("course", sa.Column("needs_second_review", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("course", sa.Column("needs_two_reviewers", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("course", sa.Column("overrides_grade", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("course", sa.Column("escalation_email", sa.String(), nullable=False, server_default=""))
    op.create_index(
        "ix_outbox_message_given_up",
        "outbox_message",
        ["id"],
        unique=False,
        sqlite_where=sa.text("dead_at IS NOT NULL"),
        postgresql_where=sa.text("dead_at IS NOT NULL"),
    )
    op.create_index("ix_user_name_lower", "user", [sa.literal_column("lower(name)")], unique=False)


def downgrade() -> None:
    op.drop_index("ix_user_name_lower", "user")
    op.drop_index(
        "ix_outbox_message_given_up",
        "outbox_message",
        sqlite_where=sa.text("dead_at IS NOT NULL"),
        postgresql_where=sa.text("dead_at IS NOT NULL"),
    )
    op.drop_column("course", "escalation_email")
    op.drop_column("course", "overrides_grade")
    op.drop_column("course", "needs_two_reviewers")
    op.drop_column("course", "needs_second_review")
    op.drop_index(
        "ix_attempt_exam_standing",
        "attempt",
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.drop_index(
        "ix_attempt_exam_set_aside",
        "attempt",
        sqlite_where=sa.text("archived_at IS NOT NULL"),
        postgresql_where=sa.text("archived_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_attempt_exam_kept",
        "attempt",
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(op.f("ix_attempt_exam_status"), "attempt", ["exam_id", "status", "id"], unique=False)
    op.create_index(op.f("ix_attempt_exam_created"), "attempt", ["exam_id", "created_at", "id"], unique=False)
    op.drop_column("attempt", "rules_read_at")
    op.drop_index(op.f("ix_review_comment_review_id"), "review_comment")
    op.drop_table("review_comment")
    op.drop_index("uq_review_current", "review", sqlite_where=CURRENT, postgresql_where=CURRENT)
    op.drop_index(op.f("ix_review_delivery_id"), "review")
    op.drop_table("review")
    op.drop_index("ix_support_case_open", "support_case")
    op.drop_index(op.f("ix_support_case_attempt_id"), "support_case")
    op.drop_table("support_case")
    op.drop_index(op.f("ix_review_claim_reviewer_id"), "review_claim")
    op.drop_table("review_claim")
    op.drop_index(op.f("ix_registration_learner_id"), "registration")
    op.drop_index(op.f("ix_registration_exam_id"), "registration")
    op.drop_index(op.f("ix_registration_attempt_id"), "registration")
    op.drop_table("registration")
    op.drop_table("heartbeat")
    op.drop_index("ix_delivery_sameness", "delivery")
    op.drop_index("ix_delivery_provider", "delivery")
    op.drop_index("ix_delivery_outcome", "delivery")
    op.drop_index("ix_delivery_attempt", "delivery")
    op.drop_table("delivery")
    op.drop_index("uq_decision_open", "decision", sqlite_where=OPEN, postgresql_where=OPEN)
    op.drop_index(op.f("ix_decision_reviewer_id"), "decision")
    op.drop_index("ix_decision_due", "decision", sqlite_where=OPEN, postgresql_where=OPEN)
    op.drop_index(op.f("ix_decision_attempt_id"), "decision")
    op.drop_table("decision")
    op.drop_table("appeal")
    op.drop_index("ix_webhook_try_event", "webhook_try")
    op.drop_index("ix_webhook_try_endpoint", "webhook_try")
    op.drop_table("webhook_try")
    op.drop_table("provider_exam")
    op.drop_index(op.f("ix_credit_standing_learner_id"), "credit_standing")
    op.drop_table("credit_standing")
    op.drop_index(op.f("ix_webhook_endpoint_course_id"), "webhook_endpoint")
    op.drop_table("webhook_endpoint")
    op.drop_table("credit_requirement")
    op.drop_index("ix_course_change_course", "course_change")
    op.drop_table("course_change")
    op.drop_index(op.f("ix_api_client_provider_id"), "api_client")
    op.drop_table("api_client")
    op.drop_table("provider")
