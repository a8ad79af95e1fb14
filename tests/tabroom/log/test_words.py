"""Every deed that is written into an edition's audit has words in the log, or is left out on purpose."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tabroom.log.deeds import DEEDS, KINDS, WORDS
from tabroom.log.fields import FIELD_NAMES
from tabroom.log.lines import ABOUT_FROM_DETAILS, LABELS, VALUES
from tabroom.log.subjects import IN_DETAILS, LOADERS, NOUNS
from tabroom.workbook.exports import FORMS

ROOT = Path(__file__).resolve().parents[3]
WRITERS = frozenset(
    {"record", "noted", "finish", "_record", "_log", "_settle", "_moved", "_move_results", "_order"}
)
"""What writes an entry: `record`, and the helpers of single rooms that fill in the rest."""
OWN_MATTERS = frozenset({"calendar.linked", "calendar.unlinked"})
GONE_WITH_THE_EDITION = frozenset({"delete"})
BUILT = frozenset(
    {"back", "follow", "next", "reset", "pause", "start", "add", "badges", "attendance", "open", "confirmed"}
)
"""Words that a helper puts a prefix before; the whole verbs are in the truth table below."""


def written() -> Iterator[tuple[str, str]]:
    """(file, first word) of each call that writes an entry with a literal verb."""
    for folder in ("competition", "judging", "tabroom"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
                literals = [
                    a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
                ]
                if name in WRITERS and literals:
                    yield str(path.relative_to(ROOT)), literals[0]


def test_each_verb_in_the_source_has_words() -> None:
    computed = {thing for thing, _verb in DEEDS}
    known = {verb for _thing, verb in DEEDS} | computed | OWN_MATTERS | GONE_WITH_THE_EDITION | BUILT
    found = list(written())
    assert [line for line in found if line[1] not in known] == []
    assert len(found) > 120


def test_verbs_that_are_put_together_have_words_too() -> None:
    built = {
        "round": [f"clock.{one}" for one in ("start", "pause", "next", "back", "add", "reset", "follow")]
        + [f"results.{one}" for one in ("open", "confirmed", "published")]
        + ["absence.noted", "absence.taken_back", "table.locked", "table.unlocked"],
        "team": ["accept", "wait", "decline", "ask", "offer.accepted", "offer.declined", "check_in.noted"],
        "application": ["accepted", "reserve", "declined"],
        "dispute": ["dispute.answered", "dispute.upheld", "dispute.dismissed"],
        "edition": ["calibration.open", "calibration.closed", "badges.ordered", "attendance.ordered"],
    }
    assert [
        (thing, verb) for thing, verbs in built.items() for verb in verbs if (thing, verb) not in DEEDS
    ] == []


def test_each_file_that_an_edition_is_handed_out_as_has_words() -> None:
    assert [form.verb for form in FORMS.values() if ("edition", form.verb) not in DEEDS] == []


def test_nothing_of_the_talent_pool_has_words() -> None:
    things = {thing for thing, _verb in DEEDS}
    assert (
        sorted(thing for thing in things if "pool" in thing or "contact" in thing or "employer" in thing)
        == []
    )


def test_a_deed_has_one_kind_and_each_kind_a_name() -> None:
    assert len(DEEDS) == sum(len(words) for words in WORDS.values())
    assert set(WORDS) == set(KINDS)


def test_details_that_are_keys_can_be_loaded_and_are_labelled() -> None:
    assert set(NOUNS.values()) - {""} <= set(LOADERS)
    assert set(IN_DETAILS.values()) <= set(LOADERS)
    assert set(IN_DETAILS) | set(VALUES) | set(ABOUT_FROM_DETAILS.values()) <= set(LABELS)


def test_details_with_words_of_people_are_never_shown() -> None:
    silent = {
        "reason",
        "file",
        "decision",
        "words",
        "seed",
        "order",
        "personal",
        "happened",
        "slug",
        "remark",
    }
    assert silent & set(LABELS) == set()
    assert "answers" not in FIELD_NAMES
