"""Tables of the end of an edition: break, lots, queries and protests, awards and their seal, certificates."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column

from core.db import Base, Keyed, Public

DISPUTE_KINDS = ("query", "protest", "appeal")
DISPUTE_STATES = ("open", "upheld", "dismissed", "answered", "withdrawn")
AWARD_KINDS = ("team_tier", "individual_marks", "individual_nominations", "best_coach", "by_hand")
AWARD_SCOPES = ("overall", "role", "division")
SEAL_STATES = ("open", "sealed", "unsealed", "published")
CERTIFICATE_KINDS = ("award", "participation", "judge", "coach")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


class BreakChoice(Base, Keyed):
    """What organisers chose for the break of one ranking besides its size: how many of one institution advance.

    `selection` names the ranking as standings do: `overall`, `division:<code>`, `role:<role>`.
    """

    __tablename__ = "break_choice"
    __table_args__ = (UniqueConstraint("edition_id", "selection"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    selection: Mapped[str] = mapped_column(String(80))
    institution_cap: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)


class BreakExclusion(Base, Keyed):
    """A team that does not advance although its rank would let it, with the reason that is published."""

    __tablename__ = "break_exclusion"
    __table_args__ = (UniqueConstraint("edition_id", "team_id"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(300))
    noted_at: Mapped[datetime]


class Lot(Base, Public):
    """A lot drawn among level teams; it is never drawn again for the same teams, and never removed.

    `occasion` is `break:<selection>` or `round:<number>:<role>`; `teams` lists, first drawn first, the team's key,
    the name it was drawn under, and its number (the higher goes first).
    """

    __tablename__ = "lot"
    __table_args__ = (Index("ix_lot_edition_id_occasion", "edition_id", "occasion"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    occasion: Mapped[str] = mapped_column(String(100))
    seed: Mapped[int] = mapped_column(BigInteger)
    teams: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[int | None]


class BreakPublication(Base, Public):
    """The break as it was published, never edited: a change is a new version with the director's decision.

    `brackets` holds per selection the teams that advance and wait (team, place, rank, lot) and who was passed over.
    """

    __tablename__ = "break_publication"
    __table_args__ = (
        UniqueConstraint("edition_id", "version"),
        Index(
            "uq_break_publication_live",
            "edition_id",
            unique=True,
            sqlite_where=text("is_live"),
            postgresql_where=text("is_live"),
        ),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    version: Mapped[int]
    is_live: Mapped[bool] = mapped_column(default=True)
    decision: Mapped[str] = mapped_column(String(1000), default="")
    after_round: Mapped[int]
    metrics: Mapped[str] = mapped_column(String(200))
    brackets: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime]
    published_by: Mapped[int | None]


class DisputeRule(Base, Keyed):
    """How long after a round's results are published queries and protests are taken, and appeals after a decision.

    In minutes; an edition without a row has the defaults.
    """

    __tablename__ = "dispute_rule"
    __table_args__ = (UniqueConstraint("edition_id"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    query_minutes: Mapped[int] = mapped_column(default=120)
    protest_minutes: Mapped[int] = mapped_column(default=60)
    appeal_minutes: Mapped[int] = mapped_column(default=60)
    version: Mapped[int] = mapped_column(default=1)


class Dispute(Base, Public):
    """A query about arithmetic, a protest, or an appeal against a decision (`appeal_of_id`), about one table.

    `respondent` is who is to answer, in words; `respondent_team_id` when it is a team of the table. A decision is
    never changed: an appeal leads to another one.
    """

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint(_one_of("kind", DISPUTE_KINDS), name="kind"),
        CheckConstraint(_one_of("state", DISPUTE_STATES), name="state"),
        UniqueConstraint("appeal_of_id"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str] = mapped_column(String(30))
    table_id: Mapped[int] = mapped_column(ForeignKey("negotiation_table.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    respondent: Mapped[str] = mapped_column(String(20))
    respondent_team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    words: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime]
    filed_by: Mapped[int | None]
    is_on_behalf: Mapped[bool] = mapped_column(default=False)
    deadline_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10), default="open")
    decision: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None]
    penalty_team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    penalty_amount: Mapped[Decimal | None]
    appeal_of_id: Mapped[int | None] = mapped_column(ForeignKey("dispute.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)


class AwardLine(Base, Public):
    """One award that the edition gives, before anybody has won it; the order of the lines is that of importance.

    `count` or `percentage` say how many (a percentage of the ranked teams); `scope` gives so many of everybody
    together (`overall`), in each role bracket (`role`) or in each division (`division`); `criteria` are the keys of
    delegates' criteria (none: all); `worth` is what a team's tier counts for its coach; `winners` name the winners of
    an award that is decided by hand.
    """

    __tablename__ = "award_line"
    __table_args__ = (
        CheckConstraint(_one_of("kind", AWARD_KINDS), name="kind"),
        CheckConstraint(_one_of("scope", AWARD_SCOPES), name="scope"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(200))
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(24))
    count: Mapped[int | None]
    percentage: Mapped[Decimal | None]
    scope: Mapped[str] = mapped_column(String(10), default="overall")
    criteria: Mapped[list[int]] = mapped_column(JSON, default=list)
    worth: Mapped[Decimal] = mapped_column(default=Decimal(0))
    winners: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)


class Nomination(Base, Keyed):
    """A judge names one delegate of a table for an award."""

    __tablename__ = "nomination"
    __table_args__ = (UniqueConstraint("award_line_id", "table_id", "judge_id"),)

    award_line_id: Mapped[int] = mapped_column(ForeignKey("award_line.id", ondelete="CASCADE"))
    table_id: Mapped[int] = mapped_column(ForeignKey("negotiation_table.id", ondelete="CASCADE"), index=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), index=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id", ondelete="CASCADE"), index=True)
    named_at: Mapped[datetime]


class AwardSeal(Base, Keyed):
    """The state of an edition's awards: open, sealed (nobody sees the winners), unsealed by two, published.

    `winners` are the names as they were worked out when the awards were sealed, in the order of the lines.
    """

    __tablename__ = "award_seal"
    __table_args__ = (
        UniqueConstraint("edition_id"),
        CheckConstraint(_one_of("state", SEAL_STATES), name="state"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10), default="open")
    winners: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    sealed_at: Mapped[datetime | None]
    sealed_by: Mapped[int | None]
    first_key_by: Mapped[int | None]
    first_key_at: Mapped[datetime | None]
    unsealed_by: Mapped[int | None]
    unsealed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class Certificate(Base, Public):
    """What one certificate says, word for word, and the code by which anybody who holds it can have it confirmed.

    Its words never change: a mistake is revoked and a new one issued.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint(_one_of("kind", CERTIFICATE_KINDS), name="kind"),
        UniqueConstraint("code"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id", ondelete="CASCADE"), index=True)
    judge_id: Mapped[int | None] = mapped_column(ForeignKey("judge.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_local: Mapped[str] = mapped_column(String(200), default="")
    team: Mapped[str] = mapped_column(String(200), default="")
    institution: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(12), default="")
    award: Mapped[str] = mapped_column(String(200), default="")
    award_zh: Mapped[str] = mapped_column(String(200), default="")
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str] = mapped_column(String(300), default="")


class CertificateBook(Base, Keyed):
    """All certificates of an edition as one document, the newest only."""

    __tablename__ = "certificate_book"
    __table_args__ = (UniqueConstraint("edition_id"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    made_at: Mapped[datetime]
    pages: Mapped[int]
    data: Mapped[bytes] = deferred(mapped_column(LargeBinary))
