"""The steps of an explanation in the reader's words: what each number is, how it came about, with names put in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from competition.editions.public import Edition
from competition.entries.public import delegate_table, judge_table, team_table
from competition.rounds.public import round_facts
from core.db import db
from core.localised import chosen_locale, in_language
from judging.queries import criteria_of
from judging.scoring.exact import round_half_up
from judging.scoring.steps import Step

SHOWN_DECIMALS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A step as it is read: its label, its number as text, how the parts make it (empty for a leaf)."""

    what: str
    label: str
    amount: str
    how: str
    parts: tuple[Opened, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    rounds: dict[object, str]
    criteria: dict[object, str]
    judges: dict[object, str]
    delegates: dict[object, str]
    teams: dict[object, str]


def opened(edition: Edition, step: Step) -> Opened:
    """The tree in words."""
    return _opened(step, _names(edition))


def _names(edition: Edition) -> _Names:
    locale = chosen_locale()
    judges, delegates = judge_table.c, delegate_table.c
    return _Names(
        rounds={
            facts.number: in_language(facts.name, facts.name_zh, locale)
            or _("Round %(number)s", number=facts.number)
            for facts in round_facts(edition.id)
        },
        criteria={
            one.id: in_language(one.name, one.name_zh, locale) or one.code for one in criteria_of(edition.id)
        },
        judges={
            row.id: row.name or row.name_local or row.code
            for row in db.session.execute(
                select(judges.id, judges.name, judges.name_local, judges.code).where(
                    judges.edition_id == edition.id
                )
            )
        },
        teams={
            row.id: row.name
            for row in db.session.execute(
                select(team_table.c.id, team_table.c.name).where(team_table.c.edition_id == edition.id)
            )
        },
        delegates={
            row.id: row.name or row.name_local or row.code
            for row in db.session.execute(
                select(delegates.id, delegates.name, delegates.name_local, delegates.code).where(
                    delegates.edition_id == edition.id
                )
            )
        },
    )


def _opened(step: Step, names: _Names) -> Opened:
    return Opened(
        what=step.what,
        label=_label(step, names),
        amount=_amount(step.amount),
        how=_how(step),
        parts=tuple(_opened(part, names) for part in step.parts),
    )


def _amount(amount: Decimal) -> str:
    text = format(round_half_up(amount, SHOWN_DECIMALS), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _how(step: Step) -> str:
    if not step.parts:
        return ""
    words = {
        "sum": _("sum"),
        "mean": _("mean"),
        "product": _("product"),
        "median": _("median"),
        "trimmed_mean": _("mean without one highest and one lowest"),
        "deviation": _("standard deviation"),
    }
    how: str = words.get(step.operation, "")
    if how and step.decimals is not None:
        return str(_("%(how)s, rounded to %(decimals)s decimals", how=how, decimals=step.decimals))
    return how


def _label(step: Step, names: _Names) -> str:
    about = step.about
    judge = names.judges.get(about.get("judge"), "")
    rounds = names.rounds.get(about.get("round"), "")
    team = names.teams.get(about.get("team"), "")
    labels: dict[str, str] = {
        "points": _("Points: %(round)s", round=rounds) if rounds else _("Points"),
        "place": rounds,
        "total_score": _("Total score"),
        "average_score": _("Average score"),
        "adjusted_score": _("Adjusted score"),
        "firsts": _("Firsts"),
        "seconds": _("Seconds"),
        "draw_strength": _("Draw strength"),
        "manual": _("Lot"),
        "average_points": _("Average points"),
        "average_less_worst": _("Average score without the lowest"),
        "average_less_extremes": _("Average score without the highest and the lowest"),
        "score_deviation": _("Spread of the scores"),
        "head_to_head": _("Who beat whom"),
        "place_above": _("Ahead of %(team)s in %(round)s", team=team, round=rounds),
        "place_below": _("Behind %(team)s in %(round)s", team=team, round=rounds),
        "opponent_points": _("Points of %(team)s, met in %(round)s", team=team, round=rounds),
        "table_score": _("Table score: %(round)s", round=rounds),
        "recorded_score": _("Table score as recorded: %(round)s", round=rounds),
        "adjusted_table_score": _("Adjusted table score: %(round)s", round=rounds),
        "net_adjustment": _("Adjustment for the severity of the judges together"),
        "adjusted_sheet": _("Sheet of %(judge)s with severity given back", judge=judge),
        "sheet": _("Sheet of %(judge)s", judge=judge),
        "severity": _("Given back for the severity of %(judge)s", judge=judge),
        "mark": names.criteria.get(about.get("criterion"), _("Mark")),
        "weighted_mark": names.criteria.get(about.get("criterion"), _("Mark")),
        "weight": _("Weight"),
        "delegates": _("Delegates together"),
        "delegate": names.delegates.get(about.get("delegate"), ""),
        "penalty": _("Penalty"),
    }
    return labels.get(step.what, step.what)
