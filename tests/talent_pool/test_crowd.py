"""How many public people a card could belong to, and what is left off while they are too few (pure)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talent_pool.cards import CardText, Record, build_card, facets_of, searchable_texts
from talent_pool.crowd import coarsened, count_matching, without
from talent_pool.facts import Facts, known_facts
from talent_pool.hiding import folded_name, name_runs


def line(role: str = "igo", years: str = "2024-2025", tier: str = "", band: str = "") -> dict[str, Any]:
    return {"roles": [role], "years": years, "tiers": [tier] if tier else [], "band": band}


def record(*lines: dict[str, Any], own: tuple[dict[str, Any], ...] = ()) -> Record:
    return Record(results=lines, own_evidence=own)


SKILL = {
    "criterion": "Listening",
    "criterion_zh": "倾听",
    "band": "top_third",
    "of": 68,
    "sheets": 6,
    "judges": 5,
}
GOLD = record(line(tier="gold", band="top_quarter"))
CROWD = [GOLD, *(record(line(band="top_quarter")) for _ in range(3)), *(record(line()) for _ in range(4))]


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        (Record(), 8),
        (record(line()), 8),
        (record(line(band="top_quarter")), 4),
        (GOLD, 1),
        (record(line(role="government")), 0),
        (record(line(years="")), 8),
        (record(line(), line(years="2022-2023")), 0),
        (record(line(), own=(SKILL,)), 0),
    ],
)
def test_people_match_who_have_everything_that_is_shown(shown: Record, count: int) -> None:
    assert count_matching(shown, CROWD) == count


MANY = [record(line(), own=(SKILL,)) for _ in range(2)] + [
    record(line(years="2022-2023"), own=({**SKILL, "sheets": 3 + place},)) for place in range(4)
]
RARE = {**SKILL, "criterion": "Drafting"}
ROUNDED = {**SKILL, "of": 0, "sheets": 0, "judges": 0}


@pytest.mark.parametrize(
    ("shown", "crowd", "left_off", "left"),
    [
        (record(line(tier="gold", band="top_quarter")), CROWD, ("tiers", "band"), record(line())),
        (record(line(tier="gold")), CROWD, ("tiers",), record(line())),
        (record(line(), own=(SKILL,)), CROWD, ("own_evidence",), record(line())),
        (record(line()), MANY, ("years",), record(line(years=""))),
        (record(line(years=""), own=(SKILL,)), MANY, ("numbers",), record(line(years=""), own=(ROUNDED,))),
        (record(line(), own=(SKILL,)), MANY, ("years", "numbers"), record(line(years=""), own=(ROUNDED,))),
        (
            record(line(), own=(RARE, SKILL)),
            MANY,
            ("years", "numbers", "own_evidence"),
            record(line(years=""), own=(ROUNDED,)),
        ),
        (record(line(role="government")), CROWD, ("roles",), record({**line(), "roles": []})),
    ],
)
def test_as_little_is_left_off_as_it_takes_for_five_people_to_match(
    shown: Record, crowd: list[Record], left_off: tuple[str, ...], left: Record
) -> None:
    less = coarsened(shown, crowd)
    assert (less.left_off, less.record) == (left_off, left)
    assert less.matches == count_matching(left, crowd) >= 5


LINES = st.builds(
    line,
    role=st.sampled_from(("igo", "government")),
    years=st.sampled_from(("2022-2023", "2024-2025")),
    tier=st.sampled_from(("", "gold")),
    band=st.sampled_from(("", "top_half")),
)
SKILLS = st.builds(
    lambda name, sheets: {**SKILL, "criterion": name, "sheets": sheets},
    st.sampled_from(("Listening", "Drafting")),
    st.integers(3, 5),
)
RECORDS = st.builds(
    Record,
    results=st.lists(LINES, max_size=2).map(tuple),
    own_evidence=st.lists(SKILLS, max_size=2, unique_by=lambda one: one["criterion"]).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(shown=RECORDS, others=st.lists(RECORDS, min_size=4, max_size=14))
def test_five_match_and_nothing_that_is_left_off_could_have_stayed(
    shown: Record, others: list[Record]
) -> None:
    crowd = [shown, *others]
    less = coarsened(shown, crowd)
    assert less.matches == count_matching(less.record, crowd) >= 5
    assert without(shown, less.losses) == less.record
    for one in less.losses:
        rest = [other for other in less.losses if other != one]
        assert count_matching(without(shown, rest), crowd) < 5


def test_a_record_that_enough_people_share_is_left_whole() -> None:
    less = coarsened(record(line()), CROWD)
    assert (less.record, less.left_off, less.matches) == (record(line()), (), 8)


def test_of_somebody_alone_nothing_is_shown() -> None:
    alone = record(line(role="government", tier="gold"))
    assert coarsened(alone, [alone]).record == Record()


def test_a_hidden_piece_is_neither_on_the_card_nor_findable() -> None:
    facts = Facts(skills=("mediation",), sectors=("energy",), languages={"zh": "native"}, degree="master")
    hidden = frozenset({"skills", "languages", "about"})
    card = build_card(CardText(headline="H", about="A", facts=facts, hidden=hidden), Record())
    assert (card["skills"], card["languages"], card["about"]) == ([], {}, "")
    assert searchable_texts(card) == ["H", "", "Energy", "能源"]
    assert facets_of(card) == [("sector", "energy"), ("degree", "master")]


def test_a_level_is_found_by_every_lower_one() -> None:
    card = build_card(CardText(headline="H", facts=Facts(languages={"en": "C1", "fr": "A2"})), Record())
    levels = [value for facet, value in facets_of(card) if facet == "language_level"]
    assert levels == ["en-B1", "en-B2", "en-C1"]


def test_only_known_facts_are_kept() -> None:
    typed = {
        "degree": "knight",
        "graduates": "2026-13",
        "starts": "2026-09",
        "kinds": ["jpo", "spy", "internship"],
        "places": "CN",
        "languages": {"zh": "native", "xx": "C2", "en": "Z9"},
        "skills": None,
    }
    assert known_facts(typed) == Facts(
        starts="2026-09", kinds=("internship", "jpo"), languages={"zh": "native", "en": ""}
    )


@pytest.mark.parametrize(
    ("named", "organisation", "is_hidden"),
    [
        ("Maersk", "A.P. Møller - MAERSK A/S", True),
        ("maersk line", "Maersk Line Shipping", True),
        ("港务", "上海港务局", True),
        ("Line", "Airlines United", False),
        ("上海", "宁波港", False),
    ],
)
def test_an_organisation_is_known_by_any_run_of_words_in_its_name(
    named: str, organisation: str, is_hidden: bool
) -> None:
    assert (folded_name(named) in name_runs(organisation)) is is_hidden
