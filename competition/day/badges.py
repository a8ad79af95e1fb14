"""Badges on paper: ten to a sheet of A4 or Letter, names in both scripts, the role's colour and shape, a code.

The code holds an address that leads the check-in desk to its owner; it identifies and opens nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.public import get_people
from competition.editions.public import Edition, organisers_of
from competition.entries.public import (
    delegate_table,
    institution_table,
    judge_table,
    team_table,
)
from competition.rounds.public import role_words
from core.db import db
from core.links import public_address
from core.pdf import FAMILY, INK, LINE, MUTED, Document, Format
from core.roles import Role

COLUMNS, ROWS = 2, 5
WIDTH, HEIGHT = 90.0, 54.0
PAPER = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
FILLS = {
    "government": (0, 114, 178),
    "enterprise": (213, 94, 0),
    "local_ngo": (0, 158, 115),
    "igo": (123, 78, 163),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What stands on a badge. `kind` is delegate, judge, coach or organiser; `address` empty: no code."""

    kind: str
    name: str
    name_local: str = ""
    group: str = ""
    group_local: str = ""
    role: str = ""
    code: str = ""
    address: str = ""


def badges_of(edition: Edition, kinds: Sequence[str]) -> list[Badge]:
    """The badges of these kinds, team by team."""
    makers = {"delegate": _delegates, "coach": _coaches, "judge": _judges, "organiser": _organisers}
    return [badge for kind, make in makers.items() if kind in kinds for badge in make(edition)]


def _delegates(edition: Edition) -> Iterable[Badge]:
    row, team, home = delegate_table.c, team_table.c, institution_table.c
    query = (
        select(
            row.name,
            row.name_local,
            row.code,
            row.public_id,
            team.name.label("team"),
            team.role,
            home.name_local.label("home"),
        )
        .join(team_table, team.id == row.team_id)
        .outerjoin(institution_table, home.id == team.institution_id)
        .where(row.edition_id == edition.id, team.status.in_(("registered", "stand_in")))
        .order_by(team.position, team.id, row.position, row.id)
    )
    is_fixed = edition.role_policy == "fixed"
    for one in db.session.execute(query):
        yield Badge(
            kind="delegate",
            name=one.name or one.name_local or one.code,
            name_local=one.name_local if one.name else "",
            group=one.team,
            group_local=one.home or "",
            role=(one.role or "") if is_fixed else "",
            code=one.code,
            address=_address("check_in.delegate", edition, delegate_id=one.public_id),
        )


def _coaches(edition: Edition) -> Iterable[Badge]:
    team = team_table.c
    query = (
        select(team.name, team.coach, team.coach_person_id)
        .where(team.edition_id == edition.id, team.status.in_(("registered", "stand_in")))
        .order_by(team.position, team.id)
    )
    rows = db.session.execute(query).all()
    cards = get_people(row.coach_person_id for row in rows if row.coach_person_id is not None)
    teams: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        card = cards.get(row.coach_person_id)
        names = (card.name, card.name_local) if card is not None else (row.coach, "")
        if any(names):
            teams.setdefault(names, []).append(row.name)
    for (name, local), own in teams.items():
        yield Badge(kind="coach", name=name or local, name_local=local if name else "", group=", ".join(own))


def _judges(edition: Edition) -> Iterable[Badge]:
    row, home = judge_table.c, institution_table.c
    query = (
        select(
            row.name,
            row.name_local,
            row.code,
            row.public_id,
            home.name.label("home"),
            home.name_local.label("local"),
        )
        .outerjoin(institution_table, home.id == row.institution_id)
        .where(row.edition_id == edition.id)
        .order_by(row.position, row.id)
    )
    for one in db.session.execute(query):
        yield Badge(
            kind="judge",
            name=one.name or one.name_local or one.code,
            name_local=one.name_local if one.name else "",
            group=one.home or "",
            group_local=one.local or "",
            code=one.code,
            address=_address("check_in.judge", edition, judge_id=one.public_id),
        )


def _organisers(edition: Edition) -> Iterable[Badge]:
    cards = get_people(one.person_id for one in organisers_of(edition.id))
    for one in organisers_of(edition.id):
        if (card := cards.get(one.person_id)) is not None:
            yield Badge(
                kind="organiser",
                name=card.name or card.name_local,
                name_local=card.name_local if card.name else "",
            )


def _address(endpoint: str, edition: Edition, **arguments: str) -> str:
    routes = current_app.url_map.bind("localhost")
    return public_address(routes.build(endpoint, {"slug": edition.slug, **arguments}))


