"""The session clock of a round, and what was pressed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_clock",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("added_seconds", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_session_clock_round_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["table_id"], ["negotiation_table.id"], name=op.f("fk_session_clock_table_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_clock")),
        sa.UniqueConstraint("round_id", "table_id", name=op.f("uq_session_clock_round_id_table_id")),
    )
    with op.batch_alter_table("session_clock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_clock_table_id"), ["table_id"], unique=False)
        batch_op.create_index(
            "uq_session_clock_hall",
            ["round_id"],
            unique=True,
            sqlite_where=sa.text("table_id IS NULL"),
            postgresql_where=sa.text("table_id IS NULL"),
        )
    op.create_table(
        "clock_event",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_clock_event_round_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["table_id"], ["negotiation_table.id"], name=op.f("fk_clock_event_table_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_event")),
    )
    with op.batch_alter_table("clock_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clock_event_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clock_event_table_id"), ["table_id"], unique=False)


def downgrade() -> None:
    op.drop_table("clock_event")
    op.drop_table("session_clock")
