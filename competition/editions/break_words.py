"""What the sizes of the break mean, in sentences: who advances, to how many tables, and what does not add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

SEATS = 4
FINAL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketWords:
    """One division or role bracket with its sizes; `key` names it in forms."""

    key: str
    label: str
    role: str | None = None
    division_id: int | None = None
    size: int = 0
    reserves: int = 0


def meaning_of(bracket: BracketWords) -> list[str]:
    """What a bracket's sizes mean, one sentence each."""
    if bracket.size == 0:
        return [_("Nobody advances: there is no elimination here.")]
    said = [_for_role(bracket) if bracket.role else _for_division(bracket)]
    if bracket.reserves:
        said.append(_("Reserves that step in when a team leaves: %(count)d.", count=bracket.reserves))
    if not bracket.role and bracket.size % SEATS:
        seats = SEATS - bracket.size % SEATS
        said.append(
            _(
                "The last table is not full: empty seats for stand-ins, in the first round: %(count)d.",
                count=seats,
            )
        )
    return said


def _for_role(bracket: BracketWords) -> str:
    text = _("The best %(count)d teams of this role advance, one to each of %(tables)d tables.")
    return text % {"count": bracket.size, "tables": bracket.size}


def _for_division(bracket: BracketWords) -> str:
    tables = -(-bracket.size // SEATS)
    if tables == FINAL:
        return _("The best %(count)d teams meet at one table: the final.", count=bracket.size)
    return _(
        "The best %(count)d teams advance to %(tables)d tables; the top two of each table go on, down to one final.",
        count=bracket.size,
        tables=tables,
    )


def faults_of(brackets: Sequence[BracketWords]) -> list[str]:
    """What does not add up between brackets: a table of the elimination needs one team of each role."""
    sizes = {bracket.size for bracket in brackets if bracket.role}
    if len(sizes) > 1:
        return [_("A table seats one team of each role, so the same number should advance from every role.")]
    return []
