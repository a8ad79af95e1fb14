"""Searching cards in the database: alike on both, equal to reading each card, and nothing that is not shown."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from competition.editions.models import Edition
from core.db import db
from judging.models import Award, StandingsSnapshot
from talent_pool import index
from talent_pool.cards import award_tiers, searchable_texts, standing_band, year_band
from talent_pool.models import PoolFacet, PoolProfile
from talent_pool.public import save_profile
from talent_pool.search.query import matches, parse_query
from tests.factories import add, make_delegate, make_edition, make_institution, make_team
from tests.talent_pool.conftest import Browser, actor_of, make_card, make_employer

WORDS = ("port", "law", "mediation", "谈判", "法律", "港口", "海", "trade", "climate", "法国")


def handles(query: str, **filters: list[str]) -> set[str]:
    return {row.handle for row in index.find_cards(parse_query(query), filters, offset=0, limit=500)}


def test_two_character_chinese_words_are_found(app: Flask) -> None:
    _user, profile = make_card("国际谈判代表", about="熟悉港口融资与环境法")
    for word in ("国际", "谈判", "判代", "港口", "环境法", "法", "国际谈判代表"):
        assert handles(word) == {profile.handle}
    assert handles("际判") == set()
    assert handles("表熟") == set()


def test_search_equals_reading_every_card(app: Flask) -> None:
    dice = random.Random(7)
    for _number in range(25):
        headline, about = (
            "".join(dice.choice((*WORDS, " ", " ")) + " " * dice.randint(0, 1) for _ in range(6))
            for _ in range(2)
        )
        make_card(headline.strip() or "card", about=about, skills=[dice.choice(WORDS)])
    cards = {row.handle: searchable_texts(row.card) for row in db.session.scalars(select(PoolProfile))}
    for _number in range(120):
        parts = [
            dice.choice(("", "", "-", '"')) + "".join(dice.sample(WORDS, dice.randint(1, 2)))
            for _ in range(2)
        ]
        query = " ".join(
            part + ('"' if part.startswith('"') else dice.choice(("", "", "*"))) for part in parts
        )
        clauses = parse_query(query)
        expected = {handle for handle, texts in cards.items() if matches(clauses, texts)}
        assert handles(query) == expected, query
        assert index.count_cards(clauses, {}) == len(expected)


def test_nothing_is_found_by_what_is_not_shown(app: Flask) -> None:
    edition = make_edition(name="Harbour Games", ends_on=date(2025, 5, 1))
    user, profile = make_card("Mediator", name="Zoë Quill", name_local="奎尔佐伊")
    team = make_team(edition, "Red Herons", institution_id=make_institution(edition, "Tongji University").id)
    make_delegate(team, "Zoë Quill", person_id=user.person_id)
    save_profile(actor=actor_of(user), headline="Mediator")
    hidden = (
        "quill",
        "zoe",
        "奎尔",
        "herons",
        "tongji",
        "harbour",
        profile.handle,
        user.email.partition("@")[0],
    )
    assert [handles(word) for word in hidden] == [set()] * len(hidden)


def publish(edition: Edition, team_id: int, rank: int, *, is_published: bool = True) -> StandingsSnapshot:
    """Standings of eight teams, the one asked for at `rank`."""
    others = [{"team_id": -number, "rank": number, "rounds": []} for number in range(1, 8)]
    lines = [{"team_id": team_id, "rank": rank, "rounds": [{"role": "igo"}]}, *others]
    names = {"team": "", "institution": "", "is_shared": False}
    return add(
        StandingsSnapshot(
            edition_id=edition.id,
            after_round=1,
            metrics="points",
            tables={"overall": [{**names, **line} for line in lines]},
            created_at=edition.created_at,
            is_published=is_published,
        )
    )


def test_results_are_on_the_card_only_when_released_and_shown(app: Flask) -> None:
    edition = make_edition(ends_on=date(2025, 5, 1))
    user, profile = make_card()
    team = make_team(edition, "Red Herons")
    make_delegate(team, "Ada Obi", person_id=user.person_id)
    add(Award(edition_id=edition.id, award="Gold, IGO", winner="Red Herons"))
    snapshot = publish(edition, team.id, 2, is_published=False)
    save_profile(actor=actor_of(user), headline="Mediator", shows_results=True)
    assert profile.card["results"] == []
    snapshot.is_published = True
    db.session.commit()
    line = {"roles": ["igo"], "years": "2024-2025", "tiers": ["gold"], "band": "top_quarter"}
    assert profile.card["results"] == [line]
    assert handles("", result=["gold"]) == handles("", role=["igo"]) == {profile.handle}
    assert index.count_facets((), {})["year"] == {"2024-2025": 1}
    snapshot.is_published = False
    db.session.commit()
    assert (profile.card["results"], handles("", result=["gold"])) == ([], set())
    snapshot.is_published = True
    db.session.commit()
    save_profile(actor=actor_of(user), headline="Mediator", shows_results=False)
    assert list(db.session.scalars(select(PoolFacet))) == []


def test_counts_of_a_filter_ignore_its_own_choice(app: Flask) -> None:
    make_card("One", languages=["fr", "zh"], kinds=["internship"])
    make_card("Two", languages=["zh"], kinds=["internship"])
    make_card("Three", languages=["fr"], kinds=["research"])
    counts = index.count_facets((), {"language": ["fr"]})
    assert counts["language"] == {"fr": 2, "zh": 2}
    assert counts["kind"] == {"internship": 1, "research": 1}
    assert index.count_cards((), {"language": ["fr", "zh"], "kind": ["internship"]}) == 2
    assert index.count_facets(parse_query("two"), {})["language"] == {"zh": 1}


@pytest.mark.parametrize(
    ("rank", "ranked", "band"),
    [
        (1, 4, "top_quarter"),
        (2, 4, "top_half"),
        (3, 4, ""),
        (1, 3, ""),
        (None, 40, ""),
        (10, 40, "top_quarter"),
        (11, 40, "top_half"),
    ],
)
def test_ranks_are_coarsened(rank: int | None, ranked: int, band: str) -> None:
    assert standing_band(rank, ranked) == band


def test_years_and_awards_are_coarsened() -> None:
    assert [year_band(day) for day in (None, date(2024, 1, 1), date(2025, 12, 31))] == [
        "",
        "2024-2025",
        "2024-2025",
    ]
    assert award_tiers(["Best legal debate", "Silver", "本届金奖"]) == ["gold", "silver", "award"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=" + "x" * 5000, 422),
        ("q=" + "+".join(f"w{n}" for n in range(40)), 422),
        ("q=%22port", 422),
        ("q=%00", 422),
        ("q=a%00b", 200),
        ("q=100%25_", 200),
        ("page=-3&role=igo&role=%27&year=%00&language=" + "x" * 500, 200),
        ("page=99999999999999999999", 200),
        ("q='%20OR%201=1", 200),
    ],
)
def test_odd_addresses_are_answered(
    app: Flask, browser: Callable[..., Browser], query: str, status: int
) -> None:
    make_card("Port lawyer")
    searcher, _employer = make_employer()
    assert browser(searcher).get(f"/employers/search?{query}").status_code == status


def test_the_page_shows_counts_and_turns_filters_on_and_off(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    for number in range(23):
        make_card(f"Card number {number}", languages=["fr"])
    searcher, _employer = make_employer()
    page = browser(searcher)
    text = page.get("/employers/search").text
    assert "23 cards" in text
    assert text.count("/employers/cards/") == 15
    assert "1 to 15 of 23" in text
    assert 'href="/employers/search?language=fr"' in text
    chosen = page.get("/employers/search?language=fr&page=2").text
    assert chosen.count("/employers/cards/") == 8
    assert 'aria-current="true"' in chosen
