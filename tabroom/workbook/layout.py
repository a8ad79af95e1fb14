"""The edition workbook, format 1, as data: its sheets, their columns, and what each cell may hold (pure)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.roles import ROLES
from tabroom.workbook.columns import MOST, Column, Kind, Sheet

FORMAT = 1
VACANT = "VACANT"


def _name(name: str, length: int = 200, **more: Any) -> Column:
    return Column(name=name, kind=Kind.NAME, length=length, **more)


def _text(name: str, length: int = 200, **more: Any) -> Column:
    return Column(name=name, kind=Kind.TEXT, length=length, **more)


def _integer(name: str, low: int, high: int, **more: Any) -> Column:
    return Column(name=name, kind=Kind.INTEGER, low=Decimal(low), high=Decimal(high), **more)


def _number(name: str, low: int | Decimal = -MOST, high: int | Decimal = MOST, **more: Any) -> Column:
    return Column(name=name, kind=Kind.NUMBER, low=Decimal(low), high=Decimal(high), **more)


def _choice(name: str, *choices: str, **more: Any) -> Column:
    return Column(name=name, kind=Kind.CHOICE, choices=choices, **more)


def _names(name: str, length: int = 2000, **more: Any) -> Column:
    return Column(name=name, kind=Kind.NAMES, length=length, **more)


def _round(**more: Any) -> Column:
    return _integer("round", 1, 1000, is_required=True, **{"to": "Rounds", **more})


ROLE_WORDS = tuple(role.value for role in ROLES)
TABLE = _name("table", 60, is_required=True, to="Draw")
TEAM = _name("team", is_required=True, to="Teams")
JUDGE = _name("judge", 60, is_required=True, to="Judges")
REASON = _text("reason", 500)

SETTINGS: tuple[Column, ...] = (
    _integer("format", FORMAT, FORMAT, default=FORMAT),
    _name("name", is_required=True),
    _name("slug", 60, is_required=True),
    _choice("role_policy", "fixed", "rotating", is_required=True),
    _name("timezone", 60, is_required=True),
    _name("name_zh"),
    Column(name="starts_on", kind=Kind.DATE),
    Column(name="ends_on", kind=Kind.DATE),
    _name("place"),
    _names("languages", 100),
    _names("table_points", 60, default=("3", "2", "1", "0")),
    _names("three_team_points", 60, default=("2.5", "1.5", "0.5")),
    _names("standings_metrics", 200),
    _choice("panel_method", "mean", "median", "trimmed_mean", default="mean"),
    _integer("score_decimals", 0, 6, default=2),
    _choice("delegate_marks", "mean", "sum", default="mean"),
    _choice("table_ties", "shared", "chair", "forbidden", default="shared"),
    _integer("minimum_rounds", 0, 1000),
    _choice("elimination_basis", "round_adjusted", "round_raw", "cumulative", default="round_adjusted"),
    _integer("team_size_minimum", 0, 1000, default=3),
    _integer("team_size_maximum", 0, 1000, default=5),
    _integer("minimum_age", 0, 150, default=18),
)

EDITION = Sheet(
    name="Edition",
    columns=(_name("key", is_required=True), _text("value", 2000)),
    key=("key",),
)

SHEETS: tuple[Sheet, ...] = (
    EDITION,
    Sheet(
        name="Institutions",
        columns=(
            _name("institution", is_required=True),
            _name("name"),
            _name("name_local"),
            _name("country", 2),
        ),
        key=("institution",),
    ),
    Sheet(
        name="Divisions",
        columns=(_name("division", 60, is_required=True), _name("name"), _name("name_zh")),
        key=("division",),
    ),
    Sheet(
        name="Teams",
        columns=(
            _name("team", is_required=True),
            _name("institution", to="Institutions"),
            _names("divisions", to="Divisions"),
            _choice("role", *ROLE_WORDS),
            Column(name="wishes", kind=Kind.CHOICES, choices=ROLE_WORDS, length=60),
            _name("coach"),
            _choice("status", "registered", "waiting", "withdrawn", "stand_in", default="registered"),
            _integer("withdrawn_from", 1, 1000),
        ),
        key=("team",),
    ),
    Sheet(
        name="Delegates",
        columns=(
            _name("delegate", 60, is_required=True),
            TEAM,
            _name("name"),
            _name("name_local"),
            _name("contact", 254),
            _names("divisions", to="Divisions"),
        ),
        key=("delegate",),
    ),
    Sheet(
        name="Judges",
        columns=(
            _name("judge", 60, is_required=True),
            _name("name"),
            _name("name_local"),
            _name("institution", to="Institutions"),
            _name("contact", 254),
            _number("rating", 0, 10),
            _names("conflicts", 20_000),
            _names("languages", 100),
        ),
        key=("judge",),
    ),
    Sheet(
        name="Rooms",
        columns=(
            _name("room", 120, is_required=True),
            _name("site", 120),
            _name("building", 120),
            _integer("capacity", 0, 1_000_000),
            Column(name="step_free", kind=Kind.FLAG),
            _name("link", 400),
        ),
        key=("room",),
    ),
    Sheet(
        name="Criteria",
        columns=(
            _name("criterion", 60, is_required=True),
            _name("name"),
            _name("name_zh"),
            _choice("target", "team", "delegate", is_required=True),
            _number("minimum", is_required=True),
            _number("maximum", is_required=True),
            _number("step", Decimal("0.000001")),
            _number("weight", 0, default=Decimal(1)),
            _name("session", 120),
        ),
        key=("criterion",),
    ),
    Sheet(
        name="Rounds",
        columns=(
            _round(to=""),
            _name("name"),
            _name("name_zh"),
            _choice("stage", "preliminary", "elimination", is_required=True),
            _name("division", 60, to="Divisions"),
            _number("weight", 0, default=Decimal(1)),
            Column(name="starts_at", kind=Kind.LOCAL_TIME),
            _choice("draw_state", "draft", "confirmed", "released"),
            _choice("results_state", "open", "confirmed", "published"),
            _name("draw_method", 20),
            _name("draw_preset", 20),
            _text("draw_options", 400),
            Column(name="seed", kind=Kind.INTEGER, low=Decimal(-(2**63)), high=Decimal(2**63 - 1)),
            _name("engine", 60),
        ),
        key=("round",),
    ),
    Sheet(
        name="Draw",
        columns=(
            _round(),
            _name("table", 60, is_required=True),
            _name("room", 120, to="Rooms"),
            _name("bracket", 60),
            *(_name(role, to="Teams") for role in ROLE_WORDS),
        ),
        key=("round", "table"),
    ),
    Sheet(
        name="Panels",
        columns=(
            _round(),
            TABLE,
            JUDGE,
            _choice("position", "chair", "panellist", "trainee", is_required=True),
        ),
        key=("round", "table", "judge"),
    ),
    Sheet(
        name="Outcomes",
        columns=(_round(), TEAM, _choice("outcome", "late", "absent", "left", is_required=True), REASON),
        key=("round", "team"),
    ),
    Sheet(
        name="Lineups",
        columns=(
            _round(),
            TEAM,
            _name("delegate", 60, is_required=True, to="Delegates"),
            Column(name="took_part", kind=Kind.FLAG, default=False),
        ),
        key=("round", "delegate"),
    ),
    Sheet(
        name="Scoresheets",
        columns=(
            _round(),
            TABLE,
            JUDGE,
            _choice("state", "draft", "submitted", "confirmed", "waived", default="confirmed"),
            _integer("version", 1, 1_000_000, default=1),
            REASON,
        ),
        key=("round", "table", "judge"),
    ),
    Sheet(
        name="Marks",
        columns=(
            _round(),
            TABLE,
            JUDGE,
            TEAM,
            _name("delegate", 60, to="Delegates"),
            _name("criterion", 60, is_required=True, to="Criteria"),
            _number("mark", is_required=True),
        ),
        key=("round", "table", "judge", "team", "delegate", "criterion"),
    ),
    Sheet(
        name="Penalties",
        columns=(_round(), TEAM, _number("amount", 0, is_required=True), REASON),
    ),
    Sheet(
        name="Results",
        columns=(
            _round(),
            TABLE,
            TEAM,
            _integer("rank", 1, 4),
            _number("score"),
            Column(name="advances", kind=Kind.FLAG),
        ),
        key=("round", "team"),
    ),
    Sheet(
        name="Breaks",
        columns=(
            _name("division", 60, to="Divisions"),
            _choice("role", *ROLE_WORDS),
            _integer("size", 0, 100_000, is_required=True),
            _integer("reserves", 0, 100_000),
        ),
        key=("division", "role"),
    ),
    Sheet(
        name="Awards",
        columns=(_name("award", is_required=True), _name("kind", 60), _name("winner"), REASON),
    ),
)
BY_NAME: dict[str, Sheet] = {sheet.name: sheet for sheet in SHEETS}

OF_A_ROUND = ("Draw", "Panels", "Outcomes", "Lineups", "Scoresheets", "Marks", "Penalties", "Results")
"""The sheets that say what happened in a round, in the order in which they depend on each other."""
