"""Preformed panels, and how many judges an institution owes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "judge_quota",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("judges", sa.Integer(), nullable=False),
        sa.Column("per_teams", sa.Integer(), nullable=False),
        sa.Column("free_teams", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_judge_quota_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge_quota")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_judge_quota_edition_id")),
    )
    op.create_table(
        "preformed_panel",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_preformed_panel_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preformed_panel")),
        sa.UniqueConstraint("edition_id", "name", name=op.f("uq_preformed_panel_edition_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_preformed_panel_public_id")),
    )
    op.create_table(
        "preformed_judge",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "position IN ('chair', 'panellist', 'trainee')", name=op.f("ck_preformed_judge_position")
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_preformed_judge_judge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["preformed_panel.id"], name=op.f("fk_preformed_judge_panel_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preformed_judge")),
        sa.UniqueConstraint("judge_id", name=op.f("uq_preformed_judge_judge_id")),
    )
    with op.batch_alter_table("preformed_judge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_preformed_judge_panel_id"), ["panel_id"], unique=False)


def downgrade() -> None:
    op.drop_table("preformed_judge")
    op.drop_table("preformed_panel")
    op.drop_table("judge_quota")
