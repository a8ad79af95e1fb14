"""A small released round for tests of judging: one or more tables of four teams, a rubric, a panel."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from competition.editions.models import Edition
from competition.entries.models import Delegate, Judge, Team
from competition.rounds.models import Draw, NegotiationTable, PanelJudge, Round, Seat
from competition.rounds.public import TableFacts, get_table
from core.access import Actor, CapacityKind
from core.db import db
from core.links import COOKIE_FIELD, create_link
from core.roles import ROLES
from judging.entry import Entry, mark_field, tick_field
from judging.models import Criterion, Scoresheet
from judging.plan import SheetPlan, plan_of
from judging.scoring.sheets import MarkLine
from judging.services.sheets import save_draft, submit_sheet
from tests.factories import NOW, add, make_delegate, make_edition, make_judge, make_round, make_team

ORGANISER = Actor(name="Ola", person_id=None, is_system=True)


@dataclass
class Scene:
    """Everything a test needs to hand."""

    edition: Edition
    round: Round
    draw: Draw
    table: NegotiationTable
    teams: list[Team]
    delegates: dict[int, list[Delegate]]
    chair: Judge
    panellist: Judge
    argument: Criterion
    speaking: Criterion

    @property
    def facts(self) -> TableFacts:
        return get_table(self.edition.id, self.table.public_id)

    @property
    def plan(self) -> SheetPlan:
        return plan_of(self.edition, self.facts)

    def path(self, rest: str = "") -> str:
        return f"/e/{self.edition.slug}/judge/{self.table.public_id}{rest}"


def make_criterion(edition: Edition, code: str, target: str, **values: Any) -> Criterion:
    given = {
        "name": code.title(),
        "minimum": Decimal(0),
        "maximum": Decimal(10),
        "step": Decimal(1),
        **values,
    }
    return add(Criterion(edition_id=edition.id, code=code, target=target, **given))


def make_draw(a_round: Round, state: str = "released") -> Draw:
    return add(Draw(round_id=a_round.id, version=1, state=state, created_at=NOW))


def make_table(draw: Draw, teams: list[Team | None], name: str = "1", **values: Any) -> NegotiationTable:
    table = add(NegotiationTable(draw_id=draw.id, name=name, **values))
    for role, team in zip(ROLES, teams, strict=True):
        add(Seat(draw_id=draw.id, table_id=table.id, role=role.value, team_id=team.id if team else None))
    return table


def seat_judge(table: NegotiationTable, judge: Judge, position: str = "chair") -> PanelJudge:
    return add(PanelJudge(table_id=table.id, judge_id=judge.id, position=position))


def make_scene(state: str = "released", **rules: Any) -> Scene:
    edition = make_edition(**rules)
    teams = [make_team(edition, f"Team {letter}") for letter in "ABCD"]
    delegates = {
        team.id: [make_delegate(team, f"{team.name} one"), make_delegate(team, f"{team.name} two")]
        for team in teams
    }
    chair, panellist = make_judge(edition, "Chair Chan"), make_judge(edition, "Panellist Park")
    a_round = make_round(edition)
    draw = make_draw(a_round, state)
    table = make_table(draw, list(teams))
    seat_judge(table, chair)
    seat_judge(table, panellist, "panellist")
    return Scene(
        edition=edition,
        round=a_round,
        draw=draw,
        table=table,
        teams=teams,
        delegates=delegates,
        chair=chair,
        panellist=panellist,
        argument=make_criterion(edition, "argument", "team", weight=Decimal(2)),
        speaking=make_criterion(edition, "speaking", "delegate", step=Decimal("0.5")),
    )


def marks_for(scene: Scene, arguments: list[int], speaking: int = 5) -> tuple[MarkLine, ...]:
    """A full sheet: the team criterion as given, every delegate the same."""
    lines = []
    for team, argument in zip(scene.teams, arguments, strict=True):
        lines.append(MarkLine(team=team.id, criterion=scene.argument.id, mark=Decimal(argument)))
        lines += [
            MarkLine(team=team.id, delegate=one.id, criterion=scene.speaking.id, mark=Decimal(speaking))
            for one in scene.delegates[team.id]
        ]
    return tuple(lines)


def form_for(
    scene: Scene, arguments: list[object], speaking: object = 5, version: int = 0, **more: str
) -> dict[str, str]:
    """The same as a phone posts it."""
    form = {"version": str(version), "action": "draft", **more}
    for team, argument in zip(scene.teams, arguments, strict=True):
        form[mark_field(team.public_id, scene.argument)] = str(argument)
        for one in scene.delegates[team.id]:
            form[mark_field(one.public_id, scene.speaking)] = str(speaking)
            form[tick_field(one.public_id)] = "1"
    return form


def submit(scene: Scene, judge: Judge, arguments: list[int], speaking: int = 5) -> Scoresheet:
    """A judge's whole sheet, saved and handed in."""
    entry = Entry(typed={}, marks=marks_for(scene, arguments, speaking), absent=frozenset())
    sheet = sheet_of(scene, judge)
    saved = save_draft(
        actor=ORGANISER, plan=scene.plan, judge_id=judge.id, shown=sheet.revision if sheet else 0, entry=entry
    )
    return submit_sheet(actor=ORGANISER, plan=scene.plan, judge_id=judge.id, shown=saved.revision)


def sheet_of(scene: Scene, judge: Judge) -> Scoresheet | None:
    from judging.queries import find_sheet

    return find_sheet(scene.table.id, judge.id)


def as_judge(client: Any, judge: Judge) -> None:
    """Make `client` a phone on which the judge's private link was opened."""
    from datetime import timedelta

    from core.db import utc_now

    link = create_link(
        purpose=CapacityKind.JUDGE,
        edition_id=judge.edition_id,
        subject_id=judge.id,
        expires_at=utc_now() + timedelta(days=1),
    )
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie[COOKIE_FIELD] = link.id
