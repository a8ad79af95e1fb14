"""Roles by lot for an edition in which every team keeps one: pure, reproducible from the seed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.roles import ROLES, Role

REGRET, CROWDED = 1000.0, 1_000_000.0
"""A step down somebody's list of wishes; one more team of an institution in a role than there has to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A team that needs a role; `kept` is the role it must keep, `wishes` its roles in order."""

    id: int
    institution: int | None = None
    wishes: tuple[Role, ...] = ()
    kept: Role | None = None


def draw_lots(candidates: Sequence[Candidate], seed: int) -> dict[int, Role]:
    """A role for every candidate. In this order of importance: roles kept stay; brackets are equal (they differ
    by one at most, unless kept roles forbid it); teams of one institution are spread over the roles; the sum
    of steps down the lists of wishes is as small as can be; equals by lot.

    Solved exactly as an integer programme whose random costs (below every other) are the lots.
    """
    import numpy as np

    if not candidates:
        return {}
    lots = np.random.default_rng(seed).permutation(len(candidates) * 4).reshape(-1, 4) / (
        4.0 * len(candidates) ** 2
    )
    sizes = _sizes(candidates, np.random.default_rng([seed, 1]).permutation(4).tolist())
    chosen = _solved(candidates, sizes, lots)
    return {candidate.id: ROLES[r] for candidate, r in zip(candidates, chosen, strict=True)}


def _sizes(candidates: Sequence[Candidate], order: Sequence[int]) -> list[int]:
    """How many teams each role gets: the smallest bracket grows first, equals in the order of the lot."""
    kept = Counter(candidate.kept for candidate in candidates if candidate.kept is not None)
    sizes = [kept[role] for role in ROLES]
    for _ in range(len(candidates) - sum(sizes)):
        smallest = min(order, key=lambda r: sizes[r])
        sizes[smallest] += 1
    return sizes


def _regret(candidate: Candidate, role: Role) -> float:
    """Steps down the list; a role that is not on it counts as one step below the last."""
    wishes = candidate.wishes
    return REGRET * (wishes.index(role) if role in wishes else len(wishes))


def _solved(candidates: Sequence[Candidate], sizes: Sequence[int], lots: object) -> list[int]:
    """Variables: x[team, role], then one per (institution, role) that counts its teams beyond the fair share."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import lil_matrix

    groups = _institutions(candidates)
    n, extra = 4 * len(candidates), 4 * len(groups)
    cost = np.concatenate(
        [
            np.array([[_regret(c, role) for role in ROLES] for c in candidates]).ravel()
            + np.asarray(lots).ravel(),
            np.full(extra, CROWDED),
        ]
    )
    rows = lil_matrix((len(candidates) + 4 + extra, n + extra))
    low, high = np.empty(rows.shape[0]), np.empty(rows.shape[0])
    for i in range(len(candidates)):
        rows[i, 4 * i : 4 * i + 4] = 1
        low[i] = high[i] = 1
    for r, size in enumerate(sizes):
        rows[len(candidates) + r, r:n:4] = 1
        low[len(candidates) + r] = high[len(candidates) + r] = size
    for j, members in enumerate(groups.values()):
        for r in range(4):
            row = len(candidates) + 4 + 4 * j + r
            rows[row, [4 * i + r for i in members]] = 1
            rows[row, n + 4 * j + r] = -1
            low[row], high[row] = -np.inf, -(-len(members) // 4)
    upper = np.concatenate([_allowed(candidates), np.full(extra, np.inf)])
    whole = np.concatenate([np.ones(n), np.zeros(extra)])
    answer = milp(
        cost,
        constraints=LinearConstraint(rows.tocsr(), low, high),
        bounds=Bounds(0, upper),
        integrality=whole,
        options={"mip_rel_gap": 0},
    )
    return [int(r) for r in answer.x[:n].reshape(-1, 4).argmax(axis=1)]


def _institutions(candidates: Sequence[Candidate]) -> Mapping[int, list[int]]:
    groups: dict[int, list[int]] = defaultdict(list)
    for i, candidate in enumerate(candidates):
        if candidate.institution is not None:
            groups[candidate.institution].append(i)
    return {key: members for key, members in groups.items() if len(members) > 1}


def _allowed(candidates: Sequence[Candidate]) -> list[float]:
    return [float(c.kept in (None, role)) for c in candidates for role in ROLES]


def total_regret(candidates: Sequence[Candidate], roles: Mapping[int, Role]) -> int:
    """The steps down the lists of wishes, summed: the figure the lot makes as small as can be."""
    return int(sum(_regret(candidate, roles[candidate.id]) for candidate in candidates) / REGRET)
