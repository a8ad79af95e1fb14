"""People in the talent pool whom no journey plays, put into the running house through the services."""

from __future__ import annotations

from accounts.public import create_person, create_user
from core.access import SYSTEM, Actor, Capacity, CapacityKind
from core.db import unit_of_work
from talent_pool.public import Choices, join_pool, save_profile
from tests.journeys.house import House
from tests.journeys.two_days import office


def show_card(house: House, name: str, *, headline: str, about: str) -> str:
    """A person whose card every employer sees at once; returns their address."""
    address = f"{name.replace(' ', '.').lower()}@cards.example.org"
    with office(house) as app, app.app_context(), unit_of_work():
        person = create_person(actor=SYSTEM, name=name)
        create_user(actor=SYSTEM, person_id=person.person_id, email=address, is_confirmed=True)
        own = Capacity(kind=CapacityKind.PERSON, subject_id=person.person_id)
        actor = Actor(person_id=person.person_id, user_id=person.person_id, capacities=frozenset({own}))
        join_pool(actor=actor, choices=Choices(allows_abroad=True, new_employers="at_once"))
        save_profile(actor=actor, headline=headline, about=about)
    return address
