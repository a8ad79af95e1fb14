"""Builders and strategies for draw problems."""

from typing import Any

from hypothesis import strategies as st

ROLE_NAMES = ("government", "enterprise", "local_ngo", "igo")
Json = dict[str, Any]


def team(number: int, **changes: object) -> Json:
    """A team without history."""
    fields: Json = {
        "id": f"T{number}",
        "institution": f"I{number // 2}",
        "points": 0,
        "role": None,
        "roles": dict.fromkeys(ROLE_NAMES, 0),
        "met": {},
    }
    return fields | changes


def problem(teams: int | list[Json] = 16, **changes: object) -> Json:
    """A problem of so many teams; in a fixed edition the roles go round."""
    fixed = changes.get("role_policy") == "fixed"
    fields: Json = {
        "format": 1,
        "role_policy": "rotating",
        "method": "random",
        "preset": "balanced",
        "seed": 7,
        "round": 1,
        "rounds": 4,
        "teams": teams
        if isinstance(teams, list)
        else [team(i, role=ROLE_NAMES[i % 4] if fixed else None) for i in range(teams)],
    }
    return fields | changes


@st.composite
def histories(draw: st.DrawFn, least: int = 4, most: int = 26, method: str = "power_paired") -> Json:
    """A rotating problem with any history, likely or not."""
    count = draw(st.integers(least, most))
    whole = st.integers(0, 4)
    teams = [
        team(
            i,
            institution=draw(st.sampled_from([None, "A", "B", "C", "D"])),
            points=draw(st.integers(0, 9)),
            roles={role: draw(whole) for role in ROLE_NAMES},
            pull_ups=draw(st.integers(0, 3)),
            vacancies=draw(st.integers(0, 2)),
        )
        for i in range(count)
    ]
    for a, b in draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=60)):
        if a != b:
            teams[a]["met"][f"T{b}"] = teams[b]["met"][f"T{a}"] = draw(st.integers(1, 2))
    return problem(
        teams,
        method=method,
        seed=draw(st.integers(0, 5)),
        round=draw(st.integers(1, 9)),
        rounds=9,
        preset=draw(st.sampled_from(["balanced", "fair", "strict"])),
    )
