"""Substitutions on the day: one delegate in another's place from a round on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "substitution",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("out_id", sa.Integer(), nullable=False),
        sa.Column("in_id", sa.Integer(), nullable=False),
        sa.Column("from_round", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_substitution_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_substitution_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["out_id"], ["delegate.id"], name=op.f("fk_substitution_out_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["in_id"], ["delegate.id"], name=op.f("fk_substitution_in_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
        sa.UniqueConstraint("out_id", name=op.f("uq_substitution_out_id")),
        sa.UniqueConstraint("in_id", name=op.f("uq_substitution_in_id")),
    )
    op.create_index(op.f("ix_substitution_edition_id"), "substitution", ["edition_id"])
    op.create_index(op.f("ix_substitution_team_id"), "substitution", ["team_id"])


def downgrade() -> None:
    op.drop_table("substitution")
