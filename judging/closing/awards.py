"""Who wins what: an edition's lines of awards turned into winners, and the reading of lines, seal and awards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from accounts.public import get_people
from competition.editions.public import Edition, divisions_of
from competition.entries.public import delegate_table, institution_table, team_table
from competition.rounds.public import round_facts
from core.db import db
from core.errors import NotFound
from core.localised import N_
from core.roles import ROLES
from judging.closing.break_ import minimum_rounds_of
from judging.closing.final_ranking import final_ranking
from judging.closing.models import AwardLine, AwardSeal, Nomination
from judging.delegates import DelegateRow, delegate_standings
from judging.models import Award, Criterion
from judging.queries import criteria_of
from judging.scoring.awards import (
    IndividualAward,
    Tier,
    best_coaches,
    by_nomination,
    one_award_a_person,
    tiers,
)
from judging.scoring.exact import exact_sum

TEAM, DELEGATE, COACH, OTHER = "team", "delegate", "coach", "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """One winner of one award; `bracket` is the ranking it was won in ("" for everybody together).

    `of` is team, delegate, coach or other; `institution` and `team` help to read the name out.
    """

    line: str
    award: str
    award_zh: str
    kind: str
    bracket: str
    of: str
    name: str
    name_local: str = ""
    team: str = ""
    institution: str = ""
    team_id: int | None = None
    delegate_id: int | None = None
    reason: str = ""

    def stored(self) -> dict[str, Any]:
        """Plain values, to be kept under the seal."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Team:
    id: int
    name: str
    institution: str
    role: str
    coach: str
    coach_person_id: int | None


def lines_of(edition_id: int) -> Sequence[AwardLine]:
    """The awards that an edition gives, the most important first."""
    query = select(AwardLine).where(AwardLine.edition_id == edition_id)
    return db.session.scalars(query.order_by(AwardLine.position, AwardLine.id)).all()


def get_line(edition_id: int, public_id: str) -> AwardLine:
    """A line of this edition; raises NotFound for any other."""
    query = select(AwardLine).where(AwardLine.edition_id == edition_id, AwardLine.public_id == public_id)
    line = db.session.scalar(query)
    if line is None:
        raise NotFound(N_("There is no such award in this edition."))
    return line


def find_seal(edition_id: int) -> AwardSeal | None:
    """The seal of an edition's awards, once there is one."""
    return db.session.scalar(select(AwardSeal).where(AwardSeal.edition_id == edition_id))


def state_of(edition_id: int) -> str:
    """`open`, `sealed`, `unsealed` or `published`."""
    seal = find_seal(edition_id)
    return seal.state if seal is not None else "open"


def awards_of(edition_id: int) -> Sequence[Award]:
    """What was given, as published or imported, in its order."""
    query = select(Award).where(Award.edition_id == edition_id)
    return db.session.scalars(query.order_by(Award.position, Award.id)).all()


