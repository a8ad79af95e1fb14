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
    "Round",
    "RoundFacts",
    "Seat",
    "SeatedResult",
    "SeatedTeam",
    "TableFacts",
    "TableResult",
    "TableResultFacts",
    "TeamResult",
    "confirm_round_results",
    "draw",
    "find_round_facts",
    "find_table",
    "get_round",
    "get_round_facts",
    "get_table",
    "last_confirmed_round",
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
    "points_for",
    "publish_round_results",
    "record_result",
    "record_results",
    "register_blocker",
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
]
