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
        ("王*子*涵", "name", "子涵"),
        ("我叫王，子，涵。", "name", "子涵"),
        ("王1子2涵", "name", "子涵"),
        ("王\ufe0f子\ufe0f涵", "name", "子涵"),
        ("\u0437ihan, Z\u0456h\u0430n", "name", "Zihan"),
        ("𝐙𝐢𝐡𝐚𝐧", "name", "Zihan"),
        ("zi3han2", "name", "zihan"),
        ("Z1han", "name", "Zihan"),
        ("Ｚ．ｉ．ｈ．ａ．ｎ", "name", "Z i h a n"),
        ("W a n g Z i h a n", "name", "W a n g"),
        ("Han Zi Wang", "name", "Wang"),
        ("Univ. of Sun Yat Sen", "institution", "Yat Sen"),
        ("E C U P S L", "institution", "E C U P S L"),
        ("M.I.T. graduate", "institution", "M I T"),
        ("我在上大读书", "institution", "上大"),
        ("me at post dot net", "address", "me at post dot net"),
        ("my gmail is open", "address", "gmail"),
        ("write to ada＠mail", "address", "ada@mail"),
        ("微信zhou_88", "address", "微信zhou_88"),
        ("vx zhou88", "address", "vx zhou88"),
        ("QQ 123456", "address", "QQ 123456"),
        ("加V：zhou", "address", "加V:zhou"),
        ("line: zhou_88", "address", "line: zhou_88"),
        ("example。com", "link", "example.com"),
        ("hxxp://foo", "link", "hxxp://foo"),
        ("www example org", "link", "www"),
        ("post dot com", "link", "post dot com"),
        ("zhou.blog", "link", "zhou.blog"),
        ("１３８００００００００", "number", "13800000000"),
        ("一三八一二三四五六七八", "number", "一三八一二三四五六七八"),
        ("one three eight, zero zero one two", "number", "one three eight, zero zero one two"),
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
        "Bottom line: I listen. First contact: a question",
        "WeChat marketing, email campaigns and phone interviews",
        "French C1, Chinese C2, HSK6, B2B sales, COVID19 logistics",
        "Node.js, Ph.D. in law, e.g. treaties",
        "世界上大部分港口的谈判，沿海，河流，湖泊",
        "一、二、三：三个项目，五个国家",
        "Нужна работа в международном праве",
        "Worked on a USD 1,250,000 budget with 12 people",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert find_refusal(text, ADA) is None


@pytest.mark.parametrize(
    ("name", "institution", "text", "kind"),
    [
        ("Ouyang Nana", "", "Nana Ouyang", "name"),
        ("欧阳娜娜", "", "複姓歐陽", "name"),
        ("Иван Петров", "", "Ivan? Петров!", "name"),
        ("O'Brien Máire", "", "maire obrien", "name"),
        ("", "上海对外经贸大学", "来自上经贸大", "institution"),
        ("", "北京大学", "北大学生", "institution"),
        ("", "National University of Singapore", "National Univ. of Singapore", "institution"),
        (
            "",
            "University of International Business and Economics",
            "U. of Int'l Business & Economics",
            "institution",
        ),
        ("", "National University of Singapore", "N.U.S. law", "institution"),
    ],
)
def test_names_of_many_shapes_are_found(name: str, institution: str, text: str, kind: str) -> None:
    whole = Identity(names=(name,) if name else (), institutions=(institution,) if institution else ())
    refusal = find_refusal(text, whole)
    assert refusal is not None
    assert refusal.kind == kind


def test_words_that_only_happen_to_spell_a_name_are_left_alone() -> None:
    isa = Identity(names=("Isa Bello",))
    assert find_refusal("This is a card", isa) is None
    assert find_refusal("I am Isa", isa) is not None


def test_nobody_has_words_to_hide_without_an_identity() -> None:
    assert find_refusal("Wang Zihan of Fudan University", Identity()) is None


def test_a_long_text_is_read_quickly() -> None:
    assert find_refusal("word and another " * 120, ADA) is None
