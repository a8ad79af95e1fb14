"""Searching cards in the database: alike on both, equal to reading each card, and nothing that is not shown."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from competition.editions.models import Edition
from core.access import SYSTEM
from core.db import db
from judging.models import Award, StandingsSnapshot
from talent_pool import index
from talent_pool.cards import award_tiers, facets_of, searchable_texts, standing_band, year_band
from talent_pool.models import Employer, PoolConsent, PoolProfile
from talent_pool.public import decide_employer, leave_pool, save_profile
from talent_pool.search.expressions import Expression, is_in_headline, matches
from talent_pool.search.order import seed_of, sort_key
from talent_pool.search.query import parse_query
from tests.factories import add, make_delegate, make_edition, make_institution, make_team
from tests.talent_pool.conftest import Browser, actor_of, make_card, make_employer

WORDS = (
    "port",
    "law",
    "mediation",
    "谈判",
    "談判",
    "法律",
    "港口",
    "海",
    "trade",
    "climate",
    "法国",
    "Légal",
    "n",
)
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def employer(app: Flask) -> Employer:
    return make_employer()[1]


def handles(employer: Employer, query: str, **filters: list[str]) -> set[str]:
    found = index.search_cards(employer, parse_query(query), filters, limit=500)
    return {row.handle for row in found.cards}


def test_two_character_chinese_words_are_found(employer: Employer) -> None:
    _user, profile = make_card("国际谈判代表", about="熟悉港口融资与环境法")
    for word in ("国际", "谈判", "判代", "港口", "环境法", "法", "国际谈判代表", "國際談判"):
        assert handles(employer, word) == {profile.handle}
    assert handles(employer, "际判") == set()
    assert handles(employer, "表熟") == set()


def confirm(profile: PoolProfile, moment: datetime) -> None:
    """As if the card had been saved, and the yes given, at that moment."""
    profile.updated_at = moment
    held = PoolConsent.person_id == profile.person_id
    db.session.execute(update(PoolConsent).where(held).values(confirmed_at=moment))
    index.write_index(profile)


def random_text(dice: random.Random, words: int) -> str:
    return "".join(
        dice.choice((*WORDS, " ", " ", "，")) + " " * dice.randint(0, 1) for _ in range(words)
    ).strip()


def random_query(dice: random.Random, depth: int = 0) -> str:
    """A query of every kind the language has."""
    kind = dice.random()
    if depth < 3 and kind < 0.45:
        parts = [random_query(dice, depth + 1) for _ in range(dice.randint(2, 3))]
        inner = dice.choice((" ", " AND ", " OR ", " NOT ")).join(parts)
        return f"({inner})" if depth else inner
    if depth < 4 and kind < 0.6:
        return dice.choice(("-", "NOT ")) + random_query(dice, 4)
    words = dice.sample(WORDS, dice.randint(1, 2))
    if kind < 0.75:
        return '"' + dice.choice((" ", "")).join(words) + '"'
    word = words[0][: dice.randint(1, len(words[0]))]
    return word + dice.choice(("", "", "*"))


def test_500_searches_equal_reading_every_card(employer: Employer) -> None:
    """Matches, order and counts, in both languages; the same on both databases because both equal the plain reading."""
    dice = random.Random(7)
    codes = ("fr", "zh", "en", "ar")
    for number in range(60):
        _user, profile = make_card(
            random_text(dice, 4) or "card",
            about=random_text(dice, 9),
            languages=dice.sample(codes, dice.randint(0, 3)),
        )
        confirm(profile, NOW - timedelta(days=number % 3, hours=number % 5))
    profiles = list(db.session.scalars(select(PoolProfile)))
    sizes = set()
    for _number in range(500):
        query = random_query(dice)
        chosen = dice.sample(codes, dice.choice((0, 0, 1, 2)))
        expression = parse_query(query)
        texts = {row.id: searchable_texts(row.card) for row in profiles}
        held = [row for row in profiles if matches(expression, texts[row.id])]
        shown = [row for row in held if not chosen or dict_of(row)["language"] & set(chosen)]
        in_order = sorted(shown, key=lambda row: plain_key(row, expression), reverse=True)
        found = index.search_cards(employer, expression, {"language": chosen}, offset=3, limit=10, now=NOW)
        assert found.total == len(shown), query
        assert [row.handle for row in found.cards] == [row.handle for row in in_order[3:13]], query
        assert found.counts == plain_counts(held, chosen), query
        sizes.add(len(shown))
    assert len(sizes) > 30


def dict_of(profile: PoolProfile) -> dict[str, set[str]]:
    values: dict[str, set[str]] = defaultdict(set)
    for facet, value in facets_of(profile.card):
        values[facet].add(value)
    return values


def plain_key(profile: PoolProfile, expression: Expression | None) -> int:
    return sort_key(
        is_in_headline=is_in_headline(expression, profile.card["headline"]),
        confirmed_on=profile.updated_at.date(),
        seed=seed_of(profile.handle),
        today=NOW.date(),
    )


def plain_counts(held: list[PoolProfile], chosen: list[str]) -> dict[str, dict[str, int]]:
    """Each facet under the filters of all others: only `language` is ever chosen here."""
    counts: dict[str, dict[str, int]] = {}
    for profile in held:
        values = dict_of(profile)
        for facet, shown in values.items():
            if facet == "language" or not chosen or values["language"] & set(chosen):
                for value in shown:
                    counts.setdefault(facet, {}).setdefault(value, 0)
                    counts[facet][value] += 1
    return counts


def test_headlines_come_first_then_those_confirmed_last(employer: Employer) -> None:
    rows = {}
    for name, headline, about, days in (
        ("old headline", "Port lawyer", "", 9),
        ("new elsewhere", "Lawyer", "the port", 0),
        ("new headline", "Port planner", "", 1),
        ("old elsewhere", "Planner", "a port", 5),
    ):
        _user, profile = make_card(headline, about=about)
        confirm(profile, NOW - timedelta(days=days))
        rows[profile.handle] = name
    found = index.search_cards(employer, parse_query("port -ship"), now=NOW)
    assert [rows[card.handle] for card in found.cards] == [
        "new headline",
        "old headline",
        "new elsewhere",
        "old elsewhere",
    ]


def test_the_shuffle_is_another_one_each_day_and_the_same_all_day(employer: Employer) -> None:
    for _number in range(12):
        _user, profile = make_card("Card")
        confirm(profile, NOW)
    orders = [
        tuple(
            card.handle for card in index.search_cards(employer, None, now=NOW + timedelta(hours=hours)).cards
        )
        for hours in (0, 3, 24, 48)
    ]
    assert orders[0] == orders[1]
    assert len(set(orders)) == 3


def test_a_change_reaches_a_process_that_has_searched_before(employer: Employer) -> None:
    first, profile = make_card("Mediator")
    assert handles(employer, "mediator") == {profile.handle}
    save_profile(actor=actor_of(first), headline="Arbitrator", facts={"languages": {"fr": "C1"}})
    assert (handles(employer, "mediator"), handles(employer, "arbitrator")) == (set(), {profile.handle})
    _second, other = make_card("Arbitrator too")
    assert index.search_cards(employer, None).total == 2
    leave_pool(actor=actor_of(first))
    assert handles(employer, "") == {other.handle}
    assert index.search_cards(employer, None).counts == {}


def test_a_person_deleted_by_whomever_leaves_the_counts(employer: Employer) -> None:
    user, _profile = make_card("Mediator", languages=["fr"])
    assert index.search_cards(employer, None).total == 1
    db.session.execute(delete(PoolProfile).where(PoolProfile.person_id == user.person_id))
    found = index.search_cards(employer, parse_query("mediator"))
    assert (found.total, found.counts, found.cards) == (0, {}, ())


def test_an_undone_transaction_leaves_nothing_in_memory(employer: Employer) -> None:
    _user, kept = make_card("Mediator")
    assert handles(employer, "") == {kept.handle}
    undone = db.session.begin_nested()
    make_card("Mediator too", languages=["fr"])
    assert len(handles(employer, "")) == 2
    undone.rollback()
    assert handles(employer, "") == {kept.handle}
    make_card("Another")
    assert (index.search_cards(employer, None).total, index.search_cards(employer, None).counts) == (2, {})


def test_a_suspended_employer_counts_and_sees_nothing(employer: Employer) -> None:
    make_card("Mediator", languages=["fr"])
    assert index.search_cards(employer, None).total == 1
    decide_employer(actor=SYSTEM, employer=employer, state="suspended")
    found = index.search_cards(employer, None)
    assert (found.total, found.counts, found.cards) == (0, {}, ())


def test_nothing_is_read_beyond_the_window(employer: Employer) -> None:
    make_card("Mediator")
    assert index.search_cards(employer, None, offset=index.WINDOW, limit=15).cards == ()
    assert index.search_cards(employer, None, offset=index.WINDOW - 1, limit=15).total == 1


def test_a_query_that_takes_too_long_is_stopped(employer: Employer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both databases give up when they are told to; the transaction can be used afterwards."""
    slow = {"sqlite": SLOW_ON_SQLITE, "postgresql": "SELECT pg_sleep(5)"}[db.session.get_bind().dialect.name]
    monkeypatch.setattr(index, "MOST_SECONDS", 0.05)
    with pytest.raises(index.TooSlow), index._bounded():
        db.session.execute(text(slow))
    assert index.search_cards(employer, None).total == 0


