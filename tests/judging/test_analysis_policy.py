"""Whether the judges' severity counts: free before the first sheet, later only by two organisers with a reason."""

from __future__ import annotations

import re

import pytest

from accounts.models import Person
from competition.editions.services import edit_edition
from core.access import Actor
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.idempotency import FIELD, new_key
from judging.analysis.policy import (
    LOCKED,
    Policy,
    agree_to_change,
    agreed_changes,
    find_proposal,
    policy_of,
    propose_change,
    withdraw_proposal,
)
from judging.snapshots import publish_snapshot, take_snapshot
from judging.standings import team_standings
from tests.factories import make_edition, make_organiser, make_person, make_user, sign_in
from tests.judging.judged import make_judged
from tests.judging.scene import ORGANISER


def person() -> Actor:
    return Actor(name="Ola", person_id=make_person().id)


def edit(edition, **values):
    edit_edition(actor=ORGANISER, edition=edition, version=edition.version, values=values)


def test_before_the_first_sheet_it_changes_freely(app):
    edition = make_edition(role_policy="fixed")
    edit(edition, standings_metrics="average_score", elimination_basis="round_raw")
    assert policy_of(edition) == Policy(way="raw", basis="round_raw")
    with pytest.raises(Conflict, match="No sheet is submitted yet"):
        propose_change(actor=person(), edition=edition, way="adjusted", basis="round_raw", reason="why")


@pytest.mark.parametrize(
    "values",
    [
        {"standings_metrics": "average_score"},
        {"standings_metrics": "total_score;average_score"},
        {"elimination_basis": "round_raw"},
        {"elimination_basis": "cumulative", "name": "Other"},
    ],
)
def test_after_the_first_sheet_one_organiser_alone_cannot_change_it(app, values):
    made = make_judged(rounds=1, results_state="open")
    with pytest.raises(Conflict) as refused:
        edit(made.edition, **values)
    assert refused.value.message == LOCKED
    db.session.refresh(made.edition)
    assert policy_of(made.edition) == Policy(way="adjusted", basis="round_adjusted")


def test_other_rules_stay_free(app):
    made = make_judged(rounds=1)
    edit(made.edition, name="Other", standings_metrics="adjusted_score;total_score", minimum_rounds=2)
    assert made.edition.name == "Other"


def test_two_organisers_together_change_it_and_the_standings_follow(app):
    made = make_judged(rounds=2, noise=2)
    first, second = person(), person()
    change = propose_change(
        actor=first, edition=made.edition, way="raw", basis="round_adjusted", reason="too few judges"
    )
    assert team_standings(made.edition, role="igo").metrics == ("adjusted_score", "average_score")
    with pytest.raises(Conflict, match="It takes two"):
        agree_to_change(actor=first, edition=made.edition, public_id=change.public_id)
    with pytest.raises(Conflict, match="waiting already"):
        propose_change(actor=second, edition=made.edition, way="raw", basis="cumulative", reason="me too")
    agree_to_change(actor=second, edition=made.edition, public_id=change.public_id)
    assert team_standings(made.edition, role="igo").metrics == ("average_score",)
    assert [one.reason for one in agreed_changes(made.edition.id)] == ["too few judges"]
    assert find_proposal(made.edition.id) is None
    back = propose_change(
        actor=second, edition=made.edition, way="adjusted", basis="round_adjusted", reason="enough now"
    )
    agree_to_change(actor=first, edition=made.edition, public_id=back.public_id)
    assert made.edition.standings_metrics == ""


@pytest.mark.parametrize(
    ("way", "basis", "reason"),
    [
        ("raw", "round_adjusted", " "),
        ("adjusted", "round_adjusted", "why"),
        ("", "cumulative", "why"),
        ("raw", "x", "y"),
    ],
)
def test_a_proposal_says_something_new_and_why(app, way, basis, reason):
    made = make_judged(rounds=1)
    with pytest.raises(Invalid):
        propose_change(actor=person(), edition=made.edition, way=way, basis=basis, reason=reason)


def test_a_proposal_is_withdrawn_and_belongs_to_its_edition(app):
    made, other = make_judged(rounds=1, tables=1), make_judged(rounds=1, tables=1)
    change = propose_change(
        actor=person(), edition=made.edition, way="raw", basis="round_adjusted", reason="why"
    )
    for use in (agree_to_change, withdraw_proposal):
        with pytest.raises(NotFound):
            use(actor=person(), edition=other.edition, public_id=change.public_id)
    withdraw_proposal(actor=person(), edition=made.edition, public_id=change.public_id)
    assert find_proposal(made.edition.id) is None


def test_the_pages_lead_through_it_and_the_reason_is_public(app, new_client):
    made = make_judged(rounds=2, noise=2, is_public=True)
    publish_snapshot(actor=ORGANISER, snapshot=take_snapshot(actor=ORGANISER, edition=made.edition))
    browsers = []
    for capacity in ("director", "tab"):
        user, browser = make_user(), new_client()
        make_organiser(made.edition, db.session.get(Person, user.person_id), capacity)
        sign_in(browser, user)
        browsers.append(browser)
    one, two = browsers
    address = f"/e/{made.edition.slug}/analysis/policy"
    form = {"way": "raw", "basis": "round_adjusted", "reason": "The panels were too small"}
    assert one.post(f"{address}/propose", data={**form, FIELD: new_key()}).status_code == 303
    again = one.post(f"{address}/propose", data={**form, FIELD: new_key()})
    assert again.status_code == 409
    change = find_proposal(made.edition.id).public_id
    assert one.post(f"{address}/{change}/agree", data={FIELD: new_key()}).status_code == 409
    assert two.post(f"{address}/{change}/agree", data={FIELD: new_key()}).status_code == 303
    public = two.get(f"/e/{made.edition.slug}/standings/published").get_data(as_text=True)
    assert "The panels were too small" in public
    assert re.search("changed by two organisers", public)
    assert "The panels were too small" in two.get(address).get_data(as_text=True)
