"""The demo's talent pool: participants who consented, each by the same services as anybody, and two employers."""

from __future__ import annotations

import random

from accounts.public import create_person, create_user
from competition.editions.public import Edition
from competition.entries.public import Delegate, delegates_of_team, team_lines
from core.access import SYSTEM, Actor, Capacity, CapacityKind
from tabroom.demo.editions import SEED
from tabroom.demo.people import SignIn, add_sign_in
from talent_pool.public import apply_employer, approve_employer, join_pool, save_profile

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
SKILLS = (
    "drafting",
    "mediation",
    "legal research",
    "public speaking",
    "data analysis",
    "谈判",
    "法律检索",
    "同声传译",
)
AIMS = ("internship", "first_job", "international", "research")


def fill_pool(edition: Edition) -> list[SignIn]:
    """Let some delegates join with a card, and an approved and a waiting employer appear."""
    dice = random.Random(SEED + 2)  # noqa: S311 - a repeatable invented world, no secret
    for place, line in enumerate(team_lines(edition.id)[:MEMBERS]):
        _join(dice, place, delegates_of_team(line.id)[2])
    employer = add_sign_in("Employer (approved)", "employer", "Ingrid Solberg")
    _employer(employer.person_id, "Harbour and Ocean Agency", "港口与海洋事务署", "igo", is_approved=True)
    waiting = create_person(actor=SYSTEM, name="Rashid Khan")
    _employer(
        waiting.person_id, "Delta Infrastructure Partners", "三角洲基建", "enterprise", is_approved=False
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
    join_pool(actor=actor)
    save_profile(
        actor=actor,
        headline=HEADLINES[place % len(HEADLINES)],
        about=ABOUT[place % len(ABOUT)],
        skills=", ".join(dice.sample(SKILLS, 3)),
        languages=["zh", "en"] if place % 5 else ["zh", "en", "fr"],
        looking_for=[AIMS[place % len(AIMS)]],
        shows_results=place % 4 != 3,
    )


def _employer(person_id: int, name: str, name_local: str, kind: str, *, is_approved: bool) -> None:
    employer = apply_employer(
        actor=_as(person_id),
        name=name,
        name_local=name_local,
        kind=kind,
        website="https://example.org",
        purpose="People who can negotiate about large projects in two languages.",
    )
    if is_approved:
        approve_employer(actor=SYSTEM, employer=employer)


def _as(person_id: int) -> Actor:
    """Each demo person acts alone, with nothing but being themselves."""
    own = Capacity(kind=CapacityKind.PERSON, subject_id=person_id)
    return Actor(person_id=person_id, user_id=person_id, capacities=frozenset({own}))
