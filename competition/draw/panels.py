"""Judges, the tables they are wanted at, and the panels they form, with a recount of what could not be
avoided.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Someone who may judge. `strength` has any scale; `seen` counts the times each team was judged;
    `sat_with` the times a panel was shared; `conflicts` are team ids; `languages` empty means any
    language.
    """

    id: str
    strength: float = 0.0
    institution: str | None = None
    conflicts: frozenset[str] = frozenset()
    conflict_institutions: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    seen: Mapping[str, int] = field(default_factory=dict)
    sat_with: Mapping[str, int] = field(default_factory=dict)
    may_chair: bool = True
    is_trainee: bool = False
    is_available: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TableToJudge:
    """A table that needs a panel: its teams with their institutions, its importance on any scale, the one
    `language` that each judge has to speak, and the `languages` of which each needs one judge who speaks it.
    """

    table: int
    teams: Mapping[str, str | None]
    importance: float = 0.0
    language: str | None = None
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The judges of a table: one chair (None where nobody could be found), panellists, trainees.

    A kept panel that `is_whole` gets nobody else, however small it is.
    """

    table: int
    chair: str | None = None
    panellists: tuple[str, ...] = ()
    trainees: tuple[str, ...] = ()
    is_whole: bool = False

    @property
    def voting(self) -> tuple[str, ...]:
        """The judges whose marks count."""
        return ((self.chair,) if self.chair is not None else ()) + self.panellists


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelReport:
    """What the allocation could not avoid, recounted from the panels.

    `rivals` lists (judge, table, team) where the team competes in its group (the role bracket of a fixed
    edition) against a team of the judge's own institution: there every table has such judges, and the
    report says which.
    """

    conflicts: int
    repeats: int
    institution_meetings: int
    empty_seats: int
    is_connected: bool
    rivals: tuple[tuple[str, int, str], ...] = ()
    unspoken: tuple[tuple[int, str], ...] = ()
    """(table, language) where a panel with judges has none who speaks a language of its table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """The panels in the order of the tables, and their report."""

    panels: tuple[Panel, ...]
    report: PanelReport


def is_barred(judge: Judge, table: TableToJudge) -> bool:
    """Whether a judge must not sit at a table: absent, in conflict, or without its language."""
    homes = {home for home in table.teams.values() if home is not None}
    return (
        not judge.is_available
        or not judge.conflicts.isdisjoint(table.teams)
        or judge.institution in homes
        or not judge.conflict_institutions.isdisjoint(homes)
        or (table.language is not None and bool(judge.languages) and table.language not in judge.languages)
    )


def speaks(judge: Judge, language: str) -> bool:
    """Whether a judge speaks a language; one who has said nothing of languages is taken to speak any."""
    return not judge.languages or language in judge.languages


def repeats_at(judge: Judge, table: TableToJudge) -> int:
    """How many of a table's teams the judge has seen before."""
    return sum(judge.seen.get(team, 0) > 0 for team in table.teams)


def report_panels(
    tables: Sequence[TableToJudge],
    judges: Sequence[Judge],
    panels: Sequence[Panel],
    *,
    size: int,
    connect: Sequence[frozenset[str]] = (),
) -> PanelReport:
    """Everything counted again from the panels; trainees count for conflicts and repeats too."""
    known = {judge.id: judge for judge in judges}
    sitting = [[known[name] for name in (*panel.voting, *panel.trainees)] for panel in panels]
    voting = [[known[name] for name in panel.voting] for panel in panels]
    pairs = [pair for panel in sitting for pair in combinations(panel, 2)]
    return PanelReport(
        conflicts=sum(
            is_barred(judge, table) for table, panel in zip(tables, sitting, strict=True) for judge in panel
        ),
        repeats=sum(
            repeats_at(judge, table) for table, panel in zip(tables, sitting, strict=True) for judge in panel
        ),
        institution_meetings=sum(
            a.institution is not None and a.institution == b.institution for a, b in pairs
        ),
        empty_seats=sum(
            max(0, size - len(sits)) for panel, sits in zip(panels, voting, strict=True) if not panel.is_whole
        ),
        is_connected=all(len(set(parts_of(tables, voting, group))) <= 1 for group in connect),
        rivals=tuple(_rivals(tables, voting, connect)),
        unspoken=tuple(
            (table.table, language)
            for table, panel in zip(tables, voting, strict=True)
            for language in sorted(table.languages)
            if panel and not any(speaks(judge, language) for judge in panel)
        ),
    )


def _rivals(
    tables: Sequence[TableToJudge], voting: Sequence[Sequence[Judge]], groups: Sequence[frozenset[str]]
) -> Iterator[tuple[str, int, str]]:
    """The judges who mark a rival of their own institution's team."""
    homes = {team: home for table in tables for team, home in table.teams.items() if home is not None}
    fielded = [{homes[team] for team in group if team in homes} for group in groups]
    for table, panel in zip(tables, voting, strict=True):
        for judge in panel:
            for team in table.teams:
                if any(
                    team in group and judge.institution in own
                    for group, own in zip(groups, fielded, strict=True)
                ):
                    yield judge.id, table.table, team


def parts_of(
    tables: Sequence[TableToJudge], voting: Sequence[Sequence[Judge]], group: frozenset[str]
) -> list[int]:
    """For each table the connected part of judges and teams that it belongs to, as a number.

    A judge is joined to every team of the group at the table, and to all that it has seen before.
    """
    links: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for table, panel in zip(tables, voting, strict=True):
        for judge in panel:
            for team in {*table.teams, *judge.seen} & group:
                links.setdefault(("judge", judge.id), set()).add(("team", team))
                links.setdefault(("team", team), set()).add(("judge", judge.id))
    part: dict[tuple[str, str], int] = {}
    for number, start in enumerate(sorted(links)):
        waiting = [start] if start not in part else []
        while waiting:
            node = waiting.pop()
            if node not in part:
                part[node] = number
                waiting += links[node]
    return [
        next((part["team", team] for team in sorted(table.teams) if ("team", team) in part), -1)
        for table in tables
    ]
