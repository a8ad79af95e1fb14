"""The search index of cards: one row a card with its words, a full-text index on either database, and what changed.

Cards that were listed before are indexed by the worker when it starts (or by `flask talent index`): a migration
does not know how words are cut.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")
FORGET = "INSERT INTO pool_words (pool_words, rowid, headline, words) VALUES ('delete', old.profile_id, old.headline, old.words);"
LEARN = "INSERT INTO pool_words (rowid, headline, words) VALUES (new.profile_id, new.headline, new.words);"
NOTE = "INSERT INTO pool_change (profile_id, nonce) VALUES ({row}.profile_id, random());"
ON_SQLITE = (
    "CREATE VIRTUAL TABLE pool_words USING fts5(headline, words, content='pool_index', content_rowid='profile_id', "
    "tokenize=\"ascii tokenchars '_'\", prefix='1', columnsize=0)",
    f"CREATE TRIGGER pool_index_insert AFTER INSERT ON pool_index BEGIN {LEARN} {NOTE.format(row='new')} END",
    f"CREATE TRIGGER pool_index_delete AFTER DELETE ON pool_index BEGIN {FORGET} {NOTE.format(row='old')} END",
    "CREATE TRIGGER pool_index_update AFTER UPDATE ON pool_index "
    f"BEGIN {FORGET} {LEARN} {NOTE.format(row='new')} END",
)
ON_POSTGRESQL = (
    "CREATE INDEX ix_pool_index_words ON pool_index USING gin (words)",
    "CREATE INDEX ix_pool_index_headline ON pool_index USING gin (headline)",
    """CREATE FUNCTION pool_index_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock(727564);
      INSERT INTO pool_change (profile_id, nonce)
      VALUES (CASE WHEN TG_OP = 'DELETE' THEN old.profile_id ELSE new.profile_id END, (random() * 9e15)::bigint);
      RETURN NULL;
    END $$""",
    "CREATE TRIGGER pool_index_changed AFTER INSERT OR UPDATE OR DELETE ON pool_index "
    "FOR EACH ROW EXECUTE FUNCTION pool_index_changed()",
)


def upgrade() -> None:
    op.drop_table("pool_token")
    op.drop_table("pool_facet")
    op.create_table(
        "pool_index",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("facets", sa.Text(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("headline", WORDS, nullable=False),
        sa.Column("words", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["pool_profile.id"], name=op.f("fk_pool_index_profile_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("profile_id", name=op.f("pk_pool_index")),
    )
    op.create_table(
        "pool_change",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_pool_change")),
        sqlite_autoincrement=True,
    )
    for statement in ON_POSTGRESQL if _is_postgresql() else ON_SQLITE:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    op.drop_table("pool_change")
    if not _is_postgresql():
        op.get_bind().exec_driver_sql("DROP TABLE pool_words")
    op.drop_table("pool_index")
    if _is_postgresql():
        op.get_bind().exec_driver_sql("DROP FUNCTION pool_index_changed()")
    op.create_table(
        "pool_facet",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("facet", sa.String(length=30), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["pool_profile.id"], name=op.f("fk_pool_facet_profile_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("profile_id", "facet", "value", name=op.f("pk_pool_facet")),
    )
    op.create_index("ix_pool_facet_value", "pool_facet", ["facet", "value", "profile_id"])
    op.create_table(
        "pool_token",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["pool_profile.id"], name=op.f("fk_pool_token_profile_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("profile_id", "position", name=op.f("pk_pool_token")),
    )
    op.create_index("ix_pool_token_token", "pool_token", ["token", "profile_id", "position"])


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
