"""Who can take the place of a judge who is not there: up to three answers, the least trouble first."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from competition.rounds.facts import RoundFacts, TableFacts
from competition.rounds.field import FieldJudge, judges_of, sites_of, teams_of
from competition.rounds.languages import unspoken_by, voting_judges, working_languages
from competition.rounds.queries import tables_of_draw, tables_of_edition
from competition.rounds.turns import common_judges

MOST_REPAIRS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeRepair:
    """`by` takes the position; without `by` the panel goes on smaller and `chair` leads it.

    `leaves` is the table `by` comes from (None: was free). `seen`, `conflict` and `unspoken` (languages that the panel
    then lacks) say what speaks against it.
    """

    by: FieldJudge | None
    chair: FieldJudge | None
    leaves: str | None
    seen: tuple[str, ...]
    conflict: str | None
    unspoken: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Names exactly this answer."""
        parts = (self.by.id if self.by else 0, self.chair.id if self.chair else 0, self.leaves)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeTrouble:
    """A judge, the table they sit at in a round (None: nowhere), their position, and the answers."""

    judge: FieldJudge
    table: TableFacts | None
    position: str
    repairs: tuple[JudgeRepair, ...]


def trouble_of_judge(facts: RoundFacts, public_id: str) -> JudgeTrouble | None:
    """A judge's place in a round's draw and who could take it; None for a judge of another edition."""
    judges = {judge.id: judge for judge in judges_of(facts.edition_id)}
    judge = next((one for one in judges.values() if one.public_id == public_id), None)
    if judge is None:
        return None
    tables = tables_of_draw(facts.draw_id) if facts.draw_id is not None else []
    for table in tables:
        for place in table.panel:
            if place.judge_id == judge.id:
                found = _repairs(facts, judge, table, tables, list(judges.values()))
                return JudgeTrouble(judge=judge, table=table, position=place.position, repairs=tuple(found))
    return JudgeTrouble(judge=judge, table=None, position="", repairs=())


def _repairs(
    facts: RoundFacts,
    leaving: FieldJudge,
    table: TableFacts,
    tables: Sequence[TableFacts],
    judges: Sequence[FieldJudge],
) -> list[JudgeRepair]:
    position = next(place.position for place in table.panel if place.judge_id == leaving.id)
    others = [one for one in voting_judges(table, {each.id: each for each in judges}) if one.id != leaving.id]
    languages = working_languages(facts.edition_id)
    smaller = _smaller(table, leaving, judges)
    if position == "trainee":
        return [smaller] if smaller is not None else []
    if smaller is not None:
        smaller = replace(smaller, unspoken=unspoken_by(others, languages))
    wanted = MOST_REPAIRS - (smaller is not None)
    found = [
        JudgeRepair(
            by=judge,
            chair=judge if position == "chair" else None,
            leaves=leaves,
            seen=seen,
            conflict=conflict,
            unspoken=unspoken_by([*others, judge], languages),
        )
        for judge, leaves, seen, conflict in _candidates(facts, leaving.id, table, tables, judges)[:wanted]
    ]
    return [*found, smaller] if smaller is not None else found


def _candidates(
    facts: RoundFacts,
    leaving_id: int,
    table: TableFacts,
    tables: Sequence[TableFacts],
    judges: Sequence[FieldJudge],
) -> list[tuple[FieldJudge, str | None, tuple[str, ...], str | None]]:
    """Judges who are free, and panellists of panels of three or more: without conflict, leaving no language unspoken,
    unseen, free, least used.
    """
    teams = {team.id: team for team in teams_of(facts.edition_id)}
    here = [teams[key] for key in table.team_ids]
    busy = {place.judge_id: (other, place.position) for other in tables for place in other.panel}
    common = common_judges(tables)
    past = [other for other in tables_of_edition(facts.edition_id) if other.round_id != facts.id]
    load = Counter(place.judge_id for other in past for place in other.panel)
    known = {judge.id: judge for judge in judges}
    stay = [one for one in voting_judges(table, known) if one.id != leaving_id]
    languages = working_languages(facts.edition_id)
    site, ranked = sites_of(facts.edition_id).get(table.room_id, ""), []
    for judge in judges:
        sits = busy.get(judge.id)
        if facts.number in judge.absent_in or judge.id in common or not judge.can_reach(site):
            continue
        if sits is not None and not _can_leave(sits[0], sits[1], table):
            continue
        conflict = next((found for team in here if (found := judge.conflict_with(team))), None)
        met = {team for other in past for team in other.team_ids if _sat(judge.id, other)}
        seen = tuple(team.name for team in here if team.id in met)
        rating = -(judge.rating or 0)
        silent = len(unspoken_by([*stay, judge], languages))
        order = (conflict is not None, silent, len(seen), sits is not None, load[judge.id], rating, judge.id)
        ranked.append((order, (judge, sits[0].name if sits else None, seen, conflict)))
    return [found for _order, found in sorted(ranked, key=lambda pair: pair[0]) if found[3] is None]


def _can_leave(other: TableFacts, position: str, table: TableFacts) -> bool:
    """A panel of three or more can spare somebody who does not lead it; nobody of the table itself moves."""
    counted = [place for place in other.panel if place.position != "trainee"]
    return other.id != table.id and position == "panellist" and len(counted) >= 3


def _sat(judge_id: int, table: TableFacts) -> bool:
    return any(place.judge_id == judge_id for place in table.panel)


def _smaller(table: TableFacts, leaving: FieldJudge, judges: Sequence[FieldJudge]) -> JudgeRepair | None:
    """The panel without the judge, led by its chair or by the highest rated of those who are left."""
    left = {place.judge_id: place.position for place in table.panel if place.judge_id != leaving.id}
    voting = [judge for judge in judges if left.get(judge.id) in ("chair", "panellist")]
    if not voting:
        return None
    chair = max(voting, key=lambda judge: (left[judge.id] == "chair", judge.rating or 0, -judge.id))
    return JudgeRepair(by=None, chair=chair, leaves=None, seen=(), conflict=None)
