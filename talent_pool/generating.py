"""Invented people with invented cards, many at once: a load for benchmarks and for looking at full pages."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import func, insert, select

from accounts.public import person as person_table
from accounts.public import user_account
from core.db import db, new_public_id
from core.errors import Conflict
from core.localised import N_
from talent_pool.cards import EMPTY, RESULTS
from talent_pool.consent import TEXT_VERSION
from talent_pool.facts import AVAILABILITY, DEGREES, KINDS, LANGUAGES, LEVELS, MOBILITY
from talent_pool.index import index_values, text_values
from talent_pool.index_models import PoolIndex, PoolText
from talent_pool.models import PoolConsent, PoolProfile
from talent_pool.person_models import PoolRule
from talent_pool.services.membership import new_handle
from talent_pool.vocabulary import SECTORS, SKILLS

BATCH = 1_000
HIDES = 0.05
"""How many hide from one kind of employer."""
EMPLOYER_KINDS = ("government", "enterprise", "igo", "ngo")
ROLES = ("government", "enterprise", "local_ngo", "igo")
PLACES = (
    "CN",
    "AU",
    "DE",
    "FR",
    "SG",
    "KE",
    "CH",
    "BR",
    "GB",
    "US",
    "JP",
    "ZA",
    "AE",
    "VN",
    "IN",
    "EG",
    "CL",
    "KZ",
)
YEARS = ("2018-2019", "2022-2023", "2024-2025", "2026-2027")
TOPICS = (
    "negotiation 谈判", "law 法律", "port 港口", "environment 环境", "investment 投资", "labour 劳工", "trade 贸易",
    "climate 气候", "energy 能源", "railway 铁路", "finance 融资", "community 社区", "mediation 调解", "ocean 海洋",
    "arbitration 仲裁", "diplomacy 外交", "water 水资源", "welfare 福利", "procurement 采购", "compliance 合规",
    "research 研究", "drafting 起草", "policy 政策", "infrastructure 基础设施", "shipping 航运", "customs 海关",
    "biodiversity 生物多样性", "data 数据", "health 卫生", "education 教育", "migration 移民", "mining 矿业",
    "agriculture 农业", "fisheries 渔业", "forestry 林业", "housing 住房", "tax 税收", "insurance 保险",
    "logistics 物流", "aviation 航空", "tourism 旅游", "heritage 文化遗产", "gender 性别平等", "youth 青年",
    "disaster 灾害", "nuclear 核能", "hydrogen 氢能", "carbon 碳市场", "standards 标准", "patents 专利",
    "antitrust 反垄断", "sanctions 制裁", "refugees 难民", "elections 选举", "corruption 反腐败", "transparency 透明度",
    "resettlement 移民安置", "dredging 疏浚", "concession 特许经营", "guarantees 担保", "bonds 债券", "audits 审计",
)  # fmt: skip
OPENINGS = (
    "I have worked on {0} and {1} and like to find the interest behind a position.",
    "Four roles at one table taught me to listen; since then I write about {0}, {1} and {2}.",
    "My thesis compares {0} and {1} in three countries. I draft fast and clearly.",
    "Looking for a team that works on {0} with people who care about {1}.",
    "我关注{0}与{1}，擅长在多方谈判中寻找共同利益，并把共识写成可执行的条款。",
    "曾参与{0}项目的磋商，熟悉{1}和{2}，愿意到现场工作。",
    "研究方向是{0}，同时关心{1}对当地社区的影响。",
)


def refuse_real_people(*, is_production: bool, is_testing: bool) -> None:
    """Raise Conflict in production, and wherever somebody real has an account: invented people are never among them."""
    is_real = select(func.count()).select_from(user_account).where(user_account.c.is_demo.is_(False))
    if is_production or (not is_testing and db.session.scalar(is_real)):
        raise Conflict(N_("Real people have accounts here: no invented ones are put among them."))


def generate_people(
    count: int, *, now: datetime, seed: int = 1, told: Callable[[int], None] | None = None
) -> None:
    """Add `count` invented people to the pool, each with a card that is listed; `told` hears how many there are."""
    dice = random.Random(seed)  # noqa: S311 - an invented world, no secret
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        _add(dice, size, now)
        if told is not None:
            told(start + size)


def invented_card(dice: random.Random) -> dict[str, Any]:
    """A card as somebody could have filled it in."""
    pairs = [topic.split(" ") for topic in dice.choices(TOPICS, cum_weights=WEIGHTS, k=8)]
    sentences = [_sentence(dice, pairs) for _ in range(dice.randint(1, 3))]
    parts = dice.choices((0, 1, 2), (3, 6, 1))[0]
    year, month = dice.randint(2024, 2028), dice.randint(1, 12)
    languages = ["zh", *dice.choices(LANGUAGES, range(len(LANGUAGES), 0, -1), k=2)]
    return {
        **EMPTY,
        "headline": _headline(dice, pairs),
        "about": " ".join(sentences),
        "degree": dice.choice(DEGREES),
        "graduates": f"{year}-{month:02d}",
        "starts": f"{year}-09",
        "kinds": dice.sample(KINDS, dice.randint(1, 3)),
        "places": dice.sample(PLACES, dice.randint(1, 3)),
        "mobility": dice.choice(MOBILITY),
        "work_rights": dice.sample(PLACES, dice.randint(0, 2)),
        "citizenships": dice.sample(PLACES, dice.randint(0, 1)),
        "languages": {code: dice.choice(LEVELS) for code in languages},
        "skills": dice.sample(tuple(SKILLS), dice.randint(2, 6)),
        "sectors": dice.sample(tuple(SECTORS), dice.randint(1, 3)),
        "availability": dice.sample(AVAILABILITY, dice.randint(1, 2)),
        "results": [_result(dice) for _ in range(parts)],
    }


WEIGHTS = list(accumulate(1 / (place + 3) for place in range(len(TOPICS))))
"""Some topics are on every fifth card and some on every hundredth, as words are."""


def _headline(dice: random.Random, pairs: list[list[str]]) -> str:
    (first, first_zh), (second, second_zh) = pairs[0], pairs[1]
    english, chinese = f"{first.title()} and {second}", f"{first_zh}与{second_zh}"
    return dice.choice((english, chinese, f"{english} {chinese}"))


def _sentence(dice: random.Random, pairs: list[list[str]]) -> str:
    opening = dice.choice(OPENINGS)
    return opening.format(*(pair[0 if opening.isascii() else 1] for pair in dice.sample(pairs, 3)))


def _result(dice: random.Random) -> dict[str, Any]:
    band = dice.choices(("", "top_quarter", "top_half"), (2, 1, 1))[0]
    tiers = [dice.choice(RESULTS[:4])] if dice.random() < 0.2 else []
    return {"roles": [dice.choice(ROLES)], "years": dice.choice(YEARS), "tiers": tiers, "band": band}


def _add(dice: random.Random, size: int, now: datetime) -> None:
    people = [_person(now) for _ in range(size)]
    table: Any = person_table
    adding = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    keys = db.session.scalars(adding, people).all()
    days = [now - timedelta(days=dice.randint(0, 400)) for _ in keys]
    yes = {"text_version": TEXT_VERSION, "allows_abroad": True, "allows_statistics": True}
    consents = [
        {**yes, "person_id": key, "given_at": day, "confirmed_at": day}
        for key, day in zip(keys, days, strict=True)
    ]
    db.session.execute(insert(PoolConsent), consents)
    profiles = [
        {
            "person_id": key,
            "handle": new_handle(),
            "card": invented_card(dice),
            "is_listed": True,
            "updated_at": day,
            "audience_at": day,
            "new_employers": "at_once",
        }
        for key, day in zip(keys, days, strict=True)
    ]
    query = insert(PoolProfile).returning(PoolProfile.id, sort_by_parameter_order=True)
    profile_keys = db.session.scalars(query, profiles).all()
    indexed = list(zip(profile_keys, profiles, strict=True))
    db.session.execute(insert(PoolIndex), [{"profile_id": key, **_index_values(one)} for key, one in indexed])
    db.session.execute(
        insert(PoolText), [{"profile_id": key, **text_values(one["card"])} for key, one in indexed]
    )
    hiding = [key for key in profile_keys if dice.random() < HIDES]
    if hiding:
        db.session.execute(
            insert(PoolRule),
            [{"profile_id": key, "rule": "kind", "value": dice.choice(EMPLOYER_KINDS)} for key in hiding],
        )


def _index_values(profile: dict[str, Any]) -> dict[str, Any]:
    return index_values(profile["card"], profile["handle"], profile["updated_at"].date())


def _person(now: datetime) -> dict[str, Any]:
    names = {"name": "Invented Person", "name_local": "", "locale": "en"}
    return {"public_id": new_public_id(), **names, "created_at": now}
