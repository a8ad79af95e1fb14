"""Who is told of a change after publication: those concerned, once, in one mail, in their language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from accounts.models import Person
from competition.day.models import TimetableItem
from competition.day.services.telling import concerned
from competition.day.services.timetable import FIELDS, remove_item, save_item
from competition.rounds.services.setup import RoundValues, edit_round
from core.access import SYSTEM, Actor
from core.db import db
from core.outbox import OutboxMessage
from tests.competition.day.conftest import BEFORE, MORNING, Day
from tests.factories import make_delegate, make_division, make_organiser, make_person, make_user


def change(day: Day, item: TimetableItem, actor: Actor = SYSTEM, **values: Any) -> int:
    stored = {name: getattr(item, name) for name in FIELDS}
    _row, told = save_item(
        actor=actor,
        edition=day.edition,
        item=item,
        version=item.version,
        values={**stored, **values},
        now=BEFORE,
    )
    return told


def mails() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.to_address)))


def test_before_publication_nobody_is_told(day: Day) -> None:
    assert change(day, day.item(), place="Garden") == 0
    assert mails() == []


def test_those_concerned_are_told_once_with_what_it_was(day: Day) -> None:
    item = day.item()
    day.publish()
    later = {"starts_at": MORNING + timedelta(hours=5), "ends_at": MORNING + timedelta(hours=6)}
    assert change(day, item, **later) == 2
    assert [mail.to_address for mail in mails()] == ["ito@example.org", "lin@example.org"]
    assert {mail.kind for mail in mails()} == {"timetable_changed"}
    assert (
        "Opening is now: Friday, 16 May 2031 14:00–15:00" in mails()[0].body
        or "Friday, May 16, 2031" in mails()[0].body
    )
    assert "It was:" in mails()[0].body
    assert "(Asia/Shanghai)" in mails()[0].body


def test_a_better_title_or_the_past_is_no_reason_for_a_mail(day: Day) -> None:
    item = day.item()
    old = day.item(starts_at=BEFORE - timedelta(hours=2), ends_at=BEFORE - timedelta(hours=1))
    day.publish()
    assert (change(day, item, title="Opening ceremony"), change(day, old, place="Garden")) == (0, 0)
    assert mails() == []


def test_changes_within_minutes_go_into_the_mail_that_waits(day: Day) -> None:
    item, other = day.item(), day.item(title="Lunch")
    day.publish()
    change(day, item, place="Garden")
    change(day, other, place="Canteen")
    assert [("Garden" in mail.body, "Canteen" in mail.body) for mail in mails()] == [(True, True)] * 2
    assert {mail.next_attempt_at for mail in mails()} == {BEFORE + timedelta(minutes=5)}


def test_who_was_concerned_before_is_told_too(day: Day) -> None:
    item = day.item(audience="teams")
    day.publish()
    change(day, item, audience="judges")
    assert [mail.to_address for mail in mails()] == ["ito@example.org", "lin@example.org"]


def test_a_removed_line_is_told(day: Day) -> None:
    item = day.item(audience="judges")
    day.publish()
    told = remove_item(actor=SYSTEM, edition=day.edition, item=item, version=item.version, now=BEFORE)
    assert (told, "Opening does not take place." in mails()[0].body) == (1, True)


def test_whoever_made_the_change_and_who_has_no_address_get_no_mail(day: Day) -> None:
    organiser = make_person("Fang Min")
    make_organiser(day.edition, organiser)
    make_user("fang@example.org", person=organiser)
    day.captain.contact = "+86 21 5555 0100"
    assert [one.address for one in concerned(day.edition, "all", None)] == [
        "ito@example.org",
        "fang@example.org",
    ]
    assert [one.address for one in concerned(day.edition, "all", None, organiser.id)] == ["ito@example.org"]


def test_a_division_is_its_own_delegates(day: Day) -> None:
    from competition.entries.models import TeamDivision

    division = make_division(day.edition)
    db.session.add(TeamDivision(team_id=day.teams[1].id, division_id=division.id))
    make_delegate(day.teams[1], "Bo", contact="bo@example.org")
    assert [one.address for one in concerned(day.edition, "division", division.id)] == ["bo@example.org"]


def test_everybody_is_written_to_in_their_language(day: Day) -> None:
    person = make_person("Lin Wei", locale="zh_Hans")
    day.captain.person_id = person.id
    assert isinstance(person, Person)
    item = day.item()
    day.publish()
    change(day, item, place="Garden")
    assert {mail.to_address: mail.locale for mail in mails()} == {
        "ito@example.org": "en",
        "lin@example.org": "zh_Hans",
    }
    assert ["开幕式" in mail.body for mail in mails()] == [False, True]


def test_a_round_that_moves_is_told_like_any_other_line(day: Day) -> None:
    values = RoundValues(
        name="Round 1",
        name_zh="第一轮",
        stage="preliminary",
        division_id=None,
        weight=day.round.weight,
        starts_at=MORNING + timedelta(hours=2),
    )
    edit_round(actor=SYSTEM, round_id=day.round.id, values=values, version=day.round.version)
    assert mails() == []
    day.publish()
    values["starts_at"] = MORNING + timedelta(hours=3)
    edit_round(actor=SYSTEM, round_id=day.round.id, values=values, version=day.round.version)
    assert [mail.to_address for mail in mails()] == ["ito@example.org", "lin@example.org"]
    assert "Round 1 is now:" in mails()[0].body