def nomination_counts(edition_id: int) -> dict[int, int]:
    """How many nominations each line has."""
    query = (
        select(Nomination.award_line_id, func.count(Nomination.id))
        .join(AwardLine, AwardLine.id == Nomination.award_line_id)
        .where(AwardLine.edition_id == edition_id)
        .group_by(Nomination.award_line_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def winners_of(edition: Edition) -> list[Winner]:
    """The winners of every line, in the order of the lines and then of merit."""
    lines = lines_of(edition.id)
    teams = _teams(edition.id)
    tier_of, by_tier = _tiers(edition, lines, teams)
    individual = _individual(edition, lines, teams)
    found: list[Winner] = []
    for line in lines:
        if line.kind == "team_tier":
            found += by_tier.get(line.id, [])
        elif line.kind == "best_coach":
            found += _coaches(line, lines, tier_of, teams)
        elif line.kind == "by_hand":
            found += [_winner(line, **winner) for winner in line.winners]
        else:
            found += individual.get(line.id, [])
    return found


def brackets_of(edition: Edition, line: AwardLine) -> list[str]:
    """The rankings in which a line is given, by their standings' names."""
    if line.scope == "role" and edition.role_policy == "fixed":
        return [f"role:{role}" for role in ROLES]
    if line.scope == "division" and (divisions := divisions_of(edition.id)):
        return [f"division:{division.code}" for division in divisions]
    return ["overall"]


def _winner(line: AwardLine, **values: Any) -> Winner:
    return Winner(
        **{
            "line": line.public_id,
            "award": line.name,
            "award_zh": line.name_zh,
            "kind": line.kind,
            "bracket": "",
            **values,
        }
    )


def _tiers(
    edition: Edition, lines: Iterable[AwardLine], teams: Mapping[int, _Team]
) -> tuple[dict[int, AwardLine], dict[int, list[Winner]]]:
    """Each honoured team's best tier, and the winners of each tier; tiers of one scope follow each other."""
    best: dict[int, AwardLine] = {}
    found: dict[int, list[Winner]] = defaultdict(list)
    wanted = [line for line in lines if line.kind == "team_tier"]
    for _scope, group in groupby(sorted(wanted, key=lambda line: line.scope), key=lambda line: line.scope):
        chosen = {str(line.id): line for line in group}
        awards = [
            Tier(name=name, count=line.count, percentage=line.percentage) for name, line in chosen.items()
        ]
        for bracket in brackets_of(edition, next(iter(chosen.values()))):
            for team, tier in tiers(final_ranking(edition, bracket), awards).items():
                key, line = int(str(team)), chosen[tier]
                best.setdefault(key, line)
                found[line.id].append(_team_winner(line, teams[key], bracket))
    return best, found


def _team_winner(line: AwardLine, team: _Team, bracket: str) -> Winner:
    return _winner(
        line,
        bracket="" if bracket == "overall" else bracket,
        of=TEAM,
        name=team.name,
        institution=team.institution,
        team_id=team.id,
    )


def _individual(
    edition: Edition, lines: Iterable[AwardLine], teams: Mapping[int, _Team]
) -> dict[int, list[Winner]]:
    """The winners of individual awards; who has won one is passed over for the next."""
    wanted = [line for line in lines if line.kind in ("individual_marks", "individual_nominations")]
    if not wanted:
        return {}
    people = _delegates(edition.id)
    criteria = {one.id: one for one in criteria_of(edition.id) if one.target == "delegate"}
    rows = _ranked_delegates(edition, people)
    awards: list[IndividualAward] = []
    place_of: dict[str, tuple[AwardLine, str]] = {}
    for line in wanted:
        for bracket in brackets_of(edition, line):
            name = f"{line.id}:{bracket}"
            place_of[name] = (line, bracket)
            eligible = {
                key for key, person in people.items() if _is_in(edition, teams[person.team_id], bracket)
            }
            if line.kind == "individual_marks":
                awards.append(_by_marks(name, line, rows, criteria, eligible))
            else:
                awards.append(by_nomination(name, _nominated(line, eligible), line.count or 1))
    found: dict[int, list[Winner]] = defaultdict(list)
    for name, winners in one_award_a_person(awards).items():
        line, bracket = place_of[name]
        found[line.id] += [_delegate_winner(line, people[int(str(key))], teams, bracket) for key in winners]
    return found


def _is_in(edition: Edition, team: _Team, bracket: str) -> bool:
    kind, _colon, name = bracket.partition(":")
    if kind == "role":
        return team.role == name
    if kind == "division":
        return team.id in _division_teams(edition.id, name)
    return True


def _division_teams(edition_id: int, code: str) -> set[int]:
    from competition.entries.public import team_division_table

    division = next(one for one in divisions_of(edition_id) if one.code == code)
    query = select(team_division_table.c.team_id).where(team_division_table.c.division_id == division.id)
    return set(db.session.scalars(query))


def _ranked_delegates(edition: Edition, people: Mapping[int, Any]) -> list[DelegateRow]:
    """The delegates with marks from enough rounds."""
    rounds = [facts for facts in round_facts(edition.id) if facts.is_preliminary]
    least = max(1, minimum_rounds_of(edition, rounds))
    return [row for row in delegate_standings(edition) if row.rounds >= least and row.delegate_id in people]


def _by_marks(
    name: str,
    line: AwardLine,
    rows: Iterable[DelegateRow],
    criteria: Mapping[int, Criterion],
    eligible: set[int],
) -> IndividualAward:
    """In line by the weighted averages of the chosen criteria, or of all of them."""
    chosen = [criteria[key] for key in line.criteria if key in criteria]
    value: dict[int, Decimal] = {}
    for row in rows:
        if row.delegate_id not in eligible:
            continue
        if not chosen:
            value[row.delegate_id] = row.overall
        elif all(one.code in row.by_criterion for one in chosen):
            value[row.delegate_id] = exact_sum(one.weight * row.by_criterion[one.code] for one in chosen)
    order = sorted(value, key=lambda key: (-value[key], key))
    levels: tuple[tuple[Hashable, ...], ...] = tuple(
        tuple(level) for _value, level in groupby(order, key=value.__getitem__)
    )
    return IndividualAward(name=name, candidates=levels, places=line.count or 1)


def _nominated(line: AwardLine, eligible: set[int]) -> list[int]:
    query = select(Nomination.delegate_id).where(Nomination.award_line_id == line.id)
    return [key for key in db.session.scalars(query.order_by(Nomination.id)) if key in eligible]


def _delegate_winner(line: AwardLine, person: Any, teams: Mapping[int, _Team], bracket: str) -> Winner:
    team = teams[person.team_id]
    return _winner(
        line,
        bracket="" if bracket == "overall" else bracket,
        of=DELEGATE,
        name=person.name or person.name_local or person.code,
        name_local=person.name_local if person.name else "",
        team=team.name,
        institution=team.institution,
        team_id=team.id,
        delegate_id=person.id,
    )


def _coaches(
    line: AwardLine, lines: Iterable[AwardLine], tier_of: Mapping[int, AwardLine], teams: Mapping[int, _Team]
) -> list[Winner]:
    """The coaches whose teams' tiers are worth most together; level ones for the last place all win."""
    worth = {str(one.id): one.worth for one in lines if one.kind == "team_tier"}
    coach_of: dict[Hashable, Hashable] = {
        team.id: team.coach_person_id or team.coach.casefold()
        for team in teams.values()
        if team.coach_person_id is not None or team.coach
    }
    ranked = best_coaches(
        {team: str(tier.id) for team, tier in tier_of.items() if team in coach_of}, coach_of, worth
    )
    chosen = [entry for entry in ranked if entry[1] > 0]
    places = line.count or 1
    if len(chosen) > places:
        last = chosen[places - 1][1]
        chosen = [entry for entry in chosen if entry[1] >= last]
    return [_coach_winner(line, coach, coach_of, tier_of, teams) for coach, _total in chosen]


def _coach_winner(
    line: AwardLine,
    coach: Hashable,
    coach_of: Mapping[Hashable, Hashable],
    tier_of: Mapping[int, AwardLine],
    teams: Mapping[int, _Team],
) -> Winner:
    own = [team for team in teams.values() if coach_of.get(team.id) == coach and team.id in tier_of]
    card = get_people([coach]).get(coach) if isinstance(coach, int) else None
    written = next((team.coach for team in own if team.coach), "")
    return _winner(
        line,
        of=COACH,
        name=(card.name or card.name_local) if card else written,
        name_local=card.name_local if card and card.name else "",
        team=", ".join(team.name for team in own),
        institution=own[0].institution,
        team_id=own[0].id,
    )


def _teams(edition_id: int) -> dict[int, _Team]:
    rows = db.session.execute(
        select(
            team_table.c.id,
            team_table.c.name,
            func.coalesce(func.nullif(institution_table.c.name, ""), institution_table.c.code, ""),
            func.coalesce(team_table.c.role, ""),
            team_table.c.coach,
            team_table.c.coach_person_id,
        )
        .outerjoin(institution_table, institution_table.c.id == team_table.c.institution_id)
        .where(team_table.c.edition_id == edition_id)
        .order_by(team_table.c.position, team_table.c.id)
    )
    return {row[0]: _Team(*row) for row in rows}


def _delegates(edition_id: int) -> dict[int, Any]:
    """The delegates of registered teams."""
    rows = db.session.execute(
        select(
            delegate_table.c.id,
            delegate_table.c.code,
            delegate_table.c.name,
            delegate_table.c.name_local,
            delegate_table.c.team_id,
        )
        .join(team_table, team_table.c.id == delegate_table.c.team_id)
        .where(delegate_table.c.edition_id == edition_id, team_table.c.status == "registered")
    )
    return {row.id: row for row in rows}
