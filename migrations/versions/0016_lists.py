"""Lists from elsewhere, and what their columns were said to be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('column_memory',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('headers', sa.String(length=64), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_column_memory_edition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_column_memory')),
    sa.UniqueConstraint('edition_id', 'kind', 'headers', name=op.f('uq_column_memory_edition_id_kind_headers'))
    )
    op.create_table('roster_list',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('sheet', sa.String(length=120), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('header_row', sa.Integer(), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=True),
    sa.Column('formulas', sa.JSON(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('skipped', sa.JSON(), nullable=False),
    sa.Column('decisions', sa.JSON(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('teams', 'institutions', 'judges')", name=op.f('ck_roster_list_kind')),
    sa.CheckConstraint("state IN ('draft', 'applied')", name=op.f('ck_roster_list_state')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_roster_list_edition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_list')),
    sa.UniqueConstraint('public_id', name=op.f('uq_roster_list_public_id'))
    )
    with op.batch_alter_table('roster_list', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_list_edition_id'), ['edition_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('roster_list', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_list_edition_id'))

    op.drop_table('roster_list')
    op.drop_table('column_memory')