def badges_pdf(
    edition: Edition,
    badges: Sequence[Badge],
    paper: Format,
    progress: Callable[[int], None] = lambda _done: None,
) -> tuple[bytes, int]:
    """The badges as one document with lines to cut along, and its number of pages."""
    document = Document(title=edition.name, paper=paper, is_numbered=False)
    sheet = document.sheet
    sheet.set_auto_page_break(False)
    left, top = (
        (have - used) / 2 for have, used in zip(PAPER[paper], (COLUMNS * WIDTH, ROWS * HEIGHT), strict=True)
    )
    pages = 0
    for number, badge in enumerate(badges):
        place = number % (COLUMNS * ROWS)
        if place == 0:
            document.add_page()
            pages += 1
            progress(number)
        _draw(document, edition, badge, left + place % COLUMNS * WIDTH, top + place // COLUMNS * HEIGHT)
    return document.made(), pages


def _draw(document: Document, edition: Edition, badge: Badge, x: float, y: float) -> None:
    sheet = document.sheet
    sheet.set_draw_color(*LINE)
    sheet.set_line_width(0.2)
    sheet.rect(x, y, WIDTH, HEIGHT)
    inner = WIDTH - 10 - (22 if badge.address else 0)
    title = " · ".join(dict.fromkeys(filter(None, (edition.name, edition.name_zh))))
    _line(document, title, x + 5, y + 4, WIDTH - 10, 7, MUTED)
    _line(document, badge.name, x + 5, y + 11, WIDTH - 10, 20, INK)
    _line(document, badge.name_local, x + 5, y + 21, WIDTH - 10, 15, INK)
    below = y + (29.5 if badge.name_local else 24)
    for part in _parts(document, badge.group, inner, 9.5):
        _line(document, part, x + 5, below, inner, 9.5, INK)
        below += 4.4
    if badge.group_local and badge.group_local != badge.group:
        _line(document, badge.group_local, x + 5, below, inner, 9, MUTED)
    _mark(document, badge, x + 5, y + 44)
    if badge.address:
        _code(document, badge.address, x + WIDTH - 25, y + HEIGHT - 25)
        _line(document, badge.code, x + WIDTH - 48, y + HEIGHT - 7, 22, 7, MUTED, align="R")


def _mark(document: Document, badge: Badge, x: float, y: float) -> None:
    """The role's shape in its colour beside its name in both languages; who is no delegate gets a frame of words."""
    words = _both(lambda: role_words(Role(badge.role)) if badge.role else _kind(badge.kind))
    if not badge.role:
        _line(document, words, x, y, 45, 9.5, INK)
        return
    sheet = document.sheet
    sheet.set_fill_color(*FILLS[badge.role])
    x, size = x + 1, 5.0
    if badge.role == "government":
        sheet.ellipse(x, y, size, size, style="F")
    elif badge.role == "enterprise":
        sheet.rect(x, y, size, size, style="F")
    elif badge.role == "local_ngo":
        sheet.polygon([(x + size / 2, y), (x + size, y + size), (x, y + size)], style="F")
    else:
        middle = size / 2
        sheet.polygon(
            [
                (x + middle, y - 0.4),
                (x + size + 0.4, y + middle),
                (x + middle, y + size + 0.4),
                (x - 0.4, y + middle),
            ],
            style="F",
        )
    _line(document, words, x + size + 2.5, y + 0.2, 40, 9.5, INK)


def _kind(kind: str) -> str:
    return {"delegate": _("Delegate"), "judge": _("Judge"), "coach": _("Coach"), "organiser": _("Organiser")}[
        kind
    ]


def _both(words: Callable[[], str]) -> str:
    """The words in English and Chinese, once where both are the same."""
    said = []
    for locale in ("en", "zh_Hans"):
        with force_locale(locale):
            said.append(words())
    return "  ".join(dict.fromkeys(said))


def _parts(document: Document, text: str, width: float, size: float) -> list[str]:
    """A long name of a team or university in two lines, broken between words where the first line is full."""
    document.sheet.set_font(FAMILY, size=size)
    words = text.split(" ")
    first = words[:1]
    for word in words[1:]:
        if document.sheet.get_string_width(" ".join([*first, word])) > width:
            break
        first.append(word)
    return [part for part in (" ".join(first), " ".join(words[len(first) :])) if part]


def _line(
    document: Document,
    text: str,
    x: float,
    y: float,
    width: float,
    size: float,
    colour: tuple[int, int, int],
    align: str = "L",
) -> None:
    """One line that grows smaller until it fits, and is cut only where even that is not enough."""
    if not text:
        return
    sheet = document.sheet
    sheet.set_text_color(*colour)
    sheet.set_font(FAMILY, size=size)
    while sheet.get_string_width(text) > width and size > 6:
        size -= 0.5
        sheet.set_font(FAMILY, size=size)
    while sheet.get_string_width(text) > width:
        text = text[:-2].rstrip() + "…"
    sheet.set_xy(x, y)
    sheet.cell(width, size * 0.42, text, align=align)


def _code(document: Document, address: str, x: float, y: float) -> None:
    """A QR code drawn as squares: sharp on every printer and small in the file."""
    import segno

    matrix = segno.make(address, error="m", micro=False).matrix
    size = 21.0 / len(matrix)
    sheet = document.sheet
    sheet.set_fill_color(0, 0, 0)
    for row, line in enumerate(matrix):
        start = None
        for column, dark in enumerate([*line, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                sheet.rect(x + start * size, y + row * size, (column - start) * size, size, style="F")
                start = None
