"""By which words a person could be recognised: their names, institutions, teams and mailboxes, from every edition."""

from __future__ import annotations

import re
from itertools import islice, product

from sqlalchemy import or_, select

from accounts.public import confirmed_address, get_person
from competition.entries.public import delegate_table, institution_table, judge_table, team_table
from core.db import db
from talent_pool.common_words import COMPOUND_SURNAMES
from talent_pool.search.tokens import CJK, fold
from talent_pool.wording import Identity

HAN = re.compile(rf"[{CJK}]")
LONGEST_NAME, MOST_READINGS, MOST_SPELLINGS = 6, 3, 24


def identity_of(person_id: int) -> Identity:
    """Everything that a person's card must not say."""
    person = get_person(person_id)
    names = {person.name, person.name_local}
    contacts = {confirmed_address(person_id) or ""}
    for table in (delegate_table, judge_table):
        columns = select(table.c.name, table.c.name_local, table.c.contact)
        for name, name_local, contact in db.session.execute(columns.where(table.c.person_id == person_id)):
            names |= {name, name_local}
            contacts.add(contact)
    institutions, teams = _places(person_id)
    return Identity(
        names=_filled(names | {spelled for name in names for spelled in in_pinyin(name)}),
        institutions=_filled(institutions),
        teams=_filled(teams),
        mailboxes=_filled({contact.partition("@")[0] for contact in contacts}),
    )


def in_pinyin(name: str) -> list[str]:
    """How a Chinese name is spelled in Latin letters, family name apart, in each common reading of its characters."""
    from pypinyin import Style, pinyin

    characters = "".join(HAN.findall(name))[:LONGEST_NAME]
    if len(characters) < 2:
        return []
    readings = pinyin(characters, style=Style.NORMAL, heteronym=True)
    is_compound = fold(characters[:2]) in COMPOUND_SURNAMES
    family = 2 if len(characters) >= 4 or (is_compound and len(characters) > 2) else 1
    spellings = islice(product(*(one[:MOST_READINGS] for one in readings)), MOST_SPELLINGS)
    return [f"{''.join(one[:family])} {''.join(one[family:])}" for one in spellings]


def institution_of(person_id: int) -> tuple[str, str]:
    """The institution (in both scripts) for which a person competed last, or judged; empty where there is none."""
    competed = (
        select(institution_table.c.name, institution_table.c.name_local)
        .join(team_table, team_table.c.institution_id == institution_table.c.id)
        .join(delegate_table, delegate_table.c.team_id == team_table.c.id)
        .where(delegate_table.c.person_id == person_id)
        .order_by(delegate_table.c.id.desc())
    )
    judged = (
        select(institution_table.c.name, institution_table.c.name_local)
        .join(judge_table, judge_table.c.institution_id == institution_table.c.id)
        .where(judge_table.c.person_id == person_id)
        .order_by(judge_table.c.id.desc())
    )
    row = db.session.execute(competed).first() or db.session.execute(judged).first()
    return (row[0] or "", row[1] or "") if row else ("", "")


def _places(person_id: int) -> tuple[set[str], set[str]]:
    """Names of the institutions and teams for which a person competed, coached or judged."""
    own_teams = select(delegate_table.c.team_id).where(delegate_table.c.person_id == person_id)
    rows = db.session.execute(
        select(
            team_table.c.name.label("team"),
            institution_table.c.code,
            institution_table.c.name,
            institution_table.c.name_local,
        )
        .outerjoin(institution_table, institution_table.c.id == team_table.c.institution_id)
        .where(or_(team_table.c.id.in_(own_teams), team_table.c.coach_person_id == person_id))
    ).all()
    judged_for = select(judge_table.c.institution_id).where(judge_table.c.person_id == person_id)
    columns = select(institution_table.c.code, institution_table.c.name, institution_table.c.name_local)
    judged = db.session.execute(columns.where(institution_table.c.id.in_(judged_for))).all()
    names = {name for row in (*(row[1:] for row in rows), *judged) for name in row if name}
    return names, {row.team for row in rows} - names


def _filled(words: set[str]) -> tuple[str, ...]:
    return tuple(sorted(word for word in words if word))
