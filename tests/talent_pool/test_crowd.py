"""How many public people a card could belong to, and what is left off while they are too few (pure)."""

from __future__ import annotations

from typing import Any

import pytest

from talent_pool.cards import CardText, Record, build_card, facets_of, searchable_texts
from talent_pool.crowd import coarsened, count_matching
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


def test_what_tells_most_is_left_off_first_until_five_people_match() -> None:
    less = coarsened(record(line(tier="gold", band="top_quarter"), own=(SKILL,)), CROWD)
    assert less.left_off == ("own_evidence", "tiers", "band")
    assert (less.record, less.matches, less.matched_before) == (record(line()), 8, 0)


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
