"""The demo's campus edition: 68 people applied alone and are scored; line, answers and teams are still to be made."""

from __future__ import annotations

import random
from datetime import timedelta

from competition.applications.public import Application, Review, Reviewer, criteria_of, save_call
from competition.editions.public import Edition, create_edition, set_public, write_notice
from core.access import SYSTEM
from core.db import db, utc_now
from tabroom.demo.names import invent

SLUG, SEED, PEOPLE = "campus-2025", 20250412, 68
VALUES = {
    "name": "Campus Negotiation Day",
    "name_zh": "校园谈判日",
    "slug": SLUG,
    "role_policy": "fixed",
    "timezone": "Asia/Shanghai",
    "place": "Shanghai",
    "languages": "en;zh-Hans",
}
ODDS = {
    "discipline": {"law": 20, "economics": 15, "relations": 13, "languages": 9, "engineering": 7, "media": 4},
    "year": {"b1": 12, "b2": 18, "b3": 17, "b4": 8, "master": 13},
    "experience": {"none": 38, "some": 22, "much": 8},
    "gender": {"female": 36, "male": 30, "": 2},
}
FOREIGN = {"en": "GB", "fr": "FR", "ru": "RU", "ar": "EG", "sw": "KE", "ja": "JP"}
SENTENCES = (
    "I want to find out how people agree who want different things.",
    "In the debating club I learnt to win; here I would like to learn to listen.",
    "My thesis is on ports and the people who live beside them.",
    "I grew up between two languages and like to explain each side to the other.",
    "I have never sat at a table with engineers and lawyers at once, and I would like to.",
    "Negotiating is what I will do at work, so I had better begin.",
)


def add_campus(notice: dict[str, str]) -> Edition:
    """The edition with its call, its applicants and three reviewers who are done."""
    edition = create_edition(actor=SYSTEM, values=VALUES)
    write_notice(actor=SYSTEM, edition=edition, values=notice)
    set_public(actor=SYSTEM, edition=edition, is_public=True)
    closes = utc_now() + timedelta(days=10)
    call = {"is_on": True, "closes_at": closes, "places": 30, "reserves": 6, "asks_gender": True}
    save_call(actor=SYSTEM, edition=edition, version=0, values=call)
    edition.is_demo = True
    dice = random.Random(SEED)  # noqa: S311 - a repeatable invented world, no secret
    people = [_applicant(edition, number, dice) for number in range(PEOPLE)]
    people[3].wishes_together, people[7].wishes_together = people[7].contact, people[3].contact
    db.session.add_all(people)
    db.session.flush()
    for number, name in enumerate(("Shen Yi", "Maria Costa", "David Okoro")):
        _review(edition, number, name, people, dice)
    db.session.flush()
    return edition


def _applicant(edition: Edition, number: int, dice: random.Random) -> Application:
    culture = "zh" if dice.random() < 0.6 else dice.choice(list(FOREIGN))
    name, name_local = invent(dice, FOREIGN.get(culture, "CN"))
    answers = {key: dice.choices(list(odds), list(odds.values()))[0] for key, odds in ODDS.items()}
    return Application(
        edition_id=edition.id,
        contact=f"applicant{number + 1}@example.org",
        name=name,
        name_local=name_local,
        culture=culture,
        motivation=" ".join(dice.sample(SENTENCES, 2)),
        notice_version=1,
        submitted_at=utc_now() - timedelta(hours=PEOPLE - number),
        **answers,
    )


def _review(edition: Edition, number: int, name: str, people: list[Application], dice: random.Random) -> None:
    """One reviewer's marks, a little harsher than the one before."""
    reviewer = Reviewer(
        edition_id=edition.id,
        name=name,
        contact=f"reviewer{number + 1}@example.org",
        created_at=utc_now(),
        done_at=utc_now(),
    )
    db.session.add(reviewer)
    db.session.flush()
    keys = [each.public_id for each in criteria_of(edition.id)]
    for place, row in enumerate(people):
        level = 3.2 + 1.3 * random.Random(SEED + place).gauss(0, 0.7) - 0.3 * number  # noqa: S311
        marks = {key: min(5, max(0, round(dice.gauss(level, 0.6)))) for key in keys}
        db.session.add(
            Review(application_id=row.id, reviewer_id=reviewer.id, marks=marks, saved_at=utc_now())
        )
