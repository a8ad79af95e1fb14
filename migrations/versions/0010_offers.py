"""Offers of freed places, late registration granted to one address, a team's own deadline."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("team") as batch_op:
        batch_op.add_column(sa.Column("open_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "team_offer",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('accepted', 'declined', 'expired', 'ended')",
            name=op.f("ck_team_offer_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_team_offer_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_team_offer_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_offer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_team_offer_public_id")),
    )
    op.create_index(op.f("ix_team_offer_edition_id"), "team_offer", ["edition_id"])
    op.create_index(
        "uq_team_offer_open",
        "team_offer",
        ["team_id"],
        unique=True,
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.create_table(
        "late_grant",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_late_grant_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_grant")),
        sa.UniqueConstraint("public_id", name=op.f("uq_late_grant_public_id")),
    )
    op.create_index(op.f("ix_late_grant_edition_id"), "late_grant", ["edition_id"])


def downgrade() -> None:
    op.drop_table("late_grant")
    op.drop_table("team_offer")
    with op.batch_alter_table("team") as batch_op:
        batch_op.drop_column("open_until")
