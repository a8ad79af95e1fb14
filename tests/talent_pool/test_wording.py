"""What a card's free text may not say: the table of refusals."""

from __future__ import annotations

import pytest

from talent_pool.wording import Identity, find_refusal

ADA = Identity(
    names=("Wang Zihan", "王子涵", "Grace Li"),
    institutions=(
        "Fudan University",
        "复旦大学",
        "Shanghai University",
        "上海大学",
        "Sun Yat-sen University",
        "East China University of Political Science and Law",
        "MIT",
    ),
    teams=("Fudan 2", "Harbour Lions", "海港狮"),
    mailboxes=("zhwang99",),
)


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Call me zihan", "name", "zihan"),
        ("Zi-Han here", "name", "Zi Han"),
        ("z i h a n", "name", "z i h a n"),
        ("z\u200bihan", "name", "zihan"),
        ("WANG", "name", "WANG"),
        ("Ｗáng of the east", "name", "Wáng"),
        ("Li, a lawyer", "name", "Li"),
        ("Grace", "name", "Grace"),
        ("my account is xwangzihan9", "name", "xwangzihan9"),
        ("我是王子涵", "name", "子涵"),
        ("子 涵", "name", "子涵"),
        ("zhwang99 elsewhere", "name", "zhwang99"),
        ("I study at Fudan", "institution", "Fudan"),
        ("fudan university", "institution", "fudan"),
        ("Sun Yat-sen graduate", "institution", "Yat sen"),
        ("Shanghai University, year 3", "institution", "Shanghai University"),
        ("ECUPSL", "institution", "ECUPSL"),
        ("from MIT", "institution", "MIT"),
        ("上海大学", "institution", "上海大学"),
        ("复旦的学生", "institution", "复旦"),
        ("one of the harbour lions", "team", "harbour lions"),
        ("海港狮队员", "team", "海港狮"),
        ("a@b.example", "address", "a@b.example"),
        ("ada (at) mail", "address", "ada (at)"),
        ("微信：abc", "address", "微信:abc"),
        ("WeChat: neg99", "address", "WeChat: neg99"),
        ("see example.com please", "link", "example.com"),
        ("http://x", "link", "http://x"),
        ("ring 138 0000-0000", "number", "138 0000-0000"),
    ],
)
def test_what_says_who_somebody_is_is_found(text: str, kind: str, found: str) -> None:
    refusal = find_refusal(text, ADA)
    assert refusal is not None
    assert (refusal.kind, refusal.found) == (kind, found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Negotiator for international law and trade in Shanghai",
        "在上海找国际组织的工作，擅长调解",
        "I work with grace under pressure, in line with the law",
        "Two editions, 2022-2023 and 2024-2025; 4 of 5 issues agreed",
        "A harbour is a place. Looking for a first job",
        "e.g. mediation, i.e. talks",
        "I was a university student of political science",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert find_refusal(text, ADA) is None


def test_words_that_only_happen_to_spell_a_name_are_left_alone() -> None:
    isa = Identity(names=("Isa Bello",))
    assert find_refusal("This is a card", isa) is None
    assert find_refusal("I am Isa", isa) is not None


def test_nobody_has_words_to_hide_without_an_identity() -> None:
    assert find_refusal("Wang Zihan of Fudan University", Identity()) is None


def test_a_long_text_is_read_quickly() -> None:
    assert find_refusal("word and another " * 120, ADA) is None
