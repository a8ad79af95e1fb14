"""Delegates and rooms at the check-in desk, where and how somebody arrived, and the hours of self check-in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ONE = " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in ("team_id", "judge_id", "delegate_id", "room_id"))


def upgrade() -> None:
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.add_column(sa.Column("delegate_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("room_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("site", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("way", sa.String(length=8), nullable=False, server_default="desk"))
        batch_op.create_foreign_key(
            batch_op.f("fk_arrival_delegate_id"), "delegate", ["delegate_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_foreign_key(batch_op.f("fk_arrival_room_id"), "room", ["room_id"], ["id"], ondelete="CASCADE")
        batch_op.drop_constraint(batch_op.f("ck_arrival_one_of_two"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_arrival_one_of_four"), f"{ONE} = 1")
        batch_op.create_unique_constraint(batch_op.f("uq_arrival_delegate_id_day"), ["delegate_id", "day"])
        batch_op.create_unique_constraint(batch_op.f("uq_arrival_room_id_day"), ["room_id", "day"])

    op.create_table(
        "check_in_hours",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_check_in_hours_edition_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_hours")),
        sa.UniqueConstraint("edition_id", "day", name=op.f("uq_check_in_hours_edition_id_day")),
    )


def downgrade() -> None:
    op.drop_table("check_in_hours")
    op.execute("DELETE FROM arrival WHERE delegate_id IS NOT NULL OR room_id IS NOT NULL")
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_arrival_room_id_day"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_arrival_delegate_id_day"), type_="unique")
        batch_op.drop_constraint(batch_op.f("ck_arrival_one_of_four"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_arrival_one_of_two"), "(team_id IS NULL) <> (judge_id IS NULL)")
        batch_op.drop_constraint(batch_op.f("fk_arrival_room_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_arrival_delegate_id"), type_="foreignkey")
        for name in ("way", "site", "room_id", "delegate_id"):
            batch_op.drop_column(name)
