"""Is a case fair to the four roles? The effect of each role with its interval, in plain words."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from core.roles import ROLES, Role
from judging.scoring.exact import exact_mean, round_half_up
from judging.scoring.ratings import Codes, Floats

CAUTION = "Every team kept one role, so good teams in a role cannot be told from an easy role."
NAMES = {
    Role.GOVERNMENT: "the government",
    Role.ENTERPRISE: "the enterprise",
    Role.LOCAL_NGO: "the local NGO",
    Role.IGO: "the IGO",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleResult:
    """What one team got in one role: points or a score (of one case, to judge that case)."""

    team: Hashable
    role: Role
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEffect:
    """How much a role adds to what the average role gives, with the ends of the 95 % interval."""

    role: Role
    effect: float
    low: float
    high: float
    n: int

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFairness:
    """`p_value` is that of "all roles are alike"; `message` with `values` says it for people (None: no answer).

    With `is_within_teams` each team was compared with itself in another role; otherwise different teams were compared,
    and `caution` says what that cannot tell.
    """

    effects: tuple[RoleEffect, ...]
    p_value: float | None
    message: str
    values: dict[str, object]
    is_within_teams: bool = False

    @property
    def caution(self) -> str:
        """What the numbers cannot tell, in English; empty where teams were compared with themselves."""
        return "" if self.is_within_teams or self.p_value is None else CAUTION

    @property
    def text(self) -> str:
        """The message in English, filled in; pages translate `message` and fill in `values` with the role's name."""
        if "role" not in self.values:
            return self.message
        return self.message % {**self.values, "role": NAMES[Role(str(self.values["role"]))]}


def role_fairness(results: Iterable[RoleResult]) -> RoleFairness:
    """The effect of the roles, by least squares (Searle 1971, ch. 7).

    Where teams played several roles, each team is compared with itself; where every team kept one role, teams are
    the units and the roles' means are compared, so that good teams in a role cannot be told from an easy role.
    """
    rows = list(results)
    roles_of: dict[Hashable, set[Role]] = defaultdict(set)
    for row in rows:
        roles_of[row.team].add(row.role)
    if any(len(roles) > 1 for roles in roles_of.values()):
        kept = [row for row in rows if len(roles_of[row.team]) > 1]
        return replace(_fitted(kept, [row.team for row in kept]), is_within_teams=True)
    by_team: dict[tuple[Hashable, Role], list[Decimal]] = defaultdict(list)
    for row in rows:
        by_team[row.team, row.role].append(row.value)
    means = [
        RoleResult(team=team, role=role, value=exact_mean(values)) for (team, role), values in by_team.items()
    ]
    return _fitted(means, [None] * len(means))


def _fitted(rows: Sequence[RoleResult], blocks: Sequence[Hashable]) -> RoleFairness:
    from scipy.special import fdtrc, stdtrit

    if not rows:
        return _no_answer()
    roles = [role for role in ROLES if any(row.role == role for row in rows)]
    block: Codes = np.unique([str(each) for each in blocks], return_inverse=True)[1].astype(np.int64)
    seen = np.array([[row.role == role for role in roles] for row in rows], dtype=np.float64).reshape(
        -1, len(roles)
    )
    values = np.array([float(row.value) for row in rows])
    design, centred = _within(seen, block), _within(values[:, None], block)[:, 0]
    inverse = np.linalg.pinv(design.T @ design)
    effects = inverse @ (design.T @ centred)
    rank = int(np.linalg.matrix_rank(design))
    freedom = len(rows) - len(set(block.tolist())) - rank
    if rank < 1 or rank < len(roles) - 1 or freedom < 1:
        return _no_answer()
    misfit = centred - design @ effects
    noise = float(misfit @ misfit) / freedom
    explained = float(effects @ (design.T @ centred))
    tiny = 1e-12 * max(float(values @ values) / len(values), 1e-300)
    if noise > tiny:
        p_value = float(fdtrc(rank, freedom, explained / rank / noise))
    else:
        p_value = 0.0 if explained > tiny * len(values) else 1.0
    reach = float(stdtrit(freedom, 0.975)) * np.sqrt(np.maximum(np.diag(inverse), 0) * noise)
    found = tuple(
        RoleEffect(
            role=role,
            effect=float(effects[at]),
            low=float(effects[at] - reach[at]),
            high=float(effects[at] + reach[at]),
            n=int(seen[:, at].sum()),
        )
        for at, role in enumerate(roles)
    )
    return _in_words(found, p_value)


def _no_answer() -> RoleFairness:
    message = "There are too few results to compare the roles."
    return RoleFairness(effects=(), p_value=None, message=message, values={})


def _within(columns: Floats, block: Codes) -> Floats:
    """Each column less its mean within each block."""
    count = np.bincount(block)
    means = np.stack([np.bincount(block, column) / count for column in columns.T], axis=1)
    within: Floats = columns - means[block]
    return within


def _in_words(effects: tuple[RoleEffect, ...], p_value: float) -> RoleFairness:
    """One sentence: the roles are alike as far as can be seen, or which one differs most, by how much."""
    widest = max(effects, key=lambda each: abs(each.effect))
    values: dict[str, object] = {
        "role": widest.role.value,
        "effect": f"{abs(widest.effect):.2f}",
        "low": f"{widest.low:+.2f}",
        "high": f"{widest.high:+.2f}",
        "results": sum(each.n for each in effects),
    }
    if p_value >= 0.05:
        message = (
            "No role was clearly easier or harder: the largest difference, %(effect)s for %(role)s, is what chance "
            "gives in %(results)s results (95 %% interval %(low)s to %(high)s)."
        )
    elif widest.effect > 0:
        message = "It was easier for %(role)s, by about %(effect)s (95 %% interval %(low)s to %(high)s)."
    else:
        message = "It was harder for %(role)s, by about %(effect)s (95 %% interval %(low)s to %(high)s)."
    return RoleFairness(effects=effects, p_value=p_value, message=message, values=values)


def standardised_within_role(results: Sequence[RoleResult]) -> list[Decimal]:
    """Each value less its role's mean plus the overall mean, six decimals: as if every role were equally hard.

    For editions that choose it. It also takes away real differences between the roles' teams, so it is only fair
    where every team plays every role equally often.
    """
    by_role: dict[Role, list[Decimal]] = defaultdict(list)
    for result in results:
        by_role[result.role].append(result.value)
    if not results:
        return []
    overall = exact_mean([result.value for result in results])
    means = {role: exact_mean(values) for role, values in by_role.items()}
    return [round_half_up(result.value - means[result.role] + overall) for result in results]
