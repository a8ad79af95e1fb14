"""Setting an edition up."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from competition.editions import queries, services
from competition.editions.models import Organiser
from core.access import SYSTEM, Actor, CapacityKind
from core.audit import AuditEntry
from core.db import db, utc_now
from core.errors import Conflict, Invalid, Stale
from tests.factories import make_edition, make_organiser, make_person

VALUES = {"slug": "spring", "name": "Spring", "role_policy": "fixed", "timezone": "Asia/Shanghai"}
NOTICE = {
    "controller": "A university",
    "contact": "privacy@example.org",
    "country": "CN",
    "purposes": "Running the competition",
    "published": "Standings",
    "retention": "One year",
}


def test_whoever_creates_an_edition_becomes_its_director(app: Flask) -> None:
    person = make_person()
    edition = services.create_edition(actor=Actor(person_id=person.id), values=VALUES)
    row = db.session.scalars(select(Organiser).where(Organiser.edition_id == edition.id)).one()
    assert (row.person_id, row.capacity) == (person.id, "director")
    kinds = {c.kind for c in queries.organiser_capacities(person.id) if c.edition_id == edition.id}
    assert kinds == {CapacityKind.DIRECTOR}


def test_two_editions_cannot_share_a_short_name(app: Flask) -> None:
    services.create_edition(actor=SYSTEM, values=VALUES)
    with pytest.raises(Conflict, match="spring"):
        services.create_edition(actor=SYSTEM, values=VALUES)


def test_an_edit_against_an_older_version_is_refused_and_changes_nothing(app: Flask) -> None:
    edition = make_edition(name="Before")
    services.edit_edition(actor=SYSTEM, edition=edition, version=1, values={"name": "First"})
    with pytest.raises(Stale):
        services.edit_edition(actor=SYSTEM, edition=edition, version=1, values={"name": "Second"})
    assert (edition.name, edition.version) == ("First", 2)


def test_registration_cannot_open_before_the_privacy_notice_is_written(app: Flask) -> None:
    edition = make_edition()
    tomorrow = utc_now() + timedelta(days=1)
    with pytest.raises(Invalid, match="privacy notice"):
        services.open_registration(actor=SYSTEM, edition=edition, closes_at=tomorrow)
    services.write_notice(actor=SYSTEM, edition=edition, values=NOTICE)
    services.open_registration(actor=SYSTEM, edition=edition, closes_at=tomorrow)
    assert services.is_registration_open(edition, utc_now())
    assert not services.is_registration_open(edition, tomorrow)


def test_an_unchanged_notice_stays_the_same_version_and_a_changed_one_is_new(app: Flask) -> None:
    edition = make_edition()
    first = services.write_notice(actor=SYSTEM, edition=edition, values=NOTICE)
    again = services.write_notice(actor=SYSTEM, edition=edition, values=NOTICE)
    changed = services.write_notice(actor=SYSTEM, edition=edition, values={**NOTICE, "country": "AU"})
    assert (first.version, again.version, changed.version) == (1, 1, 2)


def test_the_last_director_stays(app: Flask) -> None:
    edition = make_edition()
    only = make_organiser(edition, make_person())
    with pytest.raises(Conflict, match="director"):
        services.remove_organiser(actor=SYSTEM, edition=edition, public_id=only.public_id)
    with pytest.raises(Conflict, match="director"):
        services.add_organiser(actor=SYSTEM, edition=edition, person_id=only.person_id, capacity="tab")


def test_every_change_leaves_an_audit_entry(app: Flask) -> None:
    edition = make_edition()
    services.set_public(actor=SYSTEM, edition=edition, is_public=True)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.thing_id == edition.id)).one()
    assert (entry.verb, entry.scope) == ("open_page", f"edition:{edition.id}")
