"""What employers work with: opportunities, shortlists, notes, saved searches, members by invitation, proof of a domain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pool_opportunity",
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("pay", sa.String(length=120), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("details", sa.String(length=1000), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_public("pool_opportunity"),
        _to("pool_opportunity", "employer_id", "employer", "CASCADE"),
        _to("pool_opportunity", "created_by", "person", "SET NULL"),
    )
    op.create_index(op.f("ix_pool_opportunity_employer_id"), "pool_opportunity", ["employer_id"])
    op.create_table(
        "pool_list",
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *_public("pool_list"),
        _to("pool_list", "employer_id", "employer", "CASCADE"),
        _to("pool_list", "created_by", "person", "SET NULL"),
        sa.UniqueConstraint("employer_id", "name", name=op.f("uq_pool_list_employer_id_name")),
    )
    op.create_table(
        "pool_list_entry",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        _to("pool_list_entry", "list_id", "pool_list", "CASCADE"),
        _to("pool_list_entry", "profile_id", "pool_profile", "CASCADE"),
        _to("pool_list_entry", "added_by", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_list_entry")),
        sa.UniqueConstraint("list_id", "profile_id", name=op.f("uq_pool_list_entry_list_id_profile_id")),
    )
    op.create_index(op.f("ix_pool_list_entry_profile_id"), "pool_list_entry", ["profile_id"])
    op.create_table(
        "pool_mark",
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("contacted_on", sa.Date(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        _to("pool_mark", "employer_id", "employer", "CASCADE"),
        _to("pool_mark", "profile_id", "pool_profile", "CASCADE"),
        _to("pool_mark", "updated_by", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_mark")),
        sa.UniqueConstraint("employer_id", "profile_id", name=op.f("uq_pool_mark_employer_id_profile_id")),
    )
    op.create_index(op.f("ix_pool_mark_profile_id"), "pool_mark", ["profile_id"])
    op.create_table(
        "pool_saved_search",
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("is_daily", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        *_public("pool_saved_search"),
        _to("pool_saved_search", "employer_id", "employer", "CASCADE"),
        _to("pool_saved_search", "person_id", "person", "CASCADE"),
    )
    op.create_index(op.f("ix_pool_saved_search_person_id"), "pool_saved_search", ["person_id"])
    op.create_table(
        "employer_invitation",
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_public("employer_invitation"),
        _to("employer_invitation", "employer_id", "employer", "CASCADE"),
        _to("employer_invitation", "invited_by", "person", "SET NULL"),
    )
    op.create_index(op.f("ix_employer_invitation_employer_id"), "employer_invitation", ["employer_id"])
    op.create_index(op.f("ix_employer_invitation_email"), "employer_invitation", ["email"])
    op.create_table(
        "pool_shown",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        _to("pool_shown", "profile_id", "pool_profile", "CASCADE"),
        sa.PrimaryKeyConstraint("profile_id", "day", name=op.f("pk_pool_shown")),
    )
    with op.batch_alter_table("employer") as batch:
        batch.add_column(sa.Column("domain", sa.String(length=200), nullable=False, server_default=""))
        batch.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("proof_address", sa.String(length=254), nullable=False, server_default=""))
        batch.add_column(sa.Column("proof_nonce", sa.String(length=40), nullable=False, server_default=""))
        batch.add_column(sa.Column("proof_sent_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("proof_tries", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("employer_member") as batch:
        batch.add_column(sa.Column("is_owner", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("contact_request") as batch:
        batch.add_column(sa.Column("opportunity_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_contact_request_opportunity_id"),
            "pool_opportunity",
            ["opportunity_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch.create_index(op.f("ix_contact_request_opportunity_id"), ["opportunity_id"])
    member, employer = sa.table("employer_member", sa.column("is_owner"), sa.column("employer_id"), sa.column("person_id")), sa.table(
        "employer", sa.column("id"), sa.column("applicant_id")
    )
    applied = sa.select(employer.c.applicant_id).where(employer.c.id == member.c.employer_id).scalar_subquery()
    op.execute(member.update().where(member.c.person_id == applied).values(is_owner=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("contact_request") as batch:
        batch.drop_index(op.f("ix_contact_request_opportunity_id"))
        batch.drop_constraint(op.f("fk_contact_request_opportunity_id"), type_="foreignkey")
        batch.drop_column("opportunity_id")
    with op.batch_alter_table("employer_member") as batch:
        batch.drop_column("is_owner")
    with op.batch_alter_table("employer") as batch:
        for name in ("proof_tries", "proof_sent_at", "proof_nonce", "proof_address", "proved_at", "domain"):
            batch.drop_column(name)
    for table in (
        "pool_shown",
        "employer_invitation",
        "pool_saved_search",
        "pool_mark",
        "pool_list_entry",
        "pool_list",
        "pool_opportunity",
    ):
        op.drop_table(table)


def _public(table: str) -> tuple[sa.Column | sa.Constraint, ...]:
    return (
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )


def _to(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
