"""Lines of results on a card: hidden one by one, fewer while few people share them, in step with what is published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Flask

from core.db import db
from judging.models import Award
from talent_pool.models import PoolProfile
from talent_pool.public import save_profile
from talent_pool.record import lines_of
from talent_pool.views.shown import shown_evidence
from tests.factories import add, make_delegate, make_edition, make_team
from tests.talent_pool.conftest import Browser, actor_of, make_card
from tests.talent_pool.test_search import publish


def test_a_hidden_line_stays_hidden_when_it_is_taken_back_and_published_again(app: Flask) -> None:
    edition = make_edition("games & co", ends_on=date(2025, 5, 1))
    user, profile = make_card()
    team = make_team(edition)
    make_delegate(team, person_id=user.person_id)
    snapshot = publish(edition, team.id, 2)
    key = lines_of(user.person_id)[0].key

    def save(*hidden: str) -> PoolProfile:
        return save_profile(
            actor=actor_of(user), headline="M", shows_results=True, shows_exactly=True, hidden=hidden
        )

    assert len(save().card["results"]) == 1
    assert save(key).card["results"] == []
    snapshot.is_published = False
    db.session.commit()
    assert lines_of(user.person_id) == []
    save()
    snapshot.is_published = True
    db.session.commit()
    assert (profile.card["results"], profile.hidden) == ([], [key])
    assert len(save().card["results"]) == 1


def test_a_card_shows_less_until_five_public_people_could_be_behind_it(app: Flask) -> None:
    edition = make_edition(ends_on=date(2025, 5, 1))
    user, profile = make_card()
    team = make_team(edition, "Red Herons")
    make_delegate(team, "Ada Obi", person_id=user.person_id)
    for number in range(4):
        make_delegate(team, f"Mate {number}")
    publish(edition, team.id, 2)
    add(Award(edition_id=edition.id, award="Gold for the best speech", winner="Ada Obi"))
    save_profile(actor=actor_of(user), headline="M", shows_results=True)
    line = {"roles": ["igo"], "years": "2024-2025", "tiers": [], "band": "top_quarter"}
    assert profile.card["results"] == [line]
    save_profile(actor=actor_of(user), headline="M", shows_results=True, shows_exactly=True)
    assert profile.card["results"] == [{**line, "tiers": ["gold"]}]


def test_the_person_reads_what_their_card_leaves_off_and_why(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    edition = make_edition(ends_on=date(2025, 5, 1))
    user, _profile = make_card()
    team = make_team(edition, "Red Herons")
    make_delegate(team, "Ada Obi", person_id=user.person_id)
    for number in range(4):
        make_delegate(team, f"Mate {number}")
    publish(edition, team.id, 2)
    add(Award(edition_id=edition.id, award="Gold for the best speech", winner="Ada Obi"))
    save_profile(actor=actor_of(user), headline="M", shows_results=True)
    page = browser(user).get("/pool/").text
    assert "the card leaves off: the kind of award." in page
    save_profile(actor=actor_of(user), headline="M", shows_results=True, shows_exactly=True)
    assert "the card leaves off:" not in browser(user).get("/pool/").text


def test_a_skill_without_its_numbers_is_said_without_them(app: Flask) -> None:
    line = {
        "criterion": "Listening",
        "criterion_zh": "",
        "band": "top_third",
        "of": 68,
        "sheets": 6,
        "judges": 5,
    }
    with app.test_request_context():
        shown = shown_evidence([line, {**line, "of": 0, "sheets": 0, "judges": 0}])
    assert [one.text for one in shown] == [
        "Listening: top third of 68; 6 sheets, 5 judges",
        "Listening: top third",
    ]
