"""Messages: announcements, mailings with their addresses, who wants no more; further headers of a mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("headers", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
    op.create_table(
        "announcement",
        *_texts("title"),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        *_ends("announcement"),
    )
    op.create_table(
        "mailing",
        *_texts("subject"),
        sa.Column("is_essential", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=16), nullable=False),
        *_ends("mailing"),
    )
    for table in ("announcement", "mailing"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_edition_id"), ["edition_id"], unique=False)
    _create_recipients()
    op.create_table(
        "mail_choice",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("unsubscribed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_mail_choice_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_choice")),
        sa.UniqueConstraint("edition_id", "address", name=op.f("uq_mail_choice_edition_id_address")),
    )
    with op.batch_alter_table("mail_choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_choice_address"), ["address"], unique=False)


def _texts(heading: str) -> list[sa.Column]:
    return [
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column(heading, sa.String(length=200), nullable=False),
        sa.Column(f"{heading}_zh", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_zh", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
    ]


def _ends(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f(f"fk_{table}_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def _create_recipients() -> None:
    op.create_table(
        "mailing_recipient",
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('waiting', 'posted', 'unsubscribed')", name=op.f("ck_mailing_recipient_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailing.id"], name=op.f("fk_mailing_recipient_mailing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"],
            ["outbox_message.id"],
            name=op.f("fk_mailing_recipient_outbox_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_recipient")),
        sa.UniqueConstraint("mailing_id", "address", name=op.f("uq_mailing_recipient_mailing_id_address")),
    )
    with op.batch_alter_table("mailing_recipient", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mailing_recipient_mailing_id_outcome", ["mailing_id", "outcome"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_mailing_recipient_outbox_id"), ["outbox_id"], unique=False)


def downgrade() -> None:
    for table in ("mail_choice", "mailing_recipient", "mailing", "announcement"):
        op.drop_table(table)
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_column("headers")
