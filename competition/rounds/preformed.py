"""Reading the panels that were formed beforehand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from competition.rounds.facts import PanelPlace
from competition.rounds.field import FieldJudge
from competition.rounds.models import PreformedJudge, PreformedPanel
from competition.rounds.queries import PANEL_ORDER
from core.db import db
from core.errors import NotFound
from core.localised import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class PreformedFacts:
    """A panel that stays together, its chair first."""

    id: int
    public_id: str
    name: str
    version: int
    places: tuple[PanelPlace, ...]

    @property
    def judge_ids(self) -> frozenset[int]:
        return frozenset(place.judge_id for place in self.places)


def preformed_panels(edition_id: int) -> list[PreformedFacts]:
    """The preformed panels of an edition by name."""
    places: dict[int, list[PanelPlace]] = defaultdict(list)
    for panel_id, judge_id, position in db.session.execute(
        select(PreformedJudge.panel_id, PreformedJudge.judge_id, PreformedJudge.position)
        .join(PreformedPanel, PreformedPanel.id == PreformedJudge.panel_id)
        .where(PreformedPanel.edition_id == edition_id)
        .order_by(PreformedJudge.id)
    ):
        places[panel_id].append(PanelPlace(judge_id=judge_id, position=position))
    rows = db.session.execute(
        select(PreformedPanel.id, PreformedPanel.public_id, PreformedPanel.name, PreformedPanel.version)
        .where(PreformedPanel.edition_id == edition_id)
        .order_by(PreformedPanel.name)
    )
    return [
        PreformedFacts(
            **row._mapping,
            places=tuple(sorted(places[row.id], key=lambda place: PANEL_ORDER[place.position])),
        )
        for row in rows
    ]


def get_preformed(edition_id: int, public_id: str) -> PreformedFacts:
    """A preformed panel of this edition; raises NotFound for any other."""
    found = next((one for one in preformed_panels(edition_id) if one.public_id == public_id), None)
    if found is None:
        raise NotFound(N_("There is no such panel in this edition."))
    return found


def present_places(
    panel: PreformedFacts, judges: dict[int, FieldJudge], round_number: int
) -> tuple[PanelPlace, ...]:
    """The panel without those who are not there in a round; without its chair the highest rated panellist leads."""
    here = [place for place in panel.places if round_number not in judges[place.judge_id].absent_in]
    voting = [place for place in here if place.position != "trainee"]
    if not voting:
        return ()
    chair = max(
        voting,
        key=lambda place: (place.position == "chair", judges[place.judge_id].rating or 0, -place.judge_id),
    )
    led = (PanelPlace(judge_id=chair.judge_id, position="chair"),)
    return (*led, *(place for place in here if place.judge_id != chair.judge_id))
