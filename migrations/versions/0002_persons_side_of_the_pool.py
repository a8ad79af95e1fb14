"""The person's side of the pool: consent records, audiences, the log, CVs, deletion notices, rights, invitations.

The card has other pieces now and the consent text is a new one, so cards shown until now go off the list: each person
looks at theirs again and saves it. What they wrote and the languages they chose are kept.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATES = "state IN ('asked', 'accepted', 'declined', 'expired', 'withdrawn', 'revoked')"
STATES_BEFORE = "state IN ('asked', 'accepted', 'declined')"


def upgrade() -> None:
    _make_tables()
    _widen_employers()
    _widen_consents()
    _widen_profiles()
    _widen_requests()


def _make_tables() -> None:
    op.create_table('pool_notice',
    sa.Column('text_hash', sa.String(length=64), nullable=False),
    sa.Column('text_version', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('first_shown_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pool_notice')),
    sa.UniqueConstraint('text_hash', name=op.f('uq_pool_notice_text_hash'))
    )
    op.create_table('pool_consent_record',
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('act', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text_version', sa.String(length=20), nullable=False),
    sa.Column('text_hash', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('record', sa.JSON(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pool_consent_record_person_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pool_consent_record')),
    sa.UniqueConstraint('public_id', name=op.f('uq_pool_consent_record_public_id'))
    )
    with op.batch_alter_table('pool_consent_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pool_consent_record_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_pool_consent_record_person_id'), ['person_id'], unique=False)

    op.create_table('pool_invitation',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pool_invitation_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pool_invitation')),
    sa.UniqueConstraint('person_id', name=op.f('uq_pool_invitation_person_id'))
    )
    op.create_table('pool_rights_request',
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('words', sa.String(length=2000), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(length=2000), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('access', 'correction', 'erasure', 'restriction', 'objection', 'portability', 'complaint')", name=op.f('ck_pool_rights_request_kind')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pool_rights_request_person_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pool_rights_request')),
    sa.UniqueConstraint('public_id', name=op.f('uq_pool_rights_request_public_id'))
    )
    with op.batch_alter_table('pool_rights_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pool_rights_request_asked_at'), ['asked_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_pool_rights_request_person_id'), ['person_id'], unique=False)

    op.create_table('pool_cv',
    sa.Column('profile_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['profile_id'], ['pool_profile.id'], name=op.f('fk_pool_cv_profile_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pool_cv')),
    sa.UniqueConstraint('profile_id', name=op.f('uq_pool_cv_profile_id'))
    )
    op.create_table('pool_deletion_notice',
    sa.Column('employer_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('handle', sa.String(length=16), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by', sa.Integer(), nullable=True),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['confirmed_by'], ['person.id'], name=op.f('fk_pool_deletion_notice_confirmed_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_pool_deletion_notice_employer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pool_deletion_notice_person_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pool_deletion_notice')),
    sa.UniqueConstraint('public_id', name=op.f('uq_pool_deletion_notice_public_id'))
    )
    with op.batch_alter_table('pool_deletion_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pool_deletion_notice_employer_id'), ['employer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pool_deletion_notice_person_id'), ['person_id'], unique=False)

    op.create_table('pool_event',
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('employer_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('handle', sa.String(length=16), nullable=False),
    sa.Column('event', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("event IN ('viewed', 'asked', 'revealed', 'downloaded', 'revoked', 'exported')", name=op.f('ck_pool_event_event')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_pool_event_employer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['person.id'], name=op.f('fk_pool_event_member_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pool_event_person_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pool_event'))
    )
    with op.batch_alter_table('pool_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pool_event_employer_id'), ['employer_id'], unique=False)
        batch_op.create_index('ix_pool_event_event', ['event', 'at'], unique=False)
        batch_op.create_index('ix_pool_event_member', ['member_id', 'event', 'at'], unique=False)
        batch_op.create_index('ix_pool_event_person', ['person_id', 'at'], unique=False)

    op.create_table('pool_rule',
    sa.Column('profile_id', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=12), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("rule IN ('shown', 'hidden', 'kind', 'country', 'name', 'preapproved')", name=op.f('ck_pool_rule_rule')),
    sa.ForeignKeyConstraint(['profile_id'], ['pool_profile.id'], name=op.f('fk_pool_rule_profile_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pool_rule')),
    sa.UniqueConstraint('profile_id', 'rule', 'value', name=op.f('uq_pool_rule_profile_id_rule_value'))
    )
    with op.batch_alter_table('pool_rule', schema=None) as batch_op:
        batch_op.create_index('ix_pool_rule_value', ['rule', 'value', 'profile_id'], unique=False)


def _widen_employers() -> None:
    with op.batch_alter_table("employer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("country", sa.String(length=2), server_default="", nullable=False))
        batch_op.add_column(sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE employer SET approved_at = decided_at WHERE state IN ('approved', 'suspended')")


def _widen_consents() -> None:
    with op.batch_alter_table("pool_consent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("allows_abroad", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("allows_statistics", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE pool_consent SET confirmed_at = given_at")
    with op.batch_alter_table("pool_consent", schema=None) as batch_op:
        batch_op.alter_column("confirmed_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def _widen_profiles() -> None:
    with op.batch_alter_table("pool_profile", schema=None) as batch_op:
        batch_op.add_column(sa.Column("facts", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("hidden", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(
            sa.Column("shows_exactly", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("audience", sa.String(length=8), server_default="all", nullable=False))
        batch_op.add_column(sa.Column("audience_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("new_employers", sa.String(length=12), server_default="after_7_days", nullable=False)
        )
    _keep_languages()
    op.execute("UPDATE pool_profile SET audience_at = updated_at, card = '{}'")
    op.execute(sa.text("UPDATE pool_profile SET is_listed = :no").bindparams(no=False))
    for table in ("pool_token", "pool_facet"):
        if table in sa.inspect(op.get_bind()).get_table_names():
            op.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - two names of ours
    with op.batch_alter_table("pool_profile", schema=None) as batch_op:
        batch_op.alter_column("audience_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_check_constraint(op.f("ck_pool_profile_audience"), "audience IN ('all', 'chosen')")
        batch_op.create_check_constraint(
            op.f("ck_pool_profile_new_employers"), "new_employers IN ('at_once', 'after_7_days', 'never')"
        )
        batch_op.drop_column("skills")
        batch_op.drop_column("looking_for")
        batch_op.drop_column("languages")


def _keep_languages() -> None:
    profile = sa.table(
        "pool_profile", sa.column("id"), sa.column("languages"), sa.column("facts", sa.JSON())
    )
    for key, codes in op.get_bind().execute(sa.select(profile.c.id, profile.c.languages)).all():
        facts = {"languages": dict.fromkeys(filter(None, codes.split(",")), "")} if codes else {}
        op.get_bind().execute(sa.update(profile).where(profile.c.id == key).values(facts=facts))


def _widen_requests() -> None:
    with op.batch_alter_table("contact_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reminders", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column("is_preapproved", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    moment = sa.DateTime(timezone=True)
    request = sa.table(
        "contact_request", sa.column("id"), sa.column("created_at", moment), sa.column("expires_at", moment)
    )
    for key, created_at in op.get_bind().execute(sa.select(request.c.id, request.c.created_at)).all():
        ends = sa.update(request).where(request.c.id == key).values(expires_at=created_at + timedelta(days=14))
        op.get_bind().execute(ends)
    with op.batch_alter_table("contact_request", schema=None) as batch_op:
        batch_op.alter_column("expires_at", existing_type=moment, nullable=False)
        batch_op.drop_constraint(op.f("ck_contact_request_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_contact_request_state"), STATES)


def downgrade() -> None:
    op.execute("UPDATE contact_request SET state = 'declined' WHERE state NOT IN ('asked', 'accepted')")
    with op.batch_alter_table("contact_request", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_contact_request_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_contact_request_state"), STATES_BEFORE)
        for column in ("ended_at", "is_preapproved", "reminders", "expires_at"):
            batch_op.drop_column(column)
    with op.batch_alter_table("pool_profile", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_pool_profile_audience"), type_="check")
        batch_op.drop_constraint(op.f("ck_pool_profile_new_employers"), type_="check")
        for column in (
            "new_employers",
            "audience_at",
            "audience",
            "paused_at",
            "shows_exactly",
            "hidden",
            "facts",
        ):
            batch_op.drop_column(column)
        batch_op.add_column(sa.Column("skills", sa.String(length=400), server_default="", nullable=False))
        batch_op.add_column(sa.Column("languages", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("looking_for", sa.String(length=200), server_default="", nullable=False)
        )
    with op.batch_alter_table("pool_consent", schema=None) as batch_op:
        for column in ("reminded_at", "allows_statistics", "allows_abroad", "confirmed_at"):
            batch_op.drop_column(column)
    with op.batch_alter_table("employer", schema=None) as batch_op:
        for column in ("approved_at", "country"):
            batch_op.drop_column(column)
    for table in (
        "pool_rule",
        "pool_event",
        "pool_deletion_notice",
        "pool_cv",
        "pool_rights_request",
        "pool_invitation",
        "pool_consent_record",
        "pool_notice",
    ):
        op.drop_table(table)
