"""The timetable, calendars, the sessions of a round, and a backup link for rooms that meet online."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.add_column(sa.Column("backup_link", sa.String(length=400), nullable=False, server_default=""))

    op.create_table(
        "timetable",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_timetable_edition_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_timetable_edition_id")),
    )
    op.create_table(
        "timetable_item",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=True),
        sa.Column("link", sa.String(length=400), nullable=False),
        sa.Column("backup_link", sa.String(length=400), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "audience IN ('all', 'teams', 'judges', 'organisers', 'division')", name=op.f("ck_timetable_item_audience")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_timetable_item_order")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_timetable_item_division_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_timetable_item_edition_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_timetable_item_room_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable_item")),
        sa.UniqueConstraint("public_id", name=op.f("uq_timetable_item_public_id")),
    )
    with op.batch_alter_table("timetable_item", schema=None) as batch_op:
        for column in ("edition_id", "room_id", "division_id"):
            batch_op.create_index(batch_op.f(f"ix_timetable_item_{column}"), [column], unique=False)

    op.create_table(
        "calendar_feed",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('delegate', 'judge', 'coach', 'organiser')", name=op.f("ck_calendar_feed_kind")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_calendar_feed_edition_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("edition_id", "kind", "subject_id", name=op.f("uq_calendar_feed_edition_id_kind_subject_id")),
    )
    op.create_table(
        "round_sessions",
        sa.Column("round_id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("opening", "bilateral", "ad_hoc", "pause", "quadrilateral", "resolution")
        ),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_sessions_round_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_sessions")),
        sa.UniqueConstraint("round_id", name=op.f("uq_round_sessions_round_id")),
    )


def downgrade() -> None:
    for name in ("round_sessions", "calendar_feed", "timetable_item", "timetable"):
        op.drop_table(name)
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.drop_column("backup_link")
