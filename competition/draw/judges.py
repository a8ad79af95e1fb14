"""Judges to tables by repeated assignment: chairs, then panellists, then trainees, each choice at the least
cost.

Never a declared or institutional conflict, an absent judge, or a language a judge does not speak. Avoided
where possible, the dearer first: a panel of which nobody speaks a language of its table, a judge who has
seen a team, two judges of one institution on a panel, two who have sat together. Strength follows
importance: every panel has a target (the mean strength, higher by one standard deviation for each standard
deviation of importance), and the squares of what panels lack or have beyond it are least; tables of one
importance therefore get panels of one strength.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, islice, product

import numpy as np
from numpy.typing import NDArray

from competition.draw.model import BadProblem
from competition.draw.panels import (
    Allocation,
    Judge,
    Panel,
    TableToJudge,
    is_barred,
    parts_of,
    repeats_at,
    report_panels,
    speaks,
)
from competition.draw.solvers import assigned

Floats = NDArray[np.float64]
Parts = list[list[int]]
"""For every group of teams, the connected part that each table belongs to."""
FORBIDDEN = 1e9
UNSPOKEN = 3e4
SEEN = 1e4
SAME_INSTITUTION = 1e3
SAT_TOGETHER = 20.0
WEAKER = 0.5
ROUNDS_OF_REPAIR = 2
MOST_SWAPS = 200
MOST_TRIED = 60
"""Swaps made to connect judges and teams, and swaps tried for each that is made: bounds on the work, far above
the need.
"""


def allocate_judges(
    tables: Sequence[TableToJudge],
    judges: Sequence[Judge],
    *,
    size: int = 3,
    kept: Sequence[Panel] = (),
    seed: int = 0,
    connect: Sequence[frozenset[str]] = (),
) -> Allocation:
    """Panels of `size` voting judges per table, one of them the chair; trainees are spread over the tables.

    Choices in `kept` stand and only gaps are filled, but for panels that are whole. `connect` lists groups
    of teams (the role brackets of a fixed edition) whose judges and teams should form one connected whole,
    so that severities can be compared. Raises `BadProblem` for duplicate ids or kept judges that do not
    exist or sit twice.
    """
    board = Board(tables, judges, size, kept, np.random.default_rng(seed))
    board.fill()
    board.connect(connect)
    panels = board.panels()
    return Allocation(panels=panels, report=report_panels(tables, judges, panels, size=size, connect=connect))


def place_units(
    tables: Sequence[TableToJudge], judges: Sequence[Judge], units: Sequence[Panel], *, seed: int = 0
) -> tuple[Panel, ...]:
    """Panels that were formed beforehand, each as a whole at one table at the least cost; their `table` is not read.

    A unit sits nowhere where one of its judges must not sit. A language of the table that nobody of it speaks is
    avoided first, then repeats, then strength follows importance as it does for single judges. Units beyond the
    tables (those that lack a language before others), or barred everywhere, are left out.
    """
    if not tables or not units:
        return ()
    board = Board(tables, judges, 1, (), np.random.default_rng(seed))
    rows = [[board.row[name] for name in (*unit.voting, *unit.trainees)] for unit in units]
    strength = np.array([board.strength[[board.row[name] for name in unit.voting]].mean() for unit in units])
    cost = np.array([board.base[each].sum(axis=0) for each in rows])
    cost += (strength[:, None] - _wanted(tables, strength)[None, :]) ** 2
    if board.needs.size:
        heard = np.array(
            [board.speaks[[board.row[name] for name in unit.voting]].any(axis=0) for unit in units]
        )
        cost += UNSPOKEN * ((~heard).astype(np.float64) @ board.needs.T.astype(np.float64))
    flip = len(units) > len(tables)
    chosen = assigned(cost.T if flip else cost)
    pairs = [(int(j), i) if flip else (i, int(j)) for i, j in enumerate(chosen)]
    return tuple(
        replace(units[unit], table=tables[place].table, is_whole=True)
        for unit, place in pairs
        if cost[unit, place] < FORBIDDEN
    )


class Board:
    """The state of one allocation: seat[k][t] is the judge (a row) in layer k of table t, or -1."""

    def __init__(
        self,
        tables: Sequence[TableToJudge],
        judges: Sequence[Judge],
        size: int,
        kept: Sequence[Panel],
        rng: np.random.Generator,
    ) -> None:
        self.tables, self.size = tables, size
        self.judges = [judges[i] for i in rng.permutation(len(judges))]
        self.row = {judge.id: i for i, judge in enumerate(self.judges)}
        if len(self.row) < len(judges):
            raise BadProblem("two judges have the same id")
        self.base = _base_costs(tables, self.judges)
        self.kin = _mates(self.judges)
        self.strength = np.array([judge.strength for judge in self.judges], dtype=np.float64)
        self.voting = np.array([not judge.is_trainee for judge in self.judges], dtype=bool)
        self.may_chair = np.array([j.may_chair and not j.is_trainee for j in self.judges], dtype=bool)
        wanted = sorted(frozenset().union(*(table.languages for table in tables)))
        self.needs = np.array([[one in table.languages for one in wanted] for table in tables], dtype=bool)
        self.speaks = np.array([[speaks(j, one) for one in wanted] for j in self.judges], dtype=bool)
        self.layers = size + self._trainee_layers()
        self.seat = np.full((self.layers, len(tables)), -1, dtype=np.int64)
        self.fixed = np.zeros_like(self.seat, dtype=bool)
        self.whole = {panel.table for panel in kept if panel.is_whole}
        self._keep(kept)
        self.target = self._targets()

    def fill(self) -> None:
        """Every layer once, the chairs first; then the voting layers again while the others stay."""
        for layer in range(self.layers):
            self._assign(layer)
        for _ in range(ROUNDS_OF_REPAIR):
            for layer in range(self.size):
                self._assign(layer)

    def connect(self, groups: Sequence[frozenset[str]]) -> None:
        """Swaps judges of equal rank between unconnected parts until every group is one whole, if it can be.

        Swaps that let nobody see a team again come first, panellists before chairs; each is kept only if
        fewer parts are left, over all groups together. In a first round nothing can be joined.
        """
        if not any(judge.seen for judge in self.judges):
            return
        parts = self._all_parts(groups)
        for _ in range(MOST_SWAPS):
            joined = self._joined(parts, groups)
            if joined is None:
                return
            parts = joined

    def panels(self) -> tuple[Panel, ...]:
        """The panels as they stand."""
        names = [[self.judges[i].id if i >= 0 else None for i in line] for line in self.seat]
        return tuple(
            Panel(
                table=table.table,
                chair=names[0][t],
                panellists=tuple(n for line in names[1 : self.size] if (n := line[t]) is not None),
                trainees=tuple(n for line in names[self.size :] if (n := line[t]) is not None),
                is_whole=table.table in self.whole,
            )
            for t, table in enumerate(self.tables)
        )

    def _trainee_layers(self) -> int:
        trainees = sum(judge.is_trainee and judge.is_available for judge in self.judges)
        return int(-(-trainees // max(1, len(self.tables))))

    def _keep(self, kept: Sequence[Panel]) -> None:
        place = {table.table: t for t, table in enumerate(self.tables)}
        used: set[str] = set()
        for panel in kept:
            layered = [
                (0, panel.chair),
                *enumerate(panel.panellists, 1),
                *enumerate(panel.trainees, self.size),
            ]
            for layer, name in layered:
                if name is None:
                    continue
                if name not in self.row or name in used or panel.table not in place:
                    raise BadProblem(f"judge {name!r} cannot be kept at table {panel.table}")
                while layer >= self.layers:
                    self._add_layer()
                used.add(name)
                self.seat[layer, place[panel.table]] = self.row[name]
                self.fixed[layer, place[panel.table]] = True
        for table in self.whole:
            self.fixed[:, place[table]] = True

    def _add_layer(self) -> None:
        self.seat = np.vstack([self.seat, np.full(len(self.tables), -1)])
        self.fixed = np.vstack([self.fixed, np.zeros(len(self.tables), dtype=bool)])
        self.layers += 1

    def _targets(self) -> Floats:
        """The strength wanted of each whole panel."""
        wanted = len(self.tables) * self.size
        able = [j.strength for j in self.judges if not j.is_trainee and j.is_available]
        used = np.sort(np.array(able, dtype=np.float64))[::-1][:wanted]
        return self.size * _wanted(self.tables, used)

    def _assign(self, layer: int) -> None:
        """The best judges for the open seats of a layer, the other layers staying as they are."""
        open_seats = np.flatnonzero(~self.fixed[layer])
        self.seat[layer, open_seats] = -1
        taken = np.isin(np.arange(len(self.judges)), self.seat)
        allowed = ~taken & (
            self.may_chair if layer == 0 else self.voting if layer < self.size else ~self.voting
        )
        rows = np.flatnonzero(allowed)
        if not len(rows) or not len(open_seats):
            return
        cost = self._cost(rows, open_seats, layer)
        flip = len(rows) < len(open_seats)
        chosen = assigned(cost if flip else cost.T)
        for i, j in enumerate(chosen):
            row, seat = (rows[i], open_seats[j]) if flip else (rows[j], open_seats[i])
            if self.base[row, seat] < FORBIDDEN:
                self.seat[layer, seat] = row

    def _cost(self, rows: NDArray[np.int64], seats: NDArray[np.int64], layer: int) -> Floats:
        """base + panel mates + strength, for these judges at these tables."""
        cost = self.base[np.ix_(rows, seats)].copy()
        panel = self.seat[:, seats]
        for line in panel:
            present = line >= 0
            cost[:, present] += self.kin[np.ix_(rows, line[present])]
        if layer >= self.size:
            return cost
        voting = panel[: self.size]
        mates = np.where(voting >= 0, self.strength[voting], 0.0).sum(axis=0)
        share = (self.target[seats] - mates) / (voting < 0).sum(axis=0)
        lacking = share[None, :] - self.strength[rows][:, None]
        weaker = self.strength[rows].max() - self.strength[rows]
        result: Floats = cost + lacking**2 + WEAKER * weaker[:, None] + self._silence(rows, seats, voting)
        return result

    def _silence(
        self, rows: NDArray[np.int64], seats: NDArray[np.int64], voting: NDArray[np.int64]
    ) -> Floats | float:
        """What the languages cost that nobody of a panel speaks once its last seat is taken by one of these judges."""
        if not self.needs.size:
            return 0.0
        missing = self.needs[seats] & ~self._spoken(voting)
        missing[(voting < 0).sum(axis=0) > 1] = False
        silent = (~self.speaks[rows]).astype(np.float64) @ missing.T.astype(np.float64)
        result: Floats = UNSPOKEN * silent
        return result

    def _spoken(self, panel: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For each table (a column of judges) the wanted languages that somebody of it speaks."""
        spoken = np.zeros((panel.shape[1], self.needs.shape[1]), dtype=bool)
        for line in panel:
            present = line >= 0
            spoken[present] |= self.speaks[line[present]]
        return spoken

    def _unspoken(self, tables: Sequence[int]) -> int:
        """How many languages nobody speaks at these tables."""
        if not self.needs.size:
            return 0
        places = list(tables)
        return int((self.needs[places] & ~self._spoken(self.seat[: self.size, places])).sum())

    def _parts(self, group: frozenset[str]) -> list[int]:
        """For each table the connected part it belongs to, joined by judges and teams seen before."""
        panels = self.panels()
        by_id = {judge.id: judge for judge in self.judges}
        return parts_of(self.tables, [[by_id[name] for name in panel.voting] for panel in panels], group)

    def _all_parts(self, groups: Sequence[frozenset[str]]) -> Parts:
        return [self._parts(group) for group in groups]

    def _joined(self, parts: Parts, groups: Sequence[frozenset[str]]) -> Parts | None:
        """Makes a swap that leaves fewer parts and returns those; None, with nothing changed, if none was
        found.
        """
        for layer, a, b in islice(self._swaps(parts), MOST_TRIED):
            unspoken = self._unspoken((a, b))
            self.seat[layer, [a, b]] = self.seat[layer, [b, a]]
            left = self._all_parts(groups)
            if _count(left) < _count(parts) and self._unspoken((a, b)) <= unspoken:
                return left
            self.seat[layer, [a, b]] = self.seat[layer, [b, a]]
        return None

    def _swaps(self, parts: Parts) -> Iterator[tuple[int, int, int]]:
        """Swaps of two judges of one layer between unconnected tables: those without a repeat first."""
        for limit, layer in product((SEEN, FORBIDDEN), (*range(self.size - 1, 0, -1), 0)):
            for a, b in combinations(range(len(self.tables)), 2):
                i, j = self.seat[layer, a], self.seat[layer, b]
                if all(part[a] == part[b] for part in parts) or min(i, j) < 0:
                    continue
                if not self.fixed[layer, [a, b]].any() and max(self.base[i, b], self.base[j, a]) < limit:
                    yield layer, a, b


