"""Lists of people who apply alone, and whom a list brought in: they can be invited, each address once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KINDS = "kind IN ('teams', 'institutions', 'judges', 'applicants')"
KINDS_BEFORE = "kind IN ('teams', 'institutions', 'judges')"


def upgrade() -> None:
    with op.batch_alter_table("roster_list", schema=None) as batch_op:
        batch_op.add_column(sa.Column("brought", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.drop_constraint(op.f("ck_roster_list_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_roster_list_kind"), KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM roster_list WHERE kind = 'applicants'")
    with op.batch_alter_table("roster_list", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_roster_list_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_roster_list_kind"), KINDS_BEFORE)
        batch_op.drop_column("brought")
