"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(length=64), nullable=False),
        sa.Column("thing", sa.String(length=64), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=True),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_scope"), ["scope"], unique=False)

    op.create_table(
        "edition",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("role_policy", sa.String(length=10), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("languages", sa.String(length=100), nullable=False),
        sa.Column("table_points", sa.String(length=60), nullable=False),
        sa.Column("three_team_points", sa.String(length=60), nullable=False),
        sa.Column("standings_metrics", sa.String(length=200), nullable=False),
        sa.Column("panel_method", sa.String(length=20), nullable=False),
        sa.Column("score_decimals", sa.Integer(), nullable=False),
        sa.Column("delegate_marks", sa.String(length=10), nullable=False),
        sa.Column("table_ties", sa.String(length=10), nullable=False),
        sa.Column("minimum_rounds", sa.Integer(), nullable=True),
        sa.Column("elimination_basis", sa.String(length=20), nullable=False),
        sa.Column("team_size_minimum", sa.Integer(), nullable=False),
        sa.Column("team_size_maximum", sa.Integer(), nullable=False),
        sa.Column("minimum_age", sa.Integer(), nullable=False),
        sa.Column("registration_opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registration_closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("delegate_marks IN ('mean', 'sum')", name=op.f("ck_edition_delegate_marks")),
        sa.CheckConstraint(
            "elimination_basis IN ('round_adjusted', 'round_raw', 'cumulative')",
            name=op.f("ck_edition_elimination_basis"),
        ),
        sa.CheckConstraint(
            "panel_method IN ('mean', 'median', 'trimmed_mean')", name=op.f("ck_edition_panel_method")
        ),
        sa.CheckConstraint("role_policy IN ('fixed', 'rotating')", name=op.f("ck_edition_role_policy")),
        sa.CheckConstraint(
            "table_ties IN ('shared', 'chair', 'forbidden')", name=op.f("ck_edition_table_ties")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("public_id", name=op.f("uq_edition_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_edition_slug")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "idempotency_key",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_key")),
        sa.UniqueConstraint("key", name=op.f("uq_idempotency_key_key")),
    )
    op.create_table(
        "job",
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("message_values", sa.JSON(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("error_values", sa.JSON(), nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("is_cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_job_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("public_id", name=op.f("uq_job_public_id")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_scope"), ["scope"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_state_id"), ["state", "id"], unique=False)

    op.create_table(
        "outbox_message",
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed')", name=op.f("ck_outbox_message_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_message_scope"), ["scope"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_outbox_message_state_next_attempt_at"), ["state", "next_attempt_at"], unique=False
        )

    op.create_table(
        "person",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_local", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
    )
    op.create_table(
        "private_link",
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("bound_address", sa.String(length=254), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_private_link_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_private_link_token_hash")),
    )
    with op.batch_alter_table("private_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_private_link_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_private_link_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_revision")),
    )
    op.create_table(
        "award_line",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("percentage", sa.BigInteger(), nullable=True),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("worth", sa.BigInteger(), nullable=False),
        sa.Column("winners", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('team_tier', 'individual_marks', 'individual_nominations', 'best_coach', 'by_hand')",
            name=op.f("ck_award_line_kind"),
        ),
        sa.CheckConstraint("scope IN ('overall', 'role', 'division')", name=op.f("ck_award_line_scope")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_award_line_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_line")),
        sa.UniqueConstraint("public_id", name=op.f("uq_award_line_public_id")),
    )
    with op.batch_alter_table("award_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_line_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "award_seal",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("winners", sa.JSON(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_by", sa.Integer(), nullable=True),
        sa.Column("first_key_by", sa.Integer(), nullable=True),
        sa.Column("first_key_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsealed_by", sa.Integer(), nullable=True),
        sa.Column("unsealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'sealed', 'unsealed', 'published')", name=op.f("ck_award_seal_state")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_award_seal_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_seal")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_award_seal_edition_id")),
    )
    op.create_table(
        "break_choice",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("selection", sa.String(length=80), nullable=False),
        sa.Column("institution_cap", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_break_choice_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_choice")),
        sa.UniqueConstraint("edition_id", "selection", name=op.f("uq_break_choice_edition_id_selection")),
    )
    op.create_table(
        "break_publication",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.String(length=1000), nullable=False),
        sa.Column("after_round", sa.Integer(), nullable=False),
        sa.Column("metrics", sa.String(length=200), nullable=False),
        sa.Column("brackets", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_break_publication_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_publication")),
        sa.UniqueConstraint("edition_id", "version", name=op.f("uq_break_publication_edition_id_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_break_publication_public_id")),
    )
    with op.batch_alter_table("break_publication", schema=None) as batch_op:
        batch_op.create_index(
            "uq_break_publication_live",
            ["edition_id"],
            unique=True,
            sqlite_where=sa.text("is_live"),
            postgresql_where=sa.text("is_live"),
        )

    op.create_table(
        "calibration",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("parties", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'open', 'closed')", name=op.f("ck_calibration_state")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_calibration_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_calibration_edition_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_calibration_public_id")),
    )
    op.create_table(
        "certificate_book",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_certificate_book_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_book")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_certificate_book_edition_id")),
    )
    op.create_table(
        "criterion",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("target", sa.String(length=10), nullable=False),
        sa.Column("minimum", sa.BigInteger(), nullable=False),
        sa.Column("maximum", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=True),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("session", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("anchors", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("may_be_unobserved", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("target IN ('team', 'delegate')", name=op.f("ck_criterion_target")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_criterion_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_criterion_edition_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_criterion_public_id")),
    )
    op.create_table(
        "dispute_rule",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("query_minutes", sa.Integer(), nullable=False),
        sa.Column("protest_minutes", sa.Integer(), nullable=False),
        sa.Column("appeal_minutes", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_dispute_rule_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_rule")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_dispute_rule_edition_id")),
    )
    op.create_table(
        "division",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_division_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_division_edition_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_division_public_id")),
    )
    op.create_table(
        "employer",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_local", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=1000), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('government', 'enterprise', 'igo', 'ngo')", name=op.f("ck_employer_kind")
        ),
        sa.CheckConstraint(
            "state IN ('applied', 'approved', 'declined', 'suspended')", name=op.f("ck_employer_state")
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["person.id"], name=op.f("fk_employer_applicant_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_employer_public_id")),
    )
    with op.batch_alter_table("employer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employer_applicant_id"), ["applicant_id"], unique=False)

    op.create_table(
        "institution",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_local", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_institution_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_institution_edition_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_institution_public_id")),
    )
    op.create_table(
        "judging_rules",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("sheet_minutes", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_judging_rules_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judging_rules")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_judging_rules_edition_id")),
    )
    op.create_table(
        "lot",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=100), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_lot_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lot_public_id")),
    )
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.create_index("ix_lot_edition_id_occasion", ["edition_id", "occasion"], unique=False)

    op.create_table(
        "negotiation_case",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("background_zh", sa.Text(), nullable=False),
        sa.Column("session_plan", sa.Text(), nullable=False),
        sa.Column("session_plan_zh", sa.Text(), nullable=False),
        sa.Column("issues", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_negotiation_case_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_negotiation_case")),
        sa.UniqueConstraint("public_id", name=op.f("uq_negotiation_case_public_id")),
    )
    with op.batch_alter_table("negotiation_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_negotiation_case_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "organiser",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity IN ('director', 'tab')", name=op.f("ck_organiser_capacity")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_organiser_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_organiser_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organiser")),
        sa.UniqueConstraint("edition_id", "person_id", name=op.f("uq_organiser_edition_id_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organiser_public_id")),
    )
    with op.batch_alter_table("organiser", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organiser_person_id"), ["person_id"], unique=False)

    op.create_table(
        "policy_change",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("standings_metrics", sa.String(length=200), nullable=False),
        sa.Column("elimination_basis", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_policy_change_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_change")),
        sa.UniqueConstraint("public_id", name=op.f("uq_policy_change_public_id")),
    )
    with op.batch_alter_table("policy_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_change_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(
            "uq_policy_change_open",
            ["edition_id"],
            unique=True,
            sqlite_where=sa.text("confirmed_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL"),
        )

    op.create_table(
        "pool_consent",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_pool_consent_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_consent")),
    )
    with op.batch_alter_table("pool_consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pool_consent_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_pool_consent_live",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "pool_profile",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("headline", sa.String(length=120), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("skills", sa.String(length=400), nullable=False),
        sa.Column("languages", sa.String(length=200), nullable=False),
        sa.Column("looking_for", sa.String(length=200), nullable=False),
        sa.Column("shows_results", sa.Boolean(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_pool_profile_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_profile")),
        sa.UniqueConstraint("handle", name=op.f("uq_pool_profile_handle")),
        sa.UniqueConstraint("person_id", name=op.f("uq_pool_profile_person_id")),
    )
    op.create_table(
        "privacy_notice",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("controller", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("purposes", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("retention", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_privacy_notice_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_notice")),
        sa.UniqueConstraint("edition_id", "version", name=op.f("uq_privacy_notice_edition_id_version")),
    )
    op.create_table(
        "role_lot",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("total_regret", sa.Integer(), nullable=False),
        sa.Column("least_regret", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_role_lot_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_lot")),
    )
    with op.batch_alter_table("role_lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_lot_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "room",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("building", sa.String(length=120), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("is_step_free", sa.Boolean(), nullable=True),
        sa.Column("link", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_room_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("edition_id", "name", name=op.f("uq_room_edition_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_room_public_id")),
    )
    op.create_table(
        "rubric_version",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_rubric_version_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric_version")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_rubric_version_edition_id_number")),
    )
    op.create_table(
        "standings_snapshot",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("after_round", sa.Integer(), nullable=False),
        sa.Column("metrics", sa.String(length=200), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_standings_snapshot_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standings_snapshot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_standings_snapshot_public_id")),
    )
    with op.batch_alter_table("standings_snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standings_snapshot_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("totp_failures", sa.Integer(), nullable=False),
        sa.Column("totp_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_user_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
        sa.UniqueConstraint("person_id", name=op.f("uq_user_account_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_account_public_id")),
    )
    op.create_table(
        "break_rule",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=12), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("reserves", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_break_rule_division_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_break_rule_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_rule")),
    )
    with op.batch_alter_table("break_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_break_rule_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "brief",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("party_zh", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_zh", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('government', 'enterprise', 'local_ngo', 'igo')", name=op.f("ck_brief_role")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["negotiation_case.id"], name=op.f("fk_brief_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief")),
        sa.UniqueConstraint("case_id", "role", "revision", name=op.f("uq_brief_case_id_role_revision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_brief_public_id")),
    )
    op.create_table(
        "case_file",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("mimetype", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IS NULL OR role IN ('government', 'enterprise', 'local_ngo', 'igo')",
            name=op.f("ck_case_file_role"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["negotiation_case.id"], name=op.f("fk_case_file_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_case_file_public_id")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_file_case_id"), ["case_id"], unique=False)

    op.create_table(
        "contact_request",
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'accepted', 'declined')", name=op.f("ck_contact_request_state")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_contact_request_employer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["pool_profile.id"],
            name=op.f("fk_contact_request_profile_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_request")),
        sa.UniqueConstraint(
            "employer_id", "profile_id", name=op.f("uq_contact_request_employer_id_profile_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_request_public_id")),
    )
    with op.batch_alter_table("contact_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_request_profile_id"), ["profile_id"], unique=False)

    op.create_table(
        "employer_member",
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_employer_member_employer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_employer_member_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_member")),
        sa.UniqueConstraint(
            "employer_id", "person_id", name=op.f("uq_employer_member_employer_id_person_id")
        ),
    )
    with op.batch_alter_table("employer_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employer_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "judge",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_local", sa.String(length=200), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("rating", sa.BigInteger(), nullable=True),
        sa.Column("languages", sa.String(length=100), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_version", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_judge_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_judge_institution_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_judge_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_judge_edition_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_judge_public_id")),
    )
    with op.batch_alter_table("judge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judge_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_judge_person_id"), ["person_id"], unique=False)

    op.create_table(
        "pool_facet",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("facet", sa.String(length=30), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["pool_profile.id"], name=op.f("fk_pool_facet_profile_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("profile_id", "facet", "value", name=op.f("pk_pool_facet")),
    )
    with op.batch_alter_table("pool_facet", schema=None) as batch_op:
        batch_op.create_index("ix_pool_facet_value", ["facet", "value", "profile_id"], unique=False)

    op.create_table(
        "pool_token",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["pool_profile.id"], name=op.f("fk_pool_token_profile_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("profile_id", "position", name=op.f("pk_pool_token")),
    )
    with op.batch_alter_table("pool_token", schema=None) as batch_op:
        batch_op.create_index("ix_pool_token_token", ["token", "profile_id", "position"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_user_id"), ["user_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=True),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("results_state", sa.String(length=10), nullable=False),
        sa.Column("draw_method", sa.String(length=20), nullable=False),
        sa.Column("draw_preset", sa.String(length=20), nullable=False),
        sa.Column("draw_options", sa.String(length=400), nullable=False),
        sa.Column("draw_seed", sa.BigInteger(), nullable=True),
        sa.Column("draw_engine", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "results_state IN ('open', 'confirmed', 'published')", name=op.f("ck_round_results_state")
        ),
        sa.CheckConstraint("stage IN ('preliminary', 'elimination')", name=op.f("ck_round_stage")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_round_division_id")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_round_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_round_edition_id_number")),
    )
    op.create_table(
        "sign_in_challenge",
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("new_name", sa.String(length=200), nullable=False),
        sa.Column("new_name_local", sa.String(length=200), nullable=False),
        sa.Column("new_locale", sa.String(length=10), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_sign_in_challenge_attempts")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_sign_in_challenge_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_challenge")),
        sa.UniqueConstraint("handle", name=op.f("uq_sign_in_challenge_handle")),
    )
    with op.batch_alter_table("sign_in_challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_challenge_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_challenge_user_id"), ["user_id"], unique=False)

    op.create_table(
        "team",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=12), nullable=True),
        sa.Column("wishes", sa.String(length=60), nullable=False),
        sa.Column("coach", sa.String(length=200), nullable=False),
        sa.Column("coach_person_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("status_reason", sa.String(length=500), nullable=False),
        sa.Column("withdrawn_from", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IS NULL OR role IN ('government', 'enterprise', 'local_ngo', 'igo')",
            name=op.f("ck_team_role"),
        ),
        sa.CheckConstraint(
            "status IN ('applied', 'declined', 'registered', 'waiting', 'withdrawn', 'stand_in')",
            name=op.f("ck_team_status"),
        ),
        sa.ForeignKeyConstraint(["coach_person_id"], ["person.id"], name=op.f("fk_team_coach_person_id")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_team_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_team_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("edition_id", "name", name=op.f("uq_team_edition_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_team_public_id")),
    )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_coach_person_id"), ["coach_person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_institution_id"), ["institution_id"], unique=False)

    op.create_table(
        "user_session",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_session_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "absence",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("judge_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_absence_judge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_absence_room_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_absence_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_absence_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("round_id", "judge_id", name=op.f("uq_absence_round_id_judge_id")),
        sa.UniqueConstraint("round_id", "room_id", name=op.f("uq_absence_round_id_room_id")),
        sa.UniqueConstraint("round_id", "team_id", name=op.f("uq_absence_round_id_team_id")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_judge_id"), ["judge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absence_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absence_team_id"), ["team_id"], unique=False)

    op.create_table(
        "arrival",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("judge_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(team_id IS NULL) <> (judge_id IS NULL)", name=op.f("ck_arrival_one_of_two")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_arrival_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_arrival_judge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_arrival_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("judge_id", "day", name=op.f("uq_arrival_judge_id_day")),
        sa.UniqueConstraint("team_id", "day", name=op.f("uq_arrival_team_id_day")),
    )
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.create_index("ix_arrival_edition_id_day", ["edition_id", "day"], unique=False)

    op.create_table(
        "break_exclusion",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_break_exclusion_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_break_exclusion_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_exclusion")),
        sa.UniqueConstraint("edition_id", "team_id", name=op.f("uq_break_exclusion_edition_id_team_id")),
    )
    op.create_table(
        "brief_opening",
        sa.Column("brief_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("reader", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brief_id"], ["brief.id"], name=op.f("fk_brief_opening_brief_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_brief_opening_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_brief_opening_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief_opening")),
    )
    with op.batch_alter_table("brief_opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_brief_opening_brief_id"), ["brief_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_brief_opening_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_brief_opening_team_id"), ["team_id"], unique=False)

    op.create_table(
        "calibration_sheet",
        sa.Column("calibration_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calibration_id"],
            ["calibration.id"],
            name=op.f("fk_calibration_sheet_calibration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_calibration_sheet_judge_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_sheet")),
        sa.UniqueConstraint(
            "calibration_id", "judge_id", name=op.f("uq_calibration_sheet_calibration_id_judge_id")
        ),
    )
    with op.batch_alter_table("calibration_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calibration_sheet_judge_id"), ["judge_id"], unique=False)

    op.create_table(
        "delegate",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_local", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("is_captain", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_version", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_delegate_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_delegate_person_id")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_delegate_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegate")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_delegate_edition_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_delegate_public_id")),
    )
    with op.batch_alter_table("delegate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegate_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegate_team_id"), ["team_id"], unique=False)

    op.create_table(
        "draw",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("preset", sa.String(length=20), nullable=False),
        sa.Column("options", sa.String(length=400), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=True),
        sa.Column("engine", sa.String(length=60), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'confirmed', 'released', 'superseded')", name=op.f("ck_draw_state")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_draw_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("public_id", name=op.f("uq_draw_public_id")),
        sa.UniqueConstraint("round_id", "version", name=op.f("uq_draw_round_id_version")),
    )
    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.create_index(
            "uq_draw_live",
            ["round_id"],
            unique=True,
            sqlite_where=sa.text("state != 'superseded'"),
            postgresql_where=sa.text("state != 'superseded'"),
        )

    op.create_table(
        "feedback_release",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_feedback_release_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_release")),
        sa.UniqueConstraint("round_id", name=op.f("uq_feedback_release_round_id")),
    )
    op.create_table(
        "judge_conflict",
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_judge_conflict_institution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_judge_conflict_judge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_judge_conflict_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge_conflict")),
    )
    with op.batch_alter_table("judge_conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judge_conflict_judge_id"), ["judge_id"], unique=False)

    op.create_table(
        "outcome",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome IN ('late', 'absent', 'left')", name=op.f("ck_outcome_outcome")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_outcome_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_outcome_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("round_id", "team_id", name=op.f("uq_outcome_round_id_team_id")),
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_team_id"), ["team_id"], unique=False)

    op.create_table(
        "paper_pack",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("draw_version", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_paper_pack_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_pack")),
        sa.UniqueConstraint("round_id", name=op.f("uq_paper_pack_round_id")),
    )
    op.create_table(
        "penalty",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_penalty_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_penalty_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty")),
        sa.UniqueConstraint("public_id", name=op.f("uq_penalty_public_id")),
    )
    with op.batch_alter_table("penalty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_penalty_round_id"), ["round_id"], unique=False)

    op.create_table(
        "round_case",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judges_read", sa.Boolean(), nullable=False),
        sa.Column("coaches_read", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["negotiation_case.id"], name=op.f("fk_round_case_case_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_case_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_case")),
        sa.UniqueConstraint("round_id", name=op.f("uq_round_case_round_id")),
    )
    with op.batch_alter_table("round_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_case_case_id"), ["case_id"], unique=False)

    op.create_table(
        "team_division",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_team_division_division_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_team_division_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "division_id", name=op.f("pk_team_division")),
    )
    op.create_table(
        "award",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("award", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("winner", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("award_zh", sa.String(length=200), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["delegate.id"], name=op.f("fk_award_delegate_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_award_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["award_line.id"], name=op.f("fk_award_line_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_award_team_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
    )
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_delegate_id"), ["delegate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_team_id"), ["team_id"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("judge_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_local", sa.String(length=200), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("award", sa.String(length=200), nullable=False),
        sa.Column("award_zh", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_because", sa.String(length=300), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('award', 'participation', 'judge', 'coach')", name=op.f("ck_certificate_kind")
        ),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["delegate.id"], name=op.f("fk_certificate_delegate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_certificate_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_certificate_judge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_certificate_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_public_id")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_delegate_id"), ["delegate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_judge_id"), ["judge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_team_id"), ["team_id"], unique=False)

    op.create_table(
        "delegate_division",
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delegate_id"],
            ["delegate.id"],
            name=op.f("fk_delegate_division_delegate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["division_id"],
            ["division.id"],
            name=op.f("fk_delegate_division_division_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delegate_id", "division_id", name=op.f("pk_delegate_division")),
    )
    op.create_table(
        "draw_change",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("round_version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=400), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draw.id"], name=op.f("fk_draw_change_draw_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_change")),
    )
    with op.batch_alter_table("draw_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draw_change_draw_id"), ["draw_id"], unique=False)

    op.create_table(
        "lineup",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("took_part", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_lineup_delegate_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_lineup_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_lineup_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineup")),
        sa.UniqueConstraint("round_id", "delegate_id", name=op.f("uq_lineup_round_id_delegate_id")),
    )
    with op.batch_alter_table("lineup", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lineup_delegate_id"), ["delegate_id"], unique=False)

    op.create_table(
        "negotiation_table",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("bracket", sa.String(length=60), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draw.id"], name=op.f("fk_negotiation_table_draw_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_negotiation_table_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_negotiation_table")),
        sa.UniqueConstraint("draw_id", "name", name=op.f("uq_negotiation_table_draw_id_name")),
        sa.UniqueConstraint("id", "draw_id", name=op.f("uq_negotiation_table_id_draw_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_negotiation_table_public_id")),
    )
    with op.batch_alter_table("negotiation_table", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_negotiation_table_room_id"), ["room_id"], unique=False)

    op.create_table(
        "dispute",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("ground", sa.String(length=30), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("respondent", sa.String(length=20), nullable=False),
        sa.Column("respondent_team_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.Integer(), nullable=True),
        sa.Column("is_on_behalf", sa.Boolean(), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("penalty_team_id", sa.Integer(), nullable=True),
        sa.Column("penalty_amount", sa.BigInteger(), nullable=True),
        sa.Column("appeal_of_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('query', 'protest', 'appeal')", name=op.f("ck_dispute_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'dismissed', 'answered', 'withdrawn')", name=op.f("ck_dispute_state")
        ),
        sa.ForeignKeyConstraint(
            ["appeal_of_id"], ["dispute.id"], name=op.f("fk_dispute_appeal_of_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_dispute_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["penalty_team_id"], ["team.id"], name=op.f("fk_dispute_penalty_team_id")),
        sa.ForeignKeyConstraint(
            ["respondent_team_id"], ["team.id"], name=op.f("fk_dispute_respondent_team_id")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["negotiation_table.id"], name=op.f("fk_dispute_table_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_dispute_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("appeal_of_id", name=op.f("uq_dispute_appeal_of_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_dispute_public_id")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_table_id"), ["table_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_team_id"), ["team_id"], unique=False)

    op.create_table(
        "nomination",
        sa.Column("award_line_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["award_line_id"], ["award_line.id"], name=op.f("fk_nomination_award_line_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["delegate.id"], name=op.f("fk_nomination_delegate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_nomination_judge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["negotiation_table.id"], name=op.f("fk_nomination_table_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
        sa.UniqueConstraint(
            "award_line_id",
            "table_id",
            "judge_id",
            name=op.f("uq_nomination_award_line_id_table_id_judge_id"),
        ),
    )
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nomination_delegate_id"), ["delegate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nomination_judge_id"), ["judge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nomination_table_id"), ["table_id"], unique=False)

    op.create_table(
        "panel_judge",
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "position IN ('chair', 'panellist', 'trainee')", name=op.f("ck_panel_judge_position")
        ),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_panel_judge_judge_id")),
        sa.ForeignKeyConstraint(
            ["table_id"], ["negotiation_table.id"], name=op.f("fk_panel_judge_table_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_judge")),
        sa.UniqueConstraint("table_id", "judge_id", name=op.f("uq_panel_judge_table_id_judge_id")),
    )
    with op.batch_alter_table("panel_judge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_judge_judge_id"), ["judge_id"], unique=False)
        batch_op.create_index(
            "uq_panel_judge_chair",
            ["table_id"],
            unique=True,
            sqlite_where=sa.text("position = 'chair'"),
            postgresql_where=sa.text("position = 'chair'"),
        )

    op.create_table(
        "recusal",
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("recused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_recusal_judge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["negotiation_table.id"], name=op.f("fk_recusal_table_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_recusal_public_id")),
        sa.UniqueConstraint("table_id", "judge_id", name=op.f("uq_recusal_table_id_judge_id")),
    )
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_judge_id"), ["judge_id"], unique=False)

    op.create_table(
        "scoresheet",
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_from", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("absent", sa.JSON(), nullable=False),
        sa.Column("unobserved", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("remarks", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("nominations", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("submission_key", sa.String(length=64), server_default="", nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'confirmed', 'waived', 'superseded')",
            name=op.f("ck_scoresheet_state"),
        ),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_scoresheet_judge_id")),
        sa.ForeignKeyConstraint(
            ["table_id"], ["negotiation_table.id"], name=op.f("fk_scoresheet_table_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoresheet")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scoresheet_public_id")),
        sa.UniqueConstraint(
            "table_id", "judge_id", "version", name=op.f("uq_scoresheet_table_id_judge_id_version")
        ),
    )
    with op.batch_alter_table("scoresheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scoresheet_judge_id"), ["judge_id"], unique=False)
        batch_op.create_index(
            "uq_scoresheet_live",
            ["table_id", "judge_id"],
            unique=True,
            sqlite_where=sa.text("state != 'superseded'"),
            postgresql_where=sa.text("state != 'superseded'"),
        )

    op.create_table(
        "seat",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('government', 'enterprise', 'local_ngo', 'igo')", name=op.f("ck_seat_role")
        ),
        sa.ForeignKeyConstraint(
            ["table_id", "draw_id"],
            ["negotiation_table.id", "negotiation_table.draw_id"],
            name=op.f("fk_seat_table_id_draw_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_seat_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("draw_id", "team_id", name=op.f("uq_seat_draw_id_team_id")),
        sa.UniqueConstraint("table_id", "role", name=op.f("uq_seat_table_id_role")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_team_id"), ["team_id"], unique=False)

    op.create_table(
        "sheet_reminder",
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_sheet_reminder_judge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["negotiation_table.id"],
            name=op.f("fk_sheet_reminder_table_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_reminder")),
    )
    with op.batch_alter_table("sheet_reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_reminder_judge_id"), ["judge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_reminder_table_id"), ["table_id"], unique=False)

    op.create_table(
        "table_result",
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("source IN ('sheets', 'given')", name=op.f("ck_table_result_source")),
        sa.ForeignKeyConstraint(
            ["table_id"], ["negotiation_table.id"], name=op.f("fk_table_result_table_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_result")),
        sa.UniqueConstraint("table_id", "version", name=op.f("uq_table_result_table_id_version")),
    )
    with op.batch_alter_table("table_result", schema=None) as batch_op:
        batch_op.create_index(
            "uq_table_result_live",
            ["table_id"],
            unique=True,
            sqlite_where=sa.text("is_live"),
            postgresql_where=sa.text("is_live"),
        )

    op.create_table(
        "mark",
        sa.Column("scoresheet_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_mark_criterion_id")),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_mark_delegate_id")),
        sa.ForeignKeyConstraint(
            ["scoresheet_id"], ["scoresheet.id"], name=op.f("fk_mark_scoresheet_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_mark_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index(
            "uq_mark_delegate",
            ["scoresheet_id", "delegate_id", "criterion_id"],
            unique=True,
            sqlite_where=sa.text("delegate_id IS NOT NULL"),
            postgresql_where=sa.text("delegate_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_mark_team",
            ["scoresheet_id", "team_id", "criterion_id"],
            unique=True,
            sqlite_where=sa.text("delegate_id IS NULL"),
            postgresql_where=sa.text("delegate_id IS NULL"),
        )

    op.create_table(
        "team_result",
        sa.Column("table_result_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("advances", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["table_result_id"],
            ["table_result.id"],
            name=op.f("fk_team_result_table_result_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_result_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_result")),
        sa.UniqueConstraint(
            "table_result_id", "team_id", name=op.f("uq_team_result_table_result_id_team_id")
        ),
    )
    with op.batch_alter_table("team_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_result_team_id"), ["team_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("team_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_result_team_id"))

    op.drop_table("team_result")
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_mark_team",
            sqlite_where=sa.text("delegate_id IS NULL"),
            postgresql_where=sa.text("delegate_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_mark_delegate",
            sqlite_where=sa.text("delegate_id IS NOT NULL"),
            postgresql_where=sa.text("delegate_id IS NOT NULL"),
        )

    op.drop_table("mark")
    with op.batch_alter_table("table_result", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_table_result_live", sqlite_where=sa.text("is_live"), postgresql_where=sa.text("is_live")
        )

    op.drop_table("table_result")
    with op.batch_alter_table("sheet_reminder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_reminder_table_id"))
        batch_op.drop_index(batch_op.f("ix_sheet_reminder_judge_id"))

    op.drop_table("sheet_reminder")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_team_id"))

    op.drop_table("seat")
    with op.batch_alter_table("scoresheet", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_scoresheet_live",
            sqlite_where=sa.text("state != 'superseded'"),
            postgresql_where=sa.text("state != 'superseded'"),
        )
        batch_op.drop_index(batch_op.f("ix_scoresheet_judge_id"))

    op.drop_table("scoresheet")
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recusal_judge_id"))

    op.drop_table("recusal")
    with op.batch_alter_table("panel_judge", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_panel_judge_chair",
            sqlite_where=sa.text("position = 'chair'"),
            postgresql_where=sa.text("position = 'chair'"),
        )
        batch_op.drop_index(batch_op.f("ix_panel_judge_judge_id"))

    op.drop_table("panel_judge")
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nomination_table_id"))
        batch_op.drop_index(batch_op.f("ix_nomination_judge_id"))
        batch_op.drop_index(batch_op.f("ix_nomination_delegate_id"))

    op.drop_table("nomination")
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_team_id"))
        batch_op.drop_index(batch_op.f("ix_dispute_table_id"))
        batch_op.drop_index(batch_op.f("ix_dispute_edition_id"))

    op.drop_table("dispute")
    with op.batch_alter_table("negotiation_table", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_negotiation_table_room_id"))

    op.drop_table("negotiation_table")
    with op.batch_alter_table("lineup", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lineup_delegate_id"))

    op.drop_table("lineup")
    with op.batch_alter_table("draw_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draw_change_draw_id"))

    op.drop_table("draw_change")
    op.drop_table("delegate_division")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_team_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_judge_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_edition_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_delegate_id"))

    op.drop_table("certificate")
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_award_team_id"))
        batch_op.drop_index(batch_op.f("ix_award_line_id"))
        batch_op.drop_index(batch_op.f("ix_award_edition_id"))
        batch_op.drop_index(batch_op.f("ix_award_delegate_id"))

    op.drop_table("award")
    op.drop_table("team_division")
    with op.batch_alter_table("round_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_case_case_id"))

    op.drop_table("round_case")
    with op.batch_alter_table("penalty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_penalty_round_id"))

    op.drop_table("penalty")
    op.drop_table("paper_pack")
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_team_id"))

    op.drop_table("outcome")
    with op.batch_alter_table("judge_conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_judge_conflict_judge_id"))

    op.drop_table("judge_conflict")
    op.drop_table("feedback_release")
    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_draw_live",
            sqlite_where=sa.text("state != 'superseded'"),
            postgresql_where=sa.text("state != 'superseded'"),
        )

    op.drop_table("draw")
    with op.batch_alter_table("delegate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegate_team_id"))
        batch_op.drop_index(batch_op.f("ix_delegate_person_id"))

    op.drop_table("delegate")
    with op.batch_alter_table("calibration_sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calibration_sheet_judge_id"))

    op.drop_table("calibration_sheet")
    with op.batch_alter_table("brief_opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_brief_opening_team_id"))
        batch_op.drop_index(batch_op.f("ix_brief_opening_round_id"))
        batch_op.drop_index(batch_op.f("ix_brief_opening_brief_id"))

    op.drop_table("brief_opening")
    op.drop_table("break_exclusion")
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.drop_index("ix_arrival_edition_id_day")

    op.drop_table("arrival")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_team_id"))
        batch_op.drop_index(batch_op.f("ix_absence_room_id"))
        batch_op.drop_index(batch_op.f("ix_absence_judge_id"))

    op.drop_table("absence")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_user_id"))

    op.drop_table("user_session")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_institution_id"))
        batch_op.drop_index(batch_op.f("ix_team_coach_person_id"))

    op.drop_table("team")
    with op.batch_alter_table("sign_in_challenge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_challenge_user_id"))
        batch_op.drop_index(batch_op.f("ix_sign_in_challenge_address"))

    op.drop_table("sign_in_challenge")
    op.drop_table("round")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_user_id"))

    op.drop_table("recovery_code")
    with op.batch_alter_table("pool_token", schema=None) as batch_op:
        batch_op.drop_index("ix_pool_token_token")

    op.drop_table("pool_token")
    with op.batch_alter_table("pool_facet", schema=None) as batch_op:
        batch_op.drop_index("ix_pool_facet_value")

    op.drop_table("pool_facet")
    with op.batch_alter_table("judge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_judge_person_id"))
        batch_op.drop_index(batch_op.f("ix_judge_institution_id"))

    op.drop_table("judge")
    with op.batch_alter_table("employer_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employer_member_person_id"))

    op.drop_table("employer_member")
    with op.batch_alter_table("contact_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_request_profile_id"))

    op.drop_table("contact_request")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_file_case_id"))

    op.drop_table("case_file")
    op.drop_table("brief")
    with op.batch_alter_table("break_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_break_rule_edition_id"))

    op.drop_table("break_rule")
    op.drop_table("user_account")
    with op.batch_alter_table("standings_snapshot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standings_snapshot_edition_id"))

    op.drop_table("standings_snapshot")
    op.drop_table("rubric_version")
    op.drop_table("room")
    with op.batch_alter_table("role_lot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_lot_edition_id"))

    op.drop_table("role_lot")
    op.drop_table("privacy_notice")
    op.drop_table("pool_profile")
    with op.batch_alter_table("pool_consent", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_pool_consent_live",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_pool_consent_person_id"))

    op.drop_table("pool_consent")
    with op.batch_alter_table("policy_change", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_policy_change_open",
            sqlite_where=sa.text("confirmed_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_policy_change_edition_id"))

    op.drop_table("policy_change")
    with op.batch_alter_table("organiser", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organiser_person_id"))

    op.drop_table("organiser")
    with op.batch_alter_table("negotiation_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_negotiation_case_edition_id"))

    op.drop_table("negotiation_case")
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.drop_index("ix_lot_edition_id_occasion")

    op.drop_table("lot")
    op.drop_table("judging_rules")
    op.drop_table("institution")
    with op.batch_alter_table("employer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employer_applicant_id"))

    op.drop_table("employer")
    op.drop_table("division")
    op.drop_table("dispute_rule")
    op.drop_table("criterion")
    op.drop_table("certificate_book")
    op.drop_table("calibration")
    with op.batch_alter_table("break_publication", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_break_publication_live", sqlite_where=sa.text("is_live"), postgresql_where=sa.text("is_live")
        )

    op.drop_table("break_publication")
    op.drop_table("break_choice")
    op.drop_table("award_seal")
    with op.batch_alter_table("award_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_award_line_edition_id"))

    op.drop_table("award_line")
    op.drop_table("revision")
    with op.batch_alter_table("private_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_private_link_subject_id"))
        batch_op.drop_index(batch_op.f("ix_private_link_edition_id"))

    op.drop_table("private_link")
    op.drop_table("person")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_message_state_next_attempt_at"))
        batch_op.drop_index(batch_op.f("ix_outbox_message_scope"))

    op.drop_table("outbox_message")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_state_id"))
        batch_op.drop_index(batch_op.f("ix_job_scope"))
        batch_op.drop_index(batch_op.f("ix_job_person_id"))

    op.drop_table("job")
    op.drop_table("idempotency_key")
    op.drop_table("edition")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_scope"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_person_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))

    op.drop_table("audit_entry")
