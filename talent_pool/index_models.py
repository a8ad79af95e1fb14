"""Tables of the search index: what can be found of each listed card, and which cards changed, in order.

`pool_index` and `pool_text` have a row for each listed card and are written together. The words stand apart because
PostgreSQL visits the row of every card that it finds: what those rows carry besides is paid for by each search. There
`pool_text` holds tsvectors; on SQLite triggers keep the full-text table `pool_words` in step with it. On both a trigger
writes every change of `pool_index` into `pool_change`, so that a deleted person leaves the counts of every process too,
whoever deleted them.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import DDL, BigInteger, ForeignKey, Table, Text, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base

Words = Text().with_variant(TSVECTOR(), "postgresql")


class PoolIndex(Base):
    """What filters and order use of one listed card. `facets` are its facet:value pairs, separated by blanks; `seed` is
    its place in every day's shuffle."""

    __tablename__ = "pool_index"

    profile_id: Mapped[int] = mapped_column(
        ForeignKey("pool_profile.id", ondelete="CASCADE"), primary_key=True
    )
    facets: Mapped[str] = mapped_column(Text)
    confirmed_on: Mapped[date]
    seed: Mapped[int] = mapped_column(BigInteger)


class PoolText(Base):
    """The tokens of one listed card as talent_pool.search writes them for this database."""

    __tablename__ = "pool_text"

    profile_id: Mapped[int] = mapped_column(
        ForeignKey("pool_index.profile_id", ondelete="CASCADE"), primary_key=True
    )
    headline: Mapped[str] = mapped_column(Words)
    words: Mapped[str] = mapped_column(Words)


class PoolChange(Base):
    """One change of the index. Numbers rise in the order of the commits; `nonce` tells two histories apart (a backup
    that was put back, a transaction that was undone)."""

    __tablename__ = "pool_change"
    __table_args__ = {"sqlite_autoincrement": True}

    number: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int]
    nonce: Mapped[int] = mapped_column(BigInteger)


FORGET = (
    "INSERT INTO pool_words (pool_words, rowid, headline, words) "
    "VALUES ('delete', old.profile_id, old.headline, old.words);"
)
LEARN = "INSERT INTO pool_words (rowid, headline, words) VALUES (new.profile_id, new.headline, new.words);"
NOTE = "INSERT INTO pool_change (profile_id, nonce) VALUES ({row}.profile_id, random());"
ON_SQLITE = (
    "CREATE VIRTUAL TABLE pool_words USING fts5(headline, words, content='pool_text', content_rowid='profile_id', "
    "tokenize=\"ascii tokenchars '_'\", prefix='1', columnsize=0)",
    f"CREATE TRIGGER pool_text_insert AFTER INSERT ON pool_text BEGIN {LEARN} END",
    f"CREATE TRIGGER pool_text_delete AFTER DELETE ON pool_text BEGIN {FORGET} END",
    f"CREATE TRIGGER pool_text_update AFTER UPDATE ON pool_text BEGIN {FORGET} {LEARN} END",
    f"CREATE TRIGGER pool_index_insert AFTER INSERT ON pool_index BEGIN {NOTE.format(row='new')} END",
    f"CREATE TRIGGER pool_index_delete AFTER DELETE ON pool_index BEGIN {NOTE.format(row='old')} END",
    f"CREATE TRIGGER pool_index_update AFTER UPDATE ON pool_index BEGIN {NOTE.format(row='new')} END",
)
ON_POSTGRESQL = (
    "CREATE INDEX ix_pool_text_words ON pool_text USING gin (words)",
    # One writer at a time from here to its commit: numbers then rise in the order in which changes can be seen.
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

_table = PoolChange.__table__
assert isinstance(_table, Table)
_table.add_is_dependent_on(PoolText.__table__)  # type: ignore[arg-type]
for _dialect, _statements in (("sqlite", ON_SQLITE), ("postgresql", ON_POSTGRESQL)):
    for _statement in _statements:
        _ddl = DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(_table, "after_create", _ddl.execute_if(dialect=_dialect))

GONE_ON_SQLITE = "DROP TABLE IF EXISTS pool_words"
GONE_ON_POSTGRESQL = "DROP FUNCTION IF EXISTS pool_index_changed() CASCADE"
for _dialect, _statement in (("sqlite", GONE_ON_SQLITE), ("postgresql", GONE_ON_POSTGRESQL)):
    _ddl = DDL(_statement)  # type: ignore[no-untyped-call]
    event.listen(PoolText.__table__, "before_drop", _ddl.execute_if(dialect=_dialect))
