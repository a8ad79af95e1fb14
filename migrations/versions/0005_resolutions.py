"""Resolutions: one per table, their texts, the words of the seats, the window of a round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resolution",
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["negotiation_table.id"],
            name=op.f("fk_resolution_table_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
        sa.UniqueConstraint("public_id", name=op.f("uq_resolution_public_id")),
        sa.UniqueConstraint("table_id", name=op.f("uq_resolution_table_id")),
    )
    op.create_table(
        "resolution_window",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_resolution_window_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution_window")),
        sa.UniqueConstraint("round_id", name=op.f("uq_resolution_window_round_id")),
    )
    op.create_table(
        "resolution_text",
        sa.Column("resolution_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('agreement', 'impasse')", name=op.f("ck_resolution_text_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["resolution_id"],
            ["resolution.id"],
            name=op.f("fk_resolution_text_resolution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_resolution_text_team_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution_text")),
        sa.UniqueConstraint("resolution_id", "version", name=op.f("uq_resolution_text_resolution_id_version")),
    )
    with op.batch_alter_table("resolution_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resolution_text_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_resolution_text_team_id"), ["team_id"], unique=False)
    op.create_table(
        "resolution_signature",
        sa.Column("resolution_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('government', 'enterprise', 'local_ngo', 'igo')",
            name=op.f("ck_resolution_signature_role"),
        ),
        sa.ForeignKeyConstraint(
            ["resolution_id"],
            ["resolution.id"],
            name=op.f("fk_resolution_signature_resolution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_resolution_signature_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution_signature")),
        sa.UniqueConstraint(
            "resolution_id", "version", "role", name=op.f("uq_resolution_signature_resolution_id_version_role")
        ),
    )
    with op.batch_alter_table("resolution_signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resolution_signature_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_resolution_signature_team_id"), ["team_id"], unique=False)


def downgrade() -> None:
    for table in ("resolution_signature", "resolution_text", "resolution_window", "resolution"):
        op.drop_table(table)
