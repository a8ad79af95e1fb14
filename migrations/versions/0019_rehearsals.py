"""Rehearsals: an edition that is only a rehearsal of another one, and when it is gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rehearsal_of", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_edition_rehearsal_of"), ["rehearsal_of"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_rehearsal_of"))
        batch_op.drop_column("expires_at")
        batch_op.drop_column("rehearsal_of")
