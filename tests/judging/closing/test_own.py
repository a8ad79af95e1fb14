"""What a person finds of the closing: on their own page, and in the download of their own data."""

from __future__ import annotations

import pytest

from accounts.own_data import own_data
from judging.closing.models import AwardSeal, Nomination
from judging.closing.own import own_awards
from judging.closing.services.certificates import issue_certificates
from judging.models import Award
from tests.factories import NOW, add, make_delegate, make_judge, make_person, make_user, sign_in
from tests.judging.closing.championship import ORGANISER, play, rotating
from tests.judging.closing.test_awards import line


@pytest.fixture
def event(app):
    """A delegate whose team won gold and who won a prize alone; the awards are published."""
    edition, teams = rotating(count=4)
    person = make_person("Lin Wei")
    delegate = make_delegate(teams[0], "Lin Wei", person_id=person.id)
    mate = make_delegate(teams[0], "Bo Chen")
    play(edition, 1, teams)
    add(AwardSeal(edition_id=edition.id, state="published", version=1, winners=[]))
    prize = {"edition_id": edition.id, "team_id": teams[0].id}
    add(Award(**prize, award="Gold", award_zh="金奖", winner="Team 01", position=1))
    add(Award(**prize, award="Best speaker", winner="Lin Wei", delegate_id=delegate.id, position=2))
    add(Award(**prize, award="Best listener", winner="Bo Chen", delegate_id=mate.id, position=3))
    add(Award(**prize, award="Best coach", kind="coach", winner="Prof. Tan", position=4))
    add(Award(edition_id=edition.id, award="Older prize", winner="Lin Wei", position=5))
    return edition, teams, delegate, person


def names(found):
    return [(one.award, one.is_of_team) for one in found]


def test_awards_reach_the_delegate_and_not_their_team_mates(event):
    edition, teams, delegate, _person = event
    found = own_awards(edition.id, team_id=teams[0].id, delegate_id=delegate.id)
    assert names(found) == [("Gold", True), ("Best speaker", False), ("Older prize", False)]
    assert names(own_awards(edition.id, team_id=teams[0].id, delegate_id=None)) == [("Gold", True)]
    assert own_awards(edition.id, team_id=None, delegate_id=None) == []


def test_sealed_awards_reach_nobody(event):
    from judging.closing.awards import find_seal

    edition, teams, delegate, _person = event
    find_seal(edition.id).state = "sealed"
    assert own_awards(edition.id, team_id=teams[0].id, delegate_id=delegate.id) == []


def test_a_persons_page_shows_awards_and_leads_to_certificates(client, event):
    edition, _teams, _delegate, person = event
    issue_certificates(actor=ORGANISER, edition=edition)
    sign_in(client, make_user(person=person))
    page = client.get(f"/e/{edition.slug}/me").text
    assert "Gold" in page
    assert "Best speaker" in page
    assert "Best listener" not in page
    assert f"/e/{edition.slug}/me/certificates" in page


def test_ones_own_data_hold_certificates_and_nominations_without_judges(event):
    from competition.rounds.public import tables_of_edition

    edition, _teams, delegate, person = event
    from judging.closing.awards import find_seal

    find_seal(edition.id).state = "open"
    award = line(edition, "Diplomacy", "individual_nominations")
    (table,) = tables_of_edition(edition.id)
    judge = make_judge(edition, "Judge Sato")
    add(
        Nomination(
            award_line_id=award.id,
            table_id=table.id,
            judge_id=judge.id,
            delegate_id=delegate.id,
            named_at=NOW,
        )
    )
    issue_certificates(actor=ORGANISER, edition=edition)
    data = own_data(person.id)["closing"]
    assert data["nominations_received"] == ["Diplomacy"]
    assert {one["kind"] for one in data["certificates"]} == {"participation", "award"}
    assert "Sato" not in str(data)


def test_the_front_page_leads_only_to_what_is_public(client, event):
    from judging.closing.awards import find_seal
    from judging.closing.break_ import break_of
    from judging.closing.services.break_ import publish_break

    edition, _teams, _delegate, _person = event
    edition.is_public = True
    find_seal(edition.id).state = "sealed"
    front = f"/e/{edition.slug}/"
    assert "/break/published" not in client.get(front).text
    publish_break(actor=ORGANISER, edition=edition, shown=break_of(edition).token)
    find_seal(edition.id).state = "published"
    page = client.get(front).text
    assert "/break/published" in page
    assert "/awards/published" in page
    assert f"/e/{edition.slug}/tree" in page
