"""People apply alone: the call, applications, reviewers and reviews, and the teams formed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('application_call',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asks_institution', sa.Boolean(), nullable=False),
    sa.Column('asks_gender', sa.Boolean(), nullable=False),
    sa.Column('question', sa.String(length=500), nullable=False),
    sa.Column('question_zh', sa.String(length=500), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('reserves', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_application_call_edition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_call')),
    sa.UniqueConstraint('edition_id', name=op.f('uq_application_call_edition_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_application_call_public_id'))
    )
    op.create_table('review_criterion',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_zh', sa.String(length=120), nullable=False),
    sa.Column('maximum', sa.Integer(), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_review_criterion_edition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_criterion')),
    sa.UniqueConstraint('public_id', name=op.f('uq_review_criterion_public_id'))
    )
    with op.batch_alter_table('review_criterion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_criterion_edition_id'), ['edition_id'], unique=False)

    op.create_table('reviewer',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('contact', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('institution', sa.String(length=200), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_reviewer_edition_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reviewer_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviewer')),
    sa.UniqueConstraint('edition_id', 'contact', name=op.f('uq_reviewer_edition_id_contact')),
    sa.UniqueConstraint('public_id', name=op.f('uq_reviewer_public_id'))
    )
    with op.batch_alter_table('reviewer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reviewer_person_id'), ['person_id'], unique=False)

    op.create_table('team_plan',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('teams', sa.Integer(), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('engine', sa.String(length=40), nullable=False),
    sa.Column('weights', sa.JSON(), nullable=False),
    sa.Column('placement', sa.JSON(), nullable=False),
    sa.Column('locked', sa.JSON(), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('undo', sa.JSON(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_team_plan_edition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_plan')),
    sa.UniqueConstraint('edition_id', name=op.f('uq_team_plan_edition_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_team_plan_public_id'))
    )
    op.create_table('application',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('contact', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_local', sa.String(length=200), nullable=False),
    sa.Column('institution', sa.String(length=200), nullable=False),
    sa.Column('discipline', sa.String(length=30), nullable=False),
    sa.Column('year', sa.String(length=30), nullable=False),
    sa.Column('culture', sa.String(length=30), nullable=False),
    sa.Column('experience', sa.String(length=30), nullable=False),
    sa.Column('gender', sa.String(length=30), nullable=False),
    sa.Column('motivation', sa.Text(), nullable=False),
    sa.Column('wishes_together', sa.String(length=800), nullable=False),
    sa.Column('wishes_apart', sa.String(length=800), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('reserve_rank', sa.Integer(), nullable=True),
    sa.Column('notice_version', sa.Integer(), nullable=True),
    sa.Column('delegate_id', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('applied', 'accepted', 'reserve', 'declined', 'withdrawn')", name=op.f('ck_application_state')),
    sa.ForeignKeyConstraint(['delegate_id'], ['delegate.id'], name=op.f('fk_application_delegate_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_application_edition_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_application_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application')),
    sa.UniqueConstraint('edition_id', 'contact', name=op.f('uq_application_edition_id_contact')),
    sa.UniqueConstraint('public_id', name=op.f('uq_application_public_id'))
    )
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_application_delegate_id'), ['delegate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_application_person_id'), ['person_id'], unique=False)

    op.create_table('pair_wish',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('is_hard', sa.Boolean(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('together', 'apart')", name=op.f('ck_pair_wish_kind')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_pair_wish_edition_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['first_id'], ['application.id'], name=op.f('fk_pair_wish_first_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['second_id'], ['application.id'], name=op.f('fk_pair_wish_second_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pair_wish')),
    sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_pair_wish_first_id_second_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_pair_wish_public_id'))
    )
    with op.batch_alter_table('pair_wish', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pair_wish_edition_id'), ['edition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pair_wish_second_id'), ['second_id'], unique=False)

    op.create_table('review',
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('reviewer_id', sa.Integer(), nullable=False),
    sa.Column('marks', sa.JSON(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('is_conflict', sa.Boolean(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_review_application_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reviewer_id'], ['reviewer.id'], name=op.f('fk_review_reviewer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('application_id', 'reviewer_id', name=op.f('uq_review_application_id_reviewer_id'))
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_reviewer_id'), ['reviewer_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_reviewer_id'))

    op.drop_table('review')
    with op.batch_alter_table('pair_wish', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pair_wish_second_id'))
        batch_op.drop_index(batch_op.f('ix_pair_wish_edition_id'))

    op.drop_table('pair_wish')
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_application_person_id'))
        batch_op.drop_index(batch_op.f('ix_application_delegate_id'))

    op.drop_table('application')
    op.drop_table('team_plan')
    with op.batch_alter_table('reviewer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reviewer_person_id'))

    op.drop_table('reviewer')
    with op.batch_alter_table('review_criterion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_criterion_edition_id'))

    op.drop_table('review_criterion')
    op.drop_table('application_call')
