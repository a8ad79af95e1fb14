"""Rules of registration, an edition's own questions, fees, changes asked for, institutions typed by captains."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COACH = ("coach_in_room", "coach_brief", "coach_lineup", "coach_marks", "coach_feedback", "coach_protest")


def upgrade() -> None:
    with op.batch_alter_table("team") as batch_op:
        batch_op.add_column(sa.Column("fee", sa.String(length=8), nullable=False, server_default="none"))
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("coach_contact", sa.String(length=254), nullable=False, server_default="")
        )
    with op.batch_alter_table("delegate") as batch_op:
        batch_op.add_column(sa.Column("age_confirmed", sa.Integer(), nullable=True))
    with op.batch_alter_table("institution") as batch_op:
        batch_op.add_column(sa.Column("is_checked", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "registration_rules",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("per_institution", sa.Integer(), nullable=True),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in COACH),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
            name=op.f("fk_registration_rules_edition_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_registration_rules")),
    )
    op.create_table(
        "registration_question",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("label_zh", sa.String(length=300), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("choices_zh", sa.Text(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("is_sensitive", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("audience IN ('team', 'delegate')", name=op.f("ck_registration_question_audience")),
        sa.CheckConstraint("kind IN ('text', 'choice', 'yes_no')", name=op.f("ck_registration_question_kind")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_registration_question_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_registration_question_public_id")),
    )
    op.create_index(op.f("ix_registration_question_edition_id"), "registration_question", ["edition_id"])
    op.create_table(
        "registration_answer",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(team_id IS NULL) <> (delegate_id IS NULL)", name=op.f("ck_registration_answer_one_of_two")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["registration_question.id"], name=op.f("fk_registration_answer_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_registration_answer_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["delegate.id"], name=op.f("fk_registration_answer_delegate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_answer")),
        sa.UniqueConstraint("question_id", "team_id", name=op.f("uq_registration_answer_question_id_team_id")),
        sa.UniqueConstraint("question_id", "delegate_id", name=op.f("uq_registration_answer_question_id_delegate_id")),
    )
    op.create_index(op.f("ix_registration_answer_team_id"), "registration_answer", ["team_id"])
    op.create_index(op.f("ix_registration_answer_delegate_id"), "registration_answer", ["delegate_id"])


def downgrade() -> None:
    op.drop_table("registration_answer")
    op.drop_table("registration_question")
    op.drop_table("registration_rules")
    for table, columns in (
        ("institution", ("is_checked",)),
        ("delegate", ("age_confirmed",)),
        ("team", ("coach_contact", "asked_at", "fee")),
    ):
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