SLOW_ON_SQLITE = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT max(i) FROM n"
)


def test_nothing_is_found_by_what_is_not_shown(employer: Employer) -> None:
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
    assert [handles(employer, word) for word in hidden] == [set()] * len(hidden)


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


def test_results_are_on_the_card_only_when_released_and_shown(employer: Employer) -> None:
    edition = make_edition(ends_on=date(2025, 5, 1))
    user, profile = make_card()
    team = make_team(edition, "Red Herons")
    make_delegate(team, "Ada Obi", person_id=user.person_id)
    add(Award(edition_id=edition.id, award="Gold, IGO", winner="Red Herons"))
    snapshot = publish(edition, team.id, 2, is_published=False)
    save_profile(actor=actor_of(user), headline="Mediator", shows_results=True, shows_exactly=True)
    assert profile.card["results"] == []
    snapshot.is_published = True
    db.session.commit()
    line = {"roles": ["igo"], "years": "2024-2025", "tiers": ["gold"], "band": "top_quarter"}
    assert profile.card["results"] == [line]
    assert handles(employer, "", result=["gold"]) == handles(employer, "", role=["igo"]) == {profile.handle}
    assert index.search_cards(employer, None).counts["year"] == {"2024-2025": 1}
    snapshot.is_published = False
    db.session.commit()
    assert (profile.card["results"], handles(employer, "", result=["gold"])) == ([], set())
    snapshot.is_published = True
    db.session.commit()
    save_profile(actor=actor_of(user), headline="Mediator", shows_results=False)
    assert index.search_cards(employer, None).counts == {}


def test_counts_of_a_filter_ignore_its_own_choice(employer: Employer) -> None:
    make_card("One", languages=["fr", "zh"], kinds=["internship"])
    make_card("Two", languages=["zh"], kinds=["internship"])
    make_card("Three", languages=["fr"], kinds=["research"])
    counts = index.search_cards(employer, None, {"language": ["fr"]}).counts
    assert counts["language"] == {"fr": 2, "zh": 2}
    assert counts["kind"] == {"internship": 1, "research": 1}
    both = {"language": ["fr", "zh"], "kind": ["internship"]}
    assert index.search_cards(employer, None, both).total == 2
    assert index.search_cards(employer, parse_query("two")).counts["language"] == {"zh": 1}


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
        ("q='%20OR%201=1", 422),
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
    shown = page.get("/employers/search").text
    assert "23 cards" in shown
    assert shown.count("/employers/cards/") == 15
    assert "1 to 15 of 23" in shown
    assert 'href="/employers/search?language=fr"' in shown
    chosen = page.get("/employers/search?language=fr&page=2").text
    assert chosen.count("/employers/cards/") == 8
    assert 'aria-current="true"' in chosen
