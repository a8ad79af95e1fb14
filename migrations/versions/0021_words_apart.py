"""The words of a card in a table of their own: PostgreSQL visits the row of every card that a search finds.

On SQLite the tokens of a headline stand among the words too, as they do on PostgreSQL, and are marked in their own
column: a look into headlines reads no more than headlines.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")
COLUMNS = ("headline", "words")
NOTE = "INSERT INTO pool_change (profile_id, nonce) VALUES ({row}.profile_id, random());"
NOTED = {"insert": NOTE.format(row="new"), "delete": NOTE.format(row="old"), "update": NOTE.format(row="new")}
NOTHING = {"insert": "", "delete": "", "update": ""}
MARK = """UPDATE pool_text SET
    words = CASE WHEN headline = '' THEN words WHEN words = '' THEN headline ELSE headline || ' _ ' || words END,
    headline = CASE WHEN headline = '' THEN '' ELSE '_' || replace(headline, ' ', ' _') END"""
UNMARK = """UPDATE pool_text SET
    words = CASE WHEN headline = '' THEN words ELSE substr(words, length(replace(headline, '_', '')) + 4) END,
    headline = replace(headline, '_', '')"""


def upgrade() -> None:
    op.create_table(
        "pool_text",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("headline", WORDS, nullable=False),
        sa.Column("words", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["pool_index.profile_id"], name=op.f("fk_pool_text_profile_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("profile_id", name=op.f("pk_pool_text")),
    )
    op.execute("INSERT INTO pool_text SELECT profile_id, headline, words FROM pool_index")
    if _is_postgresql():
        op.execute("CREATE INDEX ix_pool_text_words ON pool_text USING gin (words)")
    else:
        _drop_full_text("pool_index")
        _run(MARK)
    for column in COLUMNS:
        op.drop_column("pool_index", column)
    if not _is_postgresql():
        _make_full_text("pool_text", noted=NOTHING)
        _make_triggers("pool_index", NOTED)


def downgrade() -> None:
    for column in COLUMNS:
        op.add_column("pool_index", sa.Column(column, WORDS, nullable=False, server_default=""))
    if _is_postgresql():
        op.execute("ALTER TABLE pool_index DISABLE TRIGGER pool_index_changed")
    else:
        _drop_full_text("pool_text")
        _drop_triggers("pool_index")
        _run(UNMARK)
    for column in COLUMNS:
        op.execute(
            f"UPDATE pool_index SET {column} = "  # noqa: S608 - our own names
            f"(SELECT {column} FROM pool_text WHERE pool_text.profile_id = pool_index.profile_id)"
        )
    op.drop_table("pool_text")
    if _is_postgresql():
        op.execute("ALTER TABLE pool_index ENABLE TRIGGER pool_index_changed")
        for column in COLUMNS:
            op.alter_column("pool_index", column, server_default=None)
            op.execute(f"CREATE INDEX ix_pool_index_{column} ON pool_index USING gin ({column})")
    else:
        _make_full_text("pool_index", noted=NOTED)


def _make_full_text(content: str, *, noted: dict[str, str]) -> None:
    """The full-text table over the rows of `content`, filled, and the triggers that keep it in step."""
    forget = (
        "INSERT INTO pool_words (pool_words, rowid, headline, words) "
        "VALUES ('delete', old.profile_id, old.headline, old.words);"
    )
    learn = "INSERT INTO pool_words (rowid, headline, words) VALUES (new.profile_id, new.headline, new.words);"
    _run(
        f"CREATE VIRTUAL TABLE pool_words USING fts5(headline, words, content='{content}', "
        "content_rowid='profile_id', tokenize=\"ascii tokenchars '_'\", prefix='1', columnsize=0)"
    )
    _run("INSERT INTO pool_words (pool_words) VALUES ('rebuild')")
    steps = {"insert": learn, "delete": forget, "update": f"{forget} {learn}"}
    _make_triggers(content, {event: f"{step} {noted[event]}" for event, step in steps.items()})


def _drop_full_text(content: str) -> None:
    _drop_triggers(content)
    _run("DROP TABLE pool_words")


def _make_triggers(table: str, steps: dict[str, str]) -> None:
    for event, step in steps.items():
        _run(f"CREATE TRIGGER {table}_{event} AFTER {event.upper()} ON {table} BEGIN {step} END")


def _drop_triggers(table: str) -> None:
    for event in NOTED:
        _run(f"DROP TRIGGER {table}_{event}")


def _run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
