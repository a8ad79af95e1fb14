"""Mails to those whose table changed after the draw was released, and to nobody else."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import force_locale, gettext

from competition.editions.public import Edition, get_edition_by_id
from competition.entries.public import Expected, expected_on, today
from competition.rounds.facts import TableFacts
from competition.rounds.models import Round
from competition.rounds.words import role_words
from core import outbox
from core.audit import edition_scope
from core.db import utc_now
from core.localised import in_language
from core.roles import ROLES


def tell_tables(
    row: Round,
    tables: Sequence[TableFacts],
    *,
    without_seat: Sequence[int] = (),
    judges: Sequence[int] | None = None,
) -> int:
    """Tell the teams and judges of these tables what their table is now; returns how many mails were posted.

    `without_seat` are teams that have none any more. With `judges`, only those judges are told. Who left no
    address is not told: the round's page names them for a call.
    """
    edition = get_edition_by_id(row.edition_id)
    everybody: dict[tuple[str, int], Expected] = {
        (one.kind, one.id): one for one in expected_on(edition.id, today(edition, utc_now()))
    }
    told = 0
    for table in tables:
        keys = [("judge", place.judge_id) for place in table.panel]
        if judges is None:
            keys += [("team", team) for team in table.team_ids]
        else:
            keys = [key for key in keys if key[1] in judges]
        for key in keys:
            told += _tell(edition, row, everybody.get(key), everybody, table)
    for team in without_seat:
        told += _tell(edition, row, everybody.get(("team", team)), everybody, None)
    return told


def _tell(
    edition: Edition,
    row: Round,
    who: Expected | None,
    everybody: dict[tuple[str, int], Expected],
    table: TableFacts | None,
) -> int:
    if who is None or not who.contact:
        return 0
    locale = "zh_Hans" if edition.languages.startswith("zh") else "en"
    with force_locale(locale):
        title = in_language(edition.name, edition.name_zh, locale)
        round_name = in_language(row.name, row.name_zh, locale) or str(row.number)
        lines = [
            gettext("Dear %(name)s,", name=who.contact_name or who.name),
            gettext("the draw of round %(round)s has changed for you.", round=round_name),
            *_seat_lines(who, table, everybody),
            gettext("Your own page in Parley shows it too."),
        ]
        subject = gettext(
            "%(edition)s: your table in round %(round)s has changed", edition=title, round=round_name
        )
    outbox.post(
        to=who.contact,
        subject=subject,
        body="\n\n".join(lines) + "\n",
        kind="draw_changed",
        scope=edition_scope(edition.id),
        locale=locale,
    )
    return 1


def _seat_lines(
    who: Expected, table: TableFacts | None, everybody: dict[tuple[str, int], Expected]
) -> list[str]:
    if table is None:
        return [gettext("You have no table in this round. Please ask the organisers.")]
    place = gettext("Table %(table)s", table=table.name)
    if table.room:
        place = gettext("Table %(table)s in %(room)s", table=table.name, room=table.room)
    seats = []
    for role in ROLES:
        team = table.seats[role]
        name = everybody[("team", team)].name if ("team", team) in everybody else gettext("nobody")  # type: ignore[index]
        seats.append(gettext("%(role)s: %(team)s", role=role_words(role), team=name))
    return [place, "\n".join(seats)]
