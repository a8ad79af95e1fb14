"""By which words a person is recognised: also in the pinyin of a name that was only given in Chinese."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from talent_pool.identifying import in_pinyin
from talent_pool.public import Choices, join_pool, save_profile
from talent_pool.services.profiles import RefusedText
from tests.factories import make_delegate, make_edition, make_institution, make_person, make_team, make_user
from tests.talent_pool.conftest import Browser, actor_of, make_card, make_employer


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("王子涵", "wang zihan"),
        ("单雄", "shan xiong"),
        ("欧阳修文", "ouyang xiuwen"),
        ("Ada Obi", None),
        ("王", None),
    ],
)
def test_a_chinese_name_is_spelled_in_every_common_reading(name: str, spelling: str | None) -> None:
    assert (spelling in in_pinyin(name)) if spelling else in_pinyin(name) == []


@pytest.mark.parametrize(
    "text",
    [
        "Zihan, a mediator",
        "I am zi han",
        "WANG ZIHAN",
        "我是子涵",
        "Tongji graduate",
        "同济毕业",
        "Red Herons",
    ],
)
def test_a_card_names_neither_the_person_nor_their_institution_nor_their_team(app: Flask, text: str) -> None:
    edition = make_edition()
    user = make_user(person=make_person("", name_local="王子涵"))
    tongji = make_institution(edition, "Tongji University", name="Tongji University", name_local="同济大学")
    make_delegate(make_team(edition, "Red Herons", institution_id=tongji.id), person_id=user.person_id)
    join_pool(actor=actor_of(user), choices=Choices())
    with pytest.raises(RefusedText) as refused:
        save_profile(actor=actor_of(user), headline="Mediator", about=text)
    assert refused.value.field == "about"


def test_a_card_that_tells_who_somebody_is_by_now_is_pointed_out_to_its_person_alone(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    user, profile = make_card("Mediator", about="Fond of red herons")
    searcher, _employer = make_employer()
    words = "Your saved card tells who you are"
    assert words not in browser(user).get("/pool/").text
    make_delegate(make_team(make_edition(), "Red Herons"), person_id=user.person_id)
    page = browser(user).get("/pool/").text
    assert (words in page, "“red herons” looks like the name of your team." in page) == (True, True)
    assert words not in browser(searcher).get(f"/employers/cards/{profile.handle}").text
