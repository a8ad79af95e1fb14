"""What other features may use of rounds."""

from __future__ import annotations

from competition.rounds.blockers import register_blocker
from competition.rounds.facts import (
    LineupFacts,
    OutcomeFacts,
    PanelPlace,
    PenaltyFacts,
    ReleasedSeat,
    RoundFacts,
    SeatedResult,
    SeatedTeam,
    TableFacts,
    TableResultFacts,
)
from competition.rounds.models import (
    Draw,
    Lineup,
    NegotiationTable,
    Outcome,
    PanelJudge,
    Penalty,
    Round,
    Seat,
    TableResult,
    TeamResult,
)
from competition.rounds.outcomes import (
    last_confirmed_round,
    lineups,
    live_results,
    outcomes,
    penalties,
    result_counts,
    results_of_tables,
    seated_results,
)
from competition.rounds.points import points_for
from competition.rounds.queries import (
    find_round_facts,
    find_table,
    get_round,
    get_round_facts,
    get_table,
    live_draw,
    released_seats_of_team,
    round_facts,
    seated_teams,
    tables_by_id,
    tables_of_draw,
    tables_of_edition,
    tables_of_judge,
)
from competition.rounds.services.drafting import draft_draw
from competition.rounds.services.lifecycle import confirm_draw, release_draw, undo_draw
from competition.rounds.services.panels import fill_round_panels, place_judge
from competition.rounds.services.results import (
    RecordedPlace,
    RecordedTable,
    confirm_round_results,
    publish_round_results,
    record_result,
    record_results,
    reopen_round_results,
    tables_without_result,
)
from competition.rounds.services.role_lots import RoleLot, assign_roles, last_lot
from competition.rounds.services.setup import RoundValues, create_round

round_ = Round.__table__
draw = Draw.__table__
negotiation_table = NegotiationTable.__table__
seat = Seat.__table__
panel_judge = PanelJudge.__table__
outcome = Outcome.__table__
lineup = Lineup.__table__
penalty = Penalty.__table__
table_result = TableResult.__table__
team_result = TeamResult.__table__
released_seat_of_team = released_seats_of_team

__all__ = [
    "Draw",
    "Lineup",
    "LineupFacts",
    "NegotiationTable",
    "Outcome",
    "OutcomeFacts",
    "PanelJudge",
    "PanelPlace",
    "Penalty",
    "PenaltyFacts",
    "RecordedPlace",
    "RecordedTable",
    "ReleasedSeat",
    "RoleLot",
    "Round",
    "RoundFacts",
    "RoundValues",
    "Seat",
    "SeatedResult",
    "SeatedTeam",
    "TableFacts",
    "TableResult",
    "TableResultFacts",
    "TeamResult",
    "assign_roles",
    "confirm_draw",
    "confirm_round_results",
    "create_round",
    "draft_draw",
    "draw",
    "fill_round_panels",
    "find_round_facts",
    "find_table",
    "get_round",
    "get_round_facts",
    "get_table",
    "last_confirmed_round",
    "last_lot",
    "lineup",
    "lineups",
    "live_draw",
    "live_results",
    "negotiation_table",
    "outcome",
    "outcomes",
    "panel_judge",
    "penalties",
    "penalty",
    "place_judge",
    "points_for",
    "publish_round_results",
    "record_result",
    "record_results",
    "register_blocker",
    "release_draw",
    "released_seat_of_team",
    "released_seats_of_team",
    "reopen_round_results",
    "result_counts",
    "results_of_tables",
    "round_",
    "round_facts",
    "seat",
    "seated_results",
    "seated_teams",
    "table_result",
    "tables_by_id",
    "tables_of_draw",
    "tables_of_edition",
    "tables_of_judge",
    "tables_without_result",
    "team_result",
    "undo_draw",
]
