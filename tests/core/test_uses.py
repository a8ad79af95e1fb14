"""What keeps a row from being removed, and in which words."""

from __future__ import annotations

import pytest
from flask import Flask

from competition.entries.models import Arrival
from competition.rounds.models import Penalty
from core.errors import Conflict
from core.uses import OTHERWISE, find_use, refuse_if_used
from tests.factories import NOW, add, make_delegate, make_edition, make_round, make_team


def test_a_row_that_nothing_refers_to_is_free_and_so_is_one_whose_rows_go_with_it(app: Flask) -> None:
    edition = make_edition()
    team, other = make_team(edition), make_team(edition)
    make_delegate(team)
    add(Arrival(edition_id=edition.id, day=NOW.date(), team_id=team.id, noted_at=NOW))
    add(Penalty(round_id=make_round(edition).id, team_id=other.id, amount=1))
    assert find_use(team, {}) is None


def test_the_first_table_with_a_reason_gives_it_and_every_other_keeps_the_row_too(app: Flask) -> None:
    edition = make_edition()
    team = make_team(edition)
    make_delegate(team)
    add(Penalty(round_id=make_round(edition).id, team_id=team.id, amount=1))
    assert find_use(team, {}) == OTHERWISE
    assert find_use(team, {"penalty": "fined", "delegate": "peopled"}) == "fined"
    assert find_use(team, {"delegate": "peopled", "penalty": "fined"}) == "peopled"
    with pytest.raises(Conflict, match="Fudan is used elsewhere"):
        refuse_if_used(team, "Fudan", {})
