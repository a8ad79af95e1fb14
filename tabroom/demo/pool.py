"""The demo's talent pool: participants who consented, each by the same services as anybody, and two employers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.public import create_person, create_user
from competition.editions.public import Edition
from competition.entries.public import Delegate, delegates_of_team, team_lines
from core.access import SYSTEM, Actor, Capacity, CapacityKind, capacities_of_person
from core.db import utc_now
from tabroom.demo.editions import SEED
from tabroom.demo.people import SignIn, add_sign_in
from talent_pool.public import (
    Choices,
    add_list,
    apply_employer,
    approve_employer,
    count_shown,
    join_pool,
    put_on_list,
    save_profile,
)

MEMBERS = 40
ON_THE_LIST = 20
WEEKS_AGO = (timedelta(weeks=3), timedelta(weeks=2), timedelta(days=8))
"""When they joined, and when an employer looked: the organisers see counts up to the last Monday."""
HEADLINES = (
    "Maritime law and port concessions 海商法与港口特许",
    "Environmental impact of large projects 大型项目环境影响评估",
    "Labour standards in infrastructure 基础设施劳工标准",
    "Investment arbitration 国际投资仲裁",
    "Public finance and development banks 开发性金融",
    "Ocean governance 海洋治理",
    "Community consultation 社区协商",
    "Trade policy analysis 贸易政策分析",
    "Climate and energy negotiations 气候与能源谈判",
)
ABOUT = (
    "I like to find the interest behind a position, and to write agreements that people can keep.",
    "我擅长在多方谈判中寻找共同利益，并把共识写成可执行的条款。",
    "Four roles at one table taught me to listen first. I draft fast and clearly.",
    "关注跨国项目中的社区权益与生态补偿，愿意到现场工作。",
)
AIMS = (("internship", "jpo"), ("permanent",), ("jpo", "traineeship"), ("research", "fixed_term"))
PLACES = (("CN",), ("CN", "SG"), ("CH", "FR", "AT"), ("KE", "CN"))
SKILLS = (
    ("legal_drafting", "maritime_law", "negotiation"),
    ("environmental_law", "impact_assessment", "mediation"),
    ("labour_law", "community_consultation", "facilitation"),
    ("arbitration", "investment_law", "legal_research"),
    ("public_finance", "project_finance", "data_analysis"),
    ("policy_analysis", "treaty_law", "public_speaking"),
)
SECTORS = (
    ("transport", "law"),
    ("environment", "international"),
    ("labour", "development"),
    ("finance", "infrastructure"),
)
DEGREES = ("bachelor", "master", "master", "doctor")


def fill_pool(edition: Edition) -> list[SignIn]:
    """Let some delegates join with a card; an approved employer has looked at them, and another one waits."""
    dice, now = random.Random(SEED + 2), utc_now()  # noqa: S311 - a repeatable invented world, no secret
    employer = add_sign_in("Employer (approved)", "employer", "Ingrid Solberg")
    _employer(
        employer.person_id, "Harbour and Ocean Agency", "港口与海洋事务署", "igo", "CN", is_approved=True
    )
    cards = [
        _join(dice, place, delegates_of_team(line.id)[2], now)
        for place, line in enumerate(team_lines(edition.id)[:MEMBERS])
    ]
    looking = create_person(actor=SYSTEM, name="Leila Haddad")
    _employer(looking.person_id, "Meridian Arbitration House", "", "ngo", "CN", is_approved=True)
    _look(looking.person_id, cards, now)
    waiting = create_person(actor=SYSTEM, name="Rashid Khan")
    _employer(
        waiting.person_id,
        "Delta Infrastructure Partners",
        "三角洲基建",
        "enterprise",
        "SG",
        is_approved=False,
    )
    return [employer]


def _join(dice: random.Random, place: int, delegate: Delegate, now: datetime) -> tuple[int, str]:
    person = create_person(actor=SYSTEM, name=delegate.name, name_local=delegate.name_local)
    create_user(
        actor=SYSTEM,
        person_id=person.person_id,
        email=f"member{place + 1:02d}@example.org",
        is_confirmed=True,
        is_demo=True,
    )
    delegate.person_id = person.person_id
    actor = _as(person.person_id)
    choices = Choices(allows_abroad=place % 3 != 2, allows_statistics=True)
    join_pool(actor=actor, choices=choices, now=now - WEEKS_AGO[0])
    profile = save_profile(
        actor=actor,
        headline=HEADLINES[place % len(HEADLINES)],
        about=ABOUT[place % len(ABOUT)],
        facts=_facts(dice, place),
        shows_results=place % 7 != 3,
    )
    return profile.id, profile.handle


def _look(person_id: int, cards: Sequence[tuple[int, str]], now: datetime) -> None:
    """An employer has seen these cards in some searches and put half of them on a shortlist."""
    actor = Actor(person_id=person_id, user_id=person_id, capacities=capacities_of_person(person_id))
    for ago in WEEKS_AGO:
        count_shown([key for key, _handle in cards], (now - ago).date())
    chosen = [handle for _key, handle in cards[:ON_THE_LIST]]
    row = add_list(actor=actor, name="Arbitration fellows 2027")
    put_on_list(actor=actor, public_id=row.public_id, handles=chosen, now=now - WEEKS_AGO[-1])


def _facts(dice: random.Random, place: int) -> dict[str, object]:
    year = 2026 + place % 3
    return {
        "degree": DEGREES[place % len(DEGREES)],
        "graduates": f"{year}-06",
        "starts": f"{year}-{dice.choice((7, 9))}".replace("-", "-0"),
        "kinds": AIMS[place % len(AIMS)],
        "places": PLACES[place % len(PLACES)],
        "mobility": ("world", "region", "country")[place % 3],
        "languages": {
            "zh": "native",
            "en": ("B2", "C1", "C2")[place % 3],
            **({} if place % 5 else {"fr": "B1"}),
        },
        "skills": SKILLS[place % len(SKILLS)],
        "sectors": SECTORS[place % len(SECTORS)],
        "availability": ("full_time",),
    }


def _employer(
    person_id: int, name: str, name_local: str, kind: str, country: str, *, is_approved: bool
) -> None:
    employer = apply_employer(
        actor=_as(person_id),
        name=name,
        name_local=name_local,
        kind=kind,
        website="https://example.org",
        country=country,
        purpose="People who can negotiate about large projects in two languages.",
    )
    if is_approved:
        approve_employer(actor=SYSTEM, employer=employer, now=utc_now() - timedelta(weeks=4))


def _as(person_id: int) -> Actor:
    """Each demo person acts alone, with nothing but being themselves."""
    own = Capacity(kind=CapacityKind.PERSON, subject_id=person_id)
    return Actor(person_id=person_id, user_id=person_id, capacities=frozenset({own}))
