"""What judges say of themselves: expertise, site, days on which they cannot come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("judge") as batch_op:
        batch_op.add_column(sa.Column("expertise", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("site", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("said_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "judge_day_off",
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_judge_day_off_judge_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("judge_id", "day", name=op.f("pk_judge_day_off")),
    )


def downgrade() -> None:
    op.drop_table("judge_day_off")
    with op.batch_alter_table("judge") as batch_op:
        for column in ("said_at", "site", "expertise"):
            batch_op.drop_column(column)
