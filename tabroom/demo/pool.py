"""The demo's talent pool: participants who consented, each by the same services as anybody, and two employers."""

from __future__ import annotations

import random

from accounts.public import create_person, create_user
from competition.editions.public import Edition
from competition.entries.public import Delegate, delegates_of_team, team_lines
from core.access import SYSTEM, Actor, Capacity, CapacityKind
from tabroom.demo.editions import SEED
from tabroom.demo.people import SignIn, add_sign_in
from talent_pool.public import Choices, apply_employer, approve_employer, join_pool, save_profile

MEMBERS = 36
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
    """Let some delegates join with a card, and an approved and a waiting employer appear."""
    dice = random.Random(SEED + 2)  # noqa: S311 - a repeatable invented world, no secret
    employer = add_sign_in("Employer (approved)", "employer", "Ingrid Solberg")
    _employer(
        employer.person_id, "Harbour and Ocean Agency", "港口与海洋事务署", "igo", "CN", is_approved=True
    )
    for place, line in enumerate(team_lines(edition.id)[:MEMBERS]):
        _join(dice, place, delegates_of_team(line.id)[2])
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


def _join(dice: random.Random, place: int, delegate: Delegate) -> None:
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
    join_pool(actor=actor, choices=Choices(allows_abroad=place % 3 != 2, allows_statistics=True))
    save_profile(
        actor=actor,
        headline=HEADLINES[place % len(HEADLINES)],
        about=ABOUT[place % len(ABOUT)],
        facts=_facts(dice, place),
        shows_results=place % 4 != 3,
    )


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
        approve_employer(actor=SYSTEM, employer=employer)


def _as(person_id: int) -> Actor:
    """Each demo person acts alone, with nothing but being themselves."""
    own = Capacity(kind=CapacityKind.PERSON, subject_id=person_id)
    return Actor(person_id=person_id, user_id=person_id, capacities=frozenset({own}))
