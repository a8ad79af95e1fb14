"""`flask round draw` as a person or a script calls it."""

from __future__ import annotations

import pytest
from flask import Flask

from competition.rounds.cli import draw_round
from competition.rounds.public import get_round_facts
from core.access import Permission
from core.db import db
from tests.competition.rounds.builders import make_field
from tests.factories import make_edition, make_round


@pytest.fixture
def edition_id(app: Flask) -> int:
    edition = make_edition("open")
    make_field(edition, 16)
    make_round(edition)
    db.session.commit()
    return edition.id


def test_it_drafts_and_prints_the_report(app: Flask, edition_id: int) -> None:
    answer = app.test_cli_runner().invoke(
        args=["round", "draw", "open", "1", "--method", "random", "--seed", "5"]
    )
    assert answer.exit_code == 0
    lines = answer.output.splitlines()
    assert lines[0] == "round 1 of open: draft version 1, 4 tables"
    assert lines[1].startswith("method random, preset balanced, seed 5, engine ")
    assert "repeat meetings              0   at least 0" in lines
    assert get_round_facts(edition_id, 1).draw_state == "draft"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing", "1"], "There is no such edition."),
        (["open", "9"], "There is no such round."),
        (["open", "1", "--method", "power_paired"], "Power pairing needs results"),
    ],
)
def test_what_cannot_be_drawn_is_one_line_on_stderr(
    app: Flask, edition_id: int, arguments: list[str], said: str
) -> None:
    answer = app.test_cli_runner().invoke(args=["round", "draw", *arguments])
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith(said)
    assert len(answer.stderr.splitlines()) == 1
    assert get_round_facts(edition_id, 1).draw_state is None


def test_the_command_declares_its_permission() -> None:
    assert draw_round.callback.__access__ is Permission.MANAGE_ROUNDS  # type: ignore[union-attr]
