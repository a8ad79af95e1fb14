"""The paper pack of a round: draw, scoresheets, contacts and standings in one PDF, made again at each release.

It holds contact addresses, so only those who manage rounds may have it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select

from competition.editions.public import Edition, get_edition_by_id, to_local
from competition.entries.public import Expected, expected_on, today
from competition.rounds.public import (
    RoundFacts,
    TableFacts,
    get_round,
    get_round_facts,
    on_release,
    role_words,
    tables_of_draw,
)
from core.audit import edition_scope
from core.db import db, unit_of_work, utc_now
from core.jobs import FINISHED, Job, JobRun, enqueue, handler
from core.localised import in_language
from core.pdf import Column, Document
from core.roles import ROLES
from judging.public import criteria_of, selections, standings_of
from tabroom.models import PaperPack
from tabroom.workbook.results import metric_name, role_name

KIND = "paper_pack"


@on_release
def make_pack_of(round_id: int) -> None:
    """Queue the pack of a round whose draw was just released or changed."""
    row = get_round(round_id)
    edition = get_edition_by_id(row.edition_id)
    locale = "zh_Hans" if edition.languages.startswith("zh") else "en"
    enqueue(
        kind=KIND,
        arguments={"round_id": round_id, "locale": locale},
        scope=edition_scope(edition.id),
    )


def find_pack(round_id: int) -> PaperPack | None:
    """The newest pack of a round."""
    return db.session.scalar(select(PaperPack).where(PaperPack.round_id == round_id))


def is_being_made(edition_id: int, round_id: int) -> bool:
    """Whether a pack of this round waits or is in the making."""
    waiting = select(Job).where(
        Job.kind == KIND,
        Job.scope == edition_scope(edition_id),
        Job.state.not_in([state.value for state in FINISHED]),
    )
    return any(job.arguments.get("round_id") == round_id for job in db.session.scalars(waiting))


@handler(KIND)
def run_paper_pack(run: JobRun) -> Mapping[str, Any]:
    """Make the pack and keep it in the place of the last one."""
    row = get_round(run.arguments["round_id"])
    facts = get_round_facts(row.edition_id, row.number)
    edition = get_edition_by_id(row.edition_id)
    with force_locale(run.arguments["locale"]):
        data = made(edition, facts, run.arguments["locale"])
    values = {
        "round_id": facts.id,
        "made_at": utc_now(),
        "locale": run.arguments["locale"],
        "draw_version": facts.draw_version or 0,
        "data": data,
    }
    db.session.rollback()
    with unit_of_work():
        db.session.execute(delete(PaperPack).where(PaperPack.round_id == facts.id))
        db.session.add(PaperPack(**values))
        run.conclude({"size": len(data)})
    return {"size": len(data)}


def made(edition: Edition, facts: RoundFacts, locale: str) -> bytes:
    """The pack as bytes, in the language that is set: draw, one scoresheet a table, contacts, standings."""
    title = in_language(edition.name, edition.name_zh, locale)
    round_name = in_language(facts.name, facts.name_zh, locale) or _("Round %(number)d", number=facts.number)
    now = to_local(utc_now(), edition.timezone)
    footer = _(
        "%(edition)s · %(round)s · made %(when)s",
        edition=title,
        round=round_name,
        when=now.strftime("%Y-%m-%d %H:%M"),
    )
    paper = Document(title=f"{title} – {round_name}", footer=footer, is_landscape=True, language=locale)
    tables = tables_of_draw(facts.draw_id) if facts.draw_id is not None else []
    people = expected_on(edition.id, today(edition, facts.starts_at or utc_now()))
    names: dict[tuple[str, int], str] = {(one.kind, one.id): one.name for one in people}
    paper.heading(f"{title} – {round_name}")
    paper.text(
        _("If every screen is dark: the draw, a sheet for each table, whom to call, and the standings."),
        is_muted=True,
    )
    _draw(paper, tables, names)
    _contacts(paper, people)
    _standings(paper, edition)
    for table in tables:
        _sheet(paper, edition, table, names, f"{title} – {round_name}", locale)
    return paper.made()


def _draw(paper: Document, tables: Sequence[TableFacts], names: Mapping[tuple[str, int], str]) -> None:
    paper.heading(_("Draw"), size=14)
    columns = [
        Column(heading=_("Table"), share=0.6),
        Column(heading=_("Room"), share=0.9),
        *(Column(heading=role_words(role), share=1.6) for role in ROLES),
        Column(heading=_("Judges (chair first)"), share=1.8),
    ]
    rows = [
        [
            table.name,
            table.room,
            *(_team(table, role, names) for role in ROLES),
            "\n".join(_panel(table, names)),
        ]
        for table in tables
    ]
    paper.table(columns, rows)


def _team(table: TableFacts, role: Any, names: Mapping[tuple[str, int], str]) -> str:
    key = table.seats[role]
    return names.get(("team", key), "–") if key is not None else "–"


def _panel(table: TableFacts, names: Mapping[tuple[str, int], str]) -> list[str]:
    order = {"chair": 0, "panellist": 1, "trainee": 2}
    places = sorted(table.panel, key=lambda place: order[place.position])
    return [names.get(("judge", place.judge_id), "–") for place in places]


def _contacts(paper: Document, people: Sequence[Expected]) -> None:
    paper.add_page()
    paper.heading(_("Whom to call"), size=14)
    kinds = {"team": _("Team"), "judge": _("Judge")}
    columns = [
        Column(heading=_("Name"), share=1.6),
        Column(heading="", share=0.5),
        Column(heading=_("Institution"), share=1.4),
        Column(heading=_("Captain"), share=1.1),
        Column(heading=_("Contact"), share=1.6),
    ]
    rows = [[one.name, kinds[one.kind], one.institution, one.contact_name, one.contact] for one in people]
    paper.table(columns, rows, size=8)


def _standings(paper: Document, edition: Edition) -> None:
    """Each ranking after the last confirmed round; none before there is one."""
    title_of = {"overall": _("Overall"), "role": role_name, "division": str}
    is_first = True
    for selection in selections(edition):
        table = standings_of(edition, selection)
        if not table.after_round or not table.rows:
            continue
        if is_first:
            paper.add_page()
            paper.heading(_("Standings after round %(number)s", number=table.after_round), size=14)
            is_first = False
        kind, _colon, name = selection.partition(":")
        words = title_of[kind]
        paper.text(words if isinstance(words, str) else words(name), is_strong=True)
        shown = [name for name in table.columns if any(row.values[name] is not None for row in table.rows)]
        columns = [
            Column(heading=_("Rank"), share=0.5, is_number=True),
            Column(heading=_("Team"), share=2.4),
            *(Column(heading=metric_name(name), is_number=True) for name in shown),
        ]
        rows = [
            [row.rank_text, row.team, *(_number(row.values[name]) for name in shown)] for row in table.rows
        ]
        paper.table(columns, rows, size=8)


def _number(value: Decimal | None) -> str:
    """A figure with at most two decimals."""
    return "" if value is None else f"{round(value, 2):f}"


def _sheet(
    paper: Document,
    edition: Edition,
    table: TableFacts,
    names: Mapping[tuple[str, int], str],
    title: str,
    locale: str,
) -> None:
    paper.add_page()
    paper.heading(_("Scoresheet · table %(table)s", table=table.name), size=14)
    paper.text(f"{title} · {table.room}" if table.room else title, is_muted=True)
    paper.text(_("Judge: ______________________________     Signature: ______________________________"))
    columns = [
        Column(heading=_("Criterion"), share=2.2),
        Column(heading=_("Scale"), share=0.8),
        *(Column(heading=f"{role_words(role)}\n{_team(table, role, names)}", share=1.3) for role in ROLES),
    ]
    rows = [
        [
            in_language(criterion.name, criterion.name_zh, locale),
            f"{criterion.minimum:g}–{criterion.maximum:g}",
            *("" for _role in ROLES),
        ]
        for criterion in criteria_of(edition.id)
        if criterion.target == "team"
    ]
    paper.table(columns, [*rows, [_("Rank (1 to 4)"), "", "", "", "", ""]], is_framed=True)
    paper.text(_("Judges: %(names)s", names=" · ".join(_panel(table, names))), is_muted=True)
