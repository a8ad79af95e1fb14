"""The organisers' pages about sheets: one blueprint, its views in `sheets`, `table` and `paper`."""

from __future__ import annotations

from flask import Blueprint

from competition.editions.public import Edition, get_edition
from competition.rounds.public import TableFacts, get_table
from core.errors import NotFound
from core.localised import N_

blueprint = Blueprint("sheets", __name__, url_prefix="/e/<slug>/sheets")


def edition_and_table(slug: str, number: int, table_id: str) -> tuple[Edition, TableFacts]:
    """The edition of the address and its table in that round; raises NotFound for a table of any other."""
    edition = get_edition(slug)
    table = get_table(edition.id, table_id)
    if table.round_number != number:
        raise NotFound(N_("There is no such table in this round."))
    return edition, table
