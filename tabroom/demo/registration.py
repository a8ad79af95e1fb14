"""The demo's registration in depth: questions of an edition's own with answers, places, a waiting list, an offer."""

from __future__ import annotations

from datetime import timedelta

from competition.editions.public import Edition
from competition.entries.public import (
    Delegate,
    Team,
    delegates_of_team,
    keep_answers,
    offer_free_places,
    save_question,
    set_registration_rules,
    team_lines,
)
from core.access import SYSTEM
from core.db import db, utc_now

MEALS = {
    "audience": "delegate",
    "kind": "choice",
    "label": "What do you eat?",
    "label_zh": "饮食要求",
    "choices": "Everything\nVegetarian\nHalal",
    "choices_zh": "都可以\n素食\n清真",
    "is_required": True,
    "is_sensitive": True,
}
ARRIVAL = {
    "audience": "team",
    "kind": "text",
    "label": "When does your team arrive?",
    "label_zh": "你们队何时抵达？",
    "choices": "",
    "choices_zh": "",
    "is_required": False,
    "is_sensitive": False,
}
EATEN = ("Everything", "Vegetarian", "Everything", "Halal")
ANSWERED = 12
"""Teams whose answers are there; those of the others are still to come."""
WAITING = (("Lakeside Debaters", "Mira Lund", "mira"), ("River Delta Law", "Chen Yun", "yun"))


def open_waiting_list(edition: Edition) -> None:
    """Ask two questions, answer some, and offer the one free place to the first of two teams that wait."""
    now = utc_now()
    meals, arrival = (
        save_question(actor=SYSTEM, edition=edition, question=None, version=0, values=values)
        for values in (MEALS, ARRIVAL)
    )
    registered = [line for line in team_lines(edition.id) if line.status == "registered"]
    for place, line in enumerate(registered[:ANSWERED]):
        keep_answers(db.session.get_one(Team, line.id), {arrival.id: f"{7 + place % 3} November, 18:00"})
        for number, delegate in enumerate(delegates_of_team(line.id)):
            keep_answers(delegate, {meals.id: EATEN[(place + number) % len(EATEN)]})
    for place, (name, captain, address) in enumerate(WAITING):
        team = Team(
            edition_id=edition.id,
            name=name,
            status="waiting",
            created_at=now - timedelta(days=9 - place),
            position=1000 + place,
        )
        db.session.add(team)
        db.session.flush()
        db.session.add(
            Delegate(
                edition_id=edition.id,
                team_id=team.id,
                code=f"W{place + 1:03d}",
                name=captain,
                contact=f"{address}@example.org",
                is_captain=True,
                confirmed_at=now,
                position=1000 + place,
            )
        )
    db.session.flush()
    values = {"places": len(registered) + 1, "per_institution": 2}
    set_registration_rules(actor=SYSTEM, edition=edition, version=0, values=values)
    offer_free_places(actor=SYSTEM, edition=edition, now=now)
