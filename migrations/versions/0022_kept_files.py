"""Workbooks that wait for a job or a download, where every host finds them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_file",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_file")),
        sa.UniqueConstraint("token", name=op.f("uq_kept_file_token")),
    )
    op.create_index(op.f("ix_kept_file_kept_at"), "kept_file", ["kept_at"])


def downgrade() -> None:
    op.drop_table("kept_file")
