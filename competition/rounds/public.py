"""What other features may use of rounds."""

from __future__ import annotations

from competition.rounds.blockers import register_blocker, register_judge_blocker
from competition.rounds.events import on_new_time, on_release
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
from competition.rounds.field import teams_of as field_teams
from competition.rounds.judge_repairs import JudgeRepair, JudgeTrouble, trouble_of_judge
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
    vacant_seats,
)
from competition.rounds.readiness import Away, Readiness, readiness_of
from competition.rounds.repairing import Place, SeatRepair, Trouble, trouble_of_team
from competition.rounds.services.absences import set_absence
from competition.rounds.services.amending import amend_seats, replace_judge
from competition.rounds.services.drafting import draft_draw
from competition.rounds.services.elimination import seat_elimination
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
from competition.rounds.words import FIGURES, role_words, trouble_words

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
    "FIGURES",
    "Away",
    "Draw",
    "JudgeRepair",
    "JudgeTrouble",
    "Lineup",
    "LineupFacts",
    "NegotiationTable",
    "Outcome",
    "OutcomeFacts",
    "PanelJudge",
    "PanelPlace",
    "Penalty",
    "PenaltyFacts",
    "Place",
    "Readiness",
    "RecordedPlace",
    "RecordedTable",
    "ReleasedSeat",
    "RoleLot",
    "Round",
    "RoundFacts",
    "RoundValues",
    "Seat",
    "SeatRepair",
    "SeatedResult",
    "SeatedTeam",
    "TableFacts",
    "TableResult",
    "TableResultFacts",
    "TeamResult",
    "Trouble",
    "amend_seats",
    "assign_roles",
    "confirm_draw",
    "confirm_round_results",
    "create_round",
    "draft_draw",
    "draw",
    "field_teams",
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
    "on_new_time",
    "on_release",
    "outcome",
    "outcomes",
    "panel_judge",
    "penalties",
    "penalty",
    "place_judge",
    "points_for",
    "publish_round_results",
    "readiness_of",
    "record_result",
    "record_results",
    "register_blocker",
    "register_judge_blocker",
    "release_draw",
    "released_seat_of_team",
    "released_seats_of_team",
    "reopen_round_results",
    "replace_judge",
    "result_counts",
    "results_of_tables",
    "role_words",
    "round_",
    "round_facts",
    "seat",
    "seat_elimination",
    "seated_results",
    "seated_teams",
    "set_absence",
    "table_result",
    "tables_by_id",
    "tables_of_draw",
    "tables_of_edition",
    "tables_of_judge",
    "tables_without_result",
    "team_result",
    "trouble_of_judge",
    "trouble_of_team",
    "trouble_words",
    "undo_draw",
    "vacant_seats",
]
