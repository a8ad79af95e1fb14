"""Who may see a card, as its person chooses: purposes, audience, new employers, exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select

from core.db import db
from core.errors import Invalid, Stale
from core.forms import folded
from core.localised import N_
from talent_pool.facts import COUNTRIES
from talent_pool.hiding import folded_name
from talent_pool.models import Employer, PoolConsent, PoolProfile
from talent_pool.person_models import PoolRule

AUDIENCES = ("all", "chosen")
NEW_EMPLOYERS = ("at_once", "after_7_days", "never")
EMPLOYER_KINDS = ("government", "enterprise", "igo", "ngo")
MOST_NAMES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Everything a person decides beyond being listed. Employers are given by their public ids.

    `chosen` counts where the audience is `chosen`; `hidden` names single employers, `hidden_names` organisations in
    words, whether or not they have come yet.
    """

    allows_abroad: bool = False
    allows_statistics: bool = False
    audience: str = "all"
    new_employers: str = "after_7_days"
    chosen: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    hidden_kinds: tuple[str, ...] = ()
    hidden_countries: tuple[str, ...] = ()
    hidden_names: tuple[str, ...] = ()
    preapproved: tuple[str, ...] = field(default=())


def keep_choices(
    consent: PoolConsent,
    profile: PoolProfile,
    choices: Choices,
    *,
    now: datetime,
    version: int | None = None,
) -> None:
    """Write the choices over the earlier ones; the caller notes the act. Raises Invalid, or Stale by `version`."""
    _check(choices)
    if version is not None and version != profile.version:
        raise Stale(N_("You changed this in another window. Look at it again, then save."))
    if profile.audience != choices.audience:
        profile.audience_at = now  # a new decision is about the employers there are today
    consent.allows_abroad, consent.allows_statistics = choices.allows_abroad, choices.allows_statistics
    profile.audience, profile.new_employers = choices.audience, choices.new_employers
    if version is not None:
        profile.version += 1
    db.session.execute(delete(PoolRule).where(PoolRule.profile_id == profile.id))
    db.session.add_all(
        PoolRule(profile_id=profile.id, rule=rule, value=value)
        for rule, values in _rules(choices).items()
        for value in dict.fromkeys(values)
    )
    db.session.flush()


def choices_of(consent: PoolConsent, profile: PoolProfile) -> Choices:
    """What a person has chosen, with employers by their public ids."""
    rows = db.session.execute(
        select(PoolRule.rule, PoolRule.value).where(PoolRule.profile_id == profile.id).order_by(PoolRule.id)
    ).all()
    names = {
        str(row.id): row.public_id for row in db.session.execute(select(Employer.id, Employer.public_id))
    }

    def values(rule: str) -> tuple[str, ...]:
        found = (value for one, value in rows if one == rule)
        return tuple(names.get(value, value) if rule in BY_KEY else value for value in found)

    return Choices(
        allows_abroad=consent.allows_abroad,
        allows_statistics=consent.allows_statistics,
        audience=profile.audience,
        new_employers=profile.new_employers,
        chosen=values("shown"),
        hidden=values("hidden"),
        hidden_kinds=values("kind"),
        hidden_countries=values("country"),
        hidden_names=values("name"),
        preapproved=values("preapproved"),
    )


BY_KEY = ("shown", "hidden", "preapproved")


def _rules(choices: Choices) -> dict[str, list[str]]:
    return {
        "shown": _keys(choices.chosen),
        "hidden": _keys(choices.hidden),
        "preapproved": _keys(choices.preapproved),
        "kind": [kind for kind in EMPLOYER_KINDS if kind in choices.hidden_kinds],
        "country": [code for code in COUNTRIES if code in choices.hidden_countries],
        "name": [name for name in map(folded_name, choices.hidden_names) if name],
    }


def _keys(public_ids: Iterable[str]) -> list[str]:
    wanted = list(public_ids)[:1000]
    rows = db.session.scalars(select(Employer.id).where(Employer.public_id.in_(wanted)).order_by(Employer.id))
    return [str(key) for key in rows]


def _check(choices: Choices) -> None:
    if choices.audience not in AUDIENCES or choices.new_employers not in NEW_EMPLOYERS:
        raise Invalid(N_("Choose which employers may see your card."))
    if len(choices.hidden_names) > MOST_NAMES:
        raise Invalid(N_("Name at most %(most)d organisations."), most=MOST_NAMES)
    if any(folded(name) and not folded_name(name) for name in choices.hidden_names):
        raise Invalid(N_("Write the organisation's name in letters."))