def _wanted(tables: Sequence[TableToJudge], used: Floats) -> Floats:
    """The mean strength wanted at each table, when judges of these strengths are used."""
    importance = np.array([table.importance for table in tables], dtype=np.float64)
    deviation = importance.std() if len(importance) else 0.0
    standing = (importance - importance.mean()) / deviation if deviation > 0 else np.zeros(len(importance))
    result: Floats = used.mean() + standing * used.std() if len(used) else standing
    return result


def _count(parts: Parts) -> int:
    """How many unconnected parts all groups fall into."""
    return sum(len(set(part)) for part in parts)


def _base_costs(tables: Sequence[TableToJudge], judges: Sequence[Judge]) -> Floats:
    """What it costs to have a judge (row) at a table (column), whoever else sits there."""
    cost = np.zeros((len(judges), len(tables)))
    for i, judge in enumerate(judges):
        for t, table in enumerate(tables):
            if is_barred(judge, table):
                cost[i, t] = FORBIDDEN
            elif judge.seen:
                cost[i, t] = SEEN * repeats_at(judge, table)
    return cost


def _mates(judges: Sequence[Judge]) -> Floats:
    """What it costs to have two judges on one panel."""
    number = {judge.id: i for i, judge in enumerate(judges)}
    homes: dict[str, list[int]] = {}
    cost = np.zeros((len(judges), len(judges)))
    for i, judge in enumerate(judges):
        if judge.institution is not None:
            homes.setdefault(judge.institution, []).append(i)
        for other, times in judge.sat_with.items():
            if other in number:
                cost[i, number[other]] = cost[number[other], i] = SAT_TOGETHER * times
    for rows in homes.values():
        cost[np.ix_(rows, rows)] += SAME_INSTITUTION
    return cost
