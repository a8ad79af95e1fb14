"""What other features may use of entries."""

from __future__ import annotations

from competition.entries.check_in import Expected, expected_on, today
from competition.entries.finding import Found, everybody
from competition.entries.forms import NAMED, CheckboxesField, ConfirmSelfForm
from competition.entries.models import (
    Arrival,
    Delegate,
    DelegateDivision,
    Institution,
    Judge,
    JudgeConflict,
    JudgeDayOff,
    Team,
    TeamDivision,
)
from competition.entries.queries import (
    TeamLine,
    coached_by,
    coached_teams,
    conflicts_of_judge,
    delegates_of_team,
    find_own_delegate,
    find_own_judge,
    find_own_team,
    get_delegate,
    get_judge,
    get_team,
    institutions_of,
    judges_of,
    judges_who_coach,
    substitutions_of,
    team_lines,
    waiting_teams,
)
from competition.entries.registering.confirming import confirm_form, own_answers, own_questions
from competition.entries.registering.models import Substitution
from competition.entries.registering.offers import find_open_offer, offer_free_places, offer_stop
from competition.entries.registering.questions import keep_answers, save_question
from competition.entries.registering.rules import rules_of as registration_rules
from competition.entries.registering.rules import save_rules as set_registration_rules
from competition.entries.self_check_in import are_open, find_hours, own_arrival, own_rows
from competition.entries.services.formed import FormedDelegate, add_formed_team
from competition.entries.services.invitations import (
    claim,
    find_registration_link,
    invite_judge,
    invite_member,
    invited_addresses,
    open_invitations,
    registration_link,
)
from competition.entries.services.judge_profile import days_of, days_off_of
from competition.entries.services.judge_profile import save_profile as save_judge_profile
from competition.entries.services.quota import set_quota
from competition.entries.services.registration import (
    NewDelegate,
    add_substitute,
    confirm_delegate,
    confirm_judge,
    register_team,
)

team_table = Team.__table__
arrival_table = Arrival.__table__
delegate_table = Delegate.__table__
judge_table = Judge.__table__
institution_table = Institution.__table__
team_division_table = TeamDivision.__table__

__all__ = [
    "NAMED",
    "CheckboxesField",
    "ConfirmSelfForm",
    "Delegate",
    "DelegateDivision",
    "Expected",
    "FormedDelegate",
    "Found",
    "Institution",
    "Judge",
    "JudgeConflict",
    "JudgeDayOff",
    "NewDelegate",
    "Substitution",
    "Team",
    "TeamDivision",
    "TeamLine",
    "add_formed_team",
    "add_substitute",
    "are_open",
    "arrival_table",
    "claim",
    "coached_by",
    "coached_teams",
    "confirm_delegate",
    "confirm_form",
    "confirm_judge",
    "conflicts_of_judge",
    "days_of",
    "days_off_of",
    "delegate_table",
    "delegates_of_team",
    "everybody",
    "expected_on",
    "find_hours",
    "find_open_offer",
    "find_own_delegate",
    "find_own_judge",
    "find_own_team",
    "find_registration_link",
    "get_delegate",
    "get_judge",
    "get_team",
    "institution_table",
    "institutions_of",
    "invite_judge",
    "invite_member",
    "invited_addresses",
    "judge_table",
    "judges_of",
    "judges_who_coach",
    "keep_answers",
    "offer_free_places",
    "offer_stop",
    "open_invitations",
    "own_answers",
    "own_arrival",
    "own_questions",
    "own_rows",
    "register_team",
    "registration_link",
    "registration_rules",
    "save_judge_profile",
    "save_question",
    "set_quota",
    "set_registration_rules",
    "substitutions_of",
    "team_division_table",
    "team_lines",
    "team_table",
    "today",
    "waiting_teams",
]
