"""The one invariant, the other way round: what a card does not show to an employer changes nothing that employer gets.

Neither the order nor the counts of a search, saved searches, shortlists and digests. Whoever reads them learns nothing
that no card says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from accounts.models import Person, User
from core.db import db, utc_now
from core.outbox import OutboxMessage
from talent_pool import employer_news, index, queries
from talent_pool.consent import shown_card
from talent_pool.employer_models import SavedSearch
from talent_pool.facts import PIECES
from talent_pool.models import ContactRequest, Employer, PoolConsent, PoolProfile
from talent_pool.public import (
    Choices,
    answer_contact,
    ask_contact,
    join_pool,
    leave_pool,
    save_profile,
)
from talent_pool.search.query import parse_query
from talent_pool.services import asking, lists, saved
from talent_pool.services.choices import choices_of
from talent_pool.services.cvs import save_cv
from talent_pool.services.membership import change_choices, pause
from tests.factories import make_person, make_user
from tests.papers import a_pdf
from tests.talent_pool.conftest import actor_of, make_card, make_employer
from tests.talent_pool.test_asking import make_offer
from tests.talent_pool.test_invariant import FACTS, PEOPLE

Act = Callable[["World", User, PoolProfile, Any], None]
PDF = a_pdf()


class World:
    """One employer that looks, another one that it knows nothing of, and people of whom it sees some.

    Held by their keys: sending digests ends the session.
    """

    def __init__(self) -> None:
        self.now = utc_now()
        member, employer = make_employer("Harbour Authority")
        other_member, other = make_employer("Far Trading", country="SG", kind="enterprise")
        self.keys = (member.id, employer.id, other_member.id, other.id)
        for name, words, filters in (
            ("All", "", {}),
            ("Port", "port OR 谈判", {}),
            ("French", "law", {"language": ["fr"]}),
            ("Mediators", "", {"skill": ["mediation"]}),
        ):
            saved.save_search(actor=actor_of(self.member), name=name, words=words, filters=filters)
        self.offer = make_offer(self.member).public_id
        self.shortlist = lists.add_list(actor=actor_of(self.member), name="Mine").public_id
        self.people: list[int] = []

    @property
    def member(self) -> User:
        return db.session.get_one(User, self.keys[0])

    @property
    def employer(self) -> Employer:
        return db.session.get_one(Employer, self.keys[1])

    @property
    def other_member(self) -> User:
        return db.session.get_one(User, self.keys[2])

    @property
    def other(self) -> Employer:
        return db.session.get_one(Employer, self.keys[3])

    def person(self, whose: int) -> tuple[User, PoolProfile]:
        user = db.session.get_one(User, self.people[whose % len(self.people)])
        return user, db.session.scalars(
            select(PoolProfile).where(PoolProfile.person_id == user.person_id)
        ).one()

    def add(self, headline: str, about: str, facts: Any, hidden: Any, choices: Any, is_paused: bool) -> None:
        """Somebody whose last yes, and last change, lie some days back."""
        user = make_user(person=make_person("Zoë Quill"))
        join_pool(actor=actor_of(user), choices=choices)
        profile = save_profile(
            actor=actor_of(user), headline=headline, about=about, facts=facts, hidden=hidden
        )
        self.people.append(user.id)
        moment = self.now - timedelta(days=1, hours=20 * len(self.people))
        profile.updated_at = moment
        held = PoolConsent.person_id == profile.person_id
        db.session.execute(update(PoolConsent).where(held).values(confirmed_at=moment))
        index.write_index(profile)
        if self.sees(profile):
            handles = [profile.handle]
            asking.ask_people(
                actor=actor_of(self.member), handles=handles, opportunity=self.offer, message="Come"
            )
            lists.put_on_list(actor=actor_of(self.member), public_id=self.shortlist, handles=handles)
        pause(actor=actor_of(user), is_paused=is_paused)

    def sees(self, profile: PoolProfile) -> bool:
        return shown_card(profile, self.employer) is not None

    def everything(self) -> dict[str, Any]:
        """What the employer gets: cards in their order, every count, the digest and what its pages say is new."""
        pages = {}
        for words in ("", "port", "谈判 OR law", "-port", "Mediation", "能源"):
            for filters in ({}, {"language": ["fr", "zh"]}):
                found = index.search_cards(self.employer, parse_query(words), filters, now=self.now)
                cards = [(row.handle, row.card, row.confirmed_on) for row in found.cards]
                pages[words, *filters] = (found.total, cards, found.counts)
        told = self.now - timedelta(days=2, hours=1)
        db.session.execute(update(SavedSearch).values(told_at=told))
        db.session.expire_all()
        counts = [(line.row.name, line.total, line.news) for line in saved.searches_of(actor_of(self.member))]
        return {
            "pages": pages,
            "saved": counts,
            "digest": self._digest(),
            "lists": lists.lists_of(self.employer),
            "on the list": [row.handle for row in self._listed()],
            "asked": queries.requests_of(self.employer),
            "asked for": queries.asked_for(self.employer),
            "news": employer_news.news_of(self.employer, self.now),
        }

    def _listed(self) -> Any:
        return lists.profiles_on(self.employer, lists.get_list(self.employer, self.shortlist))

    def _digest(self) -> list[tuple[str, str]]:
        db.session.execute(delete(OutboxMessage))
        db.session.commit()
        saved.send_digests(self.now)
        return [(mail.subject, mail.body) for mail in db.session.scalars(select(OutboxMessage))]


def changes_what_is_hidden(world: World, user: User, profile: PoolProfile, facts: Any) -> None:
    kept = {name: value for name, value in profile.facts.items() if name not in profile.hidden}
    other = {name: value for name, value in facts.items() if name in profile.hidden}
    about = "mediates 法律" if "about" in profile.hidden else profile.about
    _save(user, profile, about=about, facts={**kept, **other})


def shows_no_less_where_there_is_nothing(world: World, user: User, profile: PoolProfile, _facts: Any) -> None:
    empty = [piece for piece in PIECES if not profile.card[piece]]
    _save(user, profile, hidden=[*profile.hidden, *empty], shows_exactly=not profile.shows_exactly)


def saves_the_same_again(world: World, user: User, profile: PoolProfile, _facts: Any) -> None:
    _save(user, profile)


def _save(user: User, profile: PoolProfile, **changes: Any) -> None:
    values = {
        "headline": profile.headline,
        "about": profile.about,
        "facts": profile.facts,
        "hidden": profile.hidden,
        "shows_exactly": profile.shows_exactly,
    }
    save_profile(actor=actor_of(user), **{**values, **changes})


def chooses_about_others(world: World, user: User, profile: PoolProfile, _facts: Any) -> None:
    consent = db.session.scalars(select(PoolConsent).where(PoolConsent.person_id == profile.person_id)).one()
    now = choices_of(consent, profile)
    change_choices(
        actor=actor_of(user),
        version=profile.version,
        choices=Choices(
            allows_abroad=not now.allows_abroad,
            allows_statistics=not now.allows_statistics,
            audience="chosen",
            new_employers=now.new_employers,
            chosen=(world.employer.public_id,) if world.sees(profile) else (),
            hidden=(*now.hidden, world.other.public_id),
            hidden_kinds=now.hidden_kinds,
            hidden_countries=now.hidden_countries,
            hidden_names=(*now.hidden_names, "Some other house"),
            preapproved=(world.other.public_id, world.employer.public_id),
        ),
    )


def is_somebody_else(world: World, user: User, profile: PoolProfile, _facts: Any) -> None:
    db.session.execute(
        update(User).where(User.id == user.id).values(email=f"mediation{user.id}@port.example")
    )
    named = update(Person).where(Person.id == user.person_id)
    db.session.execute(named.values(name="Mediation Quill", name_local="能源"))
    save_cv(actor=actor_of(user), data=PDF)


def tells_another_employer(world: World, user: User, profile: PoolProfile, _facts: Any) -> None:
    if shown_card(profile, world.other) is None:
        return
    known = select(ContactRequest.id).where(
        ContactRequest.employer_id == world.other.id, ContactRequest.profile_id == profile.id
    )
    if db.session.scalar(known) is None:
        request = ask_contact(actor=actor_of(world.other_member), handle=profile.handle, message="port")
        if request.state == "asked":
            answer_contact(actor=actor_of(user), public_id=request.public_id, is_accepted=True)


def comes_and_goes_unseen(world: World, user: User, profile: PoolProfile, facts: Any) -> None:
    hides = Choices(hidden=(world.employer.public_id,), new_employers="at_once")
    _stayer, _card = make_card("port law 谈判", choices=hides, **facts)
    goer, _card = make_card("port law 谈判", choices=hides, **facts)
    leave_pool(actor=actor_of(goer))


def answers_unseen(world: World, user: User, profile: PoolProfile, _facts: Any) -> None:
    """Somebody whom the employer asked, and cannot see now, says no."""
    if not world.sees(profile):
        for request in db.session.scalars(
            select(ContactRequest).where(
                ContactRequest.profile_id == profile.id, ContactRequest.state == "asked"
            )
        ).all():
            answer_contact(actor=actor_of(user), public_id=request.public_id, is_accepted=False)


def leaves_unseen(world: World, user: User, profile: PoolProfile, _facts: Any) -> None:
    if not world.sees(profile):
        leave_pool(actor=actor_of(user))
        world.people.remove(user.id)


ACTS: tuple[Act, ...] = (
    changes_what_is_hidden,
    shows_no_less_where_there_is_nothing,
    saves_the_same_again,
    chooses_about_others,
    is_somebody_else,
    tells_another_employer,
    comes_and_goes_unseen,
    answers_unseen,
    leaves_unseen,
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    people=PEOPLE,
    acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3), FACTS), min_size=1, max_size=5),
)
def test_what_a_card_does_not_show_changes_nothing(app: Flask, people: list[Any], acts: list[Any]) -> None:
    world = World()
    for person in people:
        world.add(*person)
    before = world.everything()
    for act, whose, facts in acts:
        if world.people:
            act(world, *world.person(whose), facts)
    assert world.everything() == before
    for model in (PoolProfile, PoolConsent, Employer):
        db.session.execute(delete(model))
    db.session.commit()


def test_what_becomes_of_people_out_of_sight_changes_no_count(app: Flask) -> None:
    world = World()
    for act in (answers_unseen, leaves_unseen):
        user, profile = make_card("Port lawyer")
        asking.ask_people(
            actor=actor_of(world.member), handles=[profile.handle], opportunity=world.offer, message="Come"
        )
        pause(actor=actor_of(user), is_paused=True)
        world.people = [user.id]
        before = world.everything()
        act(world, *world.person(0), {})
        assert world.everything() == before
