"""Fails when a screen text has no good Chinese, or Chinese has no screen text: `python -m tests.checks.translations`.

With `--update` the catalogue is first written anew: texts that are new come without Chinese, texts that are gone
go, Chinese that is there stays, and so does everything above the first empty line (the header and the glossary).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "translations/zh_Hans/LC_MESSAGES/messages.po"
LANGUAGE = "zh_Hans"
PLACE = re.compile(r"%\(\w+\)[^a-z]*[a-z]")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "_l": None, "lazy_gettext": None, "N_": None}


def source_texts() -> dict[str, str]:
    """Every text marked for translation in code and templates, with its plural, which is mostly empty."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**KEYWORDS, **dict.fromkeys(error_names(), None)}
    found: dict[str, str] = {}
    for _file, _line, message, _comments, _context in extract_from_dir(
        str(ROOT), methods, options, keywords=keywords
    ):
        text, plural = message if isinstance(message, tuple) else (message, "")
        if text:
            found[text] = plural or found.get(text, "")
    return found


def error_names() -> list[str]:
    """The error classes, whose first argument is a text for people."""
    return [
        "NotFound",
        "Forbidden",
        "Conflict",
        "Invalid",
        "TooLarge",
        "Stale",
        "DomainError",
        "NotAWorkbook",
    ]


def stored_catalogue() -> Catalog:
    """The catalogue as it is in the repository."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def faults(texts: dict[str, str], catalogue: Catalog) -> list[str]:
    """One line per text that is missing, empty, unsure, has other places in Chinese, or is on no screen any more."""
    lines = []
    for text, plural in sorted(texts.items()):
        entry = catalogue.get(text)
        chinese = "".join(_forms(entry))
        if entry is None or not chinese:
            lines.append(f"no Chinese text: {text!r}")
        elif plural and entry.id != (text, plural):
            lines.append(f"other plural: {text!r}")
        elif entry.fuzzy:
            lines.append(f"unsure (fuzzy): {text!r}")
        elif _places(text, plural) != _places(chinese):
            lines.append(f"other places in Chinese: {text!r}")
    known = {_forms_of_id(entry)[0] for entry in catalogue if entry.id}
    lines += [f"on no screen any more: {text!r}" for text in sorted(known - texts.keys())]
    lines += [f"on no screen any more (#~): {text!r}" for text in map(str, catalogue.obsolete)]
    return lines


def updated(texts: dict[str, str], catalogue: Catalog) -> Catalog:
    """A catalogue of exactly these texts, with the Chinese that is there."""
    fresh = Catalog(locale=LANGUAGE)
    for text, plural in texts.items():
        chinese = _forms(catalogue.get(text))
        if plural:
            fresh.add((text, plural), chinese or ("",))
        else:
            fresh.add(text, "".join(chinese))
    return fresh


def written(header: str, catalogue: Catalog) -> str:
    """The file: sorted, without dates and places in the code, so that a change shows what changed."""
    body = BytesIO()
    write_po(body, catalogue, width=110, no_location=True, omit_header=True, sort_output=True)
    return header.rstrip("\n") + "\n\n" + body.getvalue().decode().lstrip("\n")


def _places(*texts: str) -> set[str]:
    return {place for text in texts for place in PLACE.findall(text)}


def _forms(entry: Message | None) -> tuple[str, ...]:
    if entry is None or not entry.string:
        return ()
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)


def _forms_of_id(entry: Message) -> tuple[str, ...]:
    return (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)


def main(arguments: Iterable[str]) -> int:
    """Check, or update and then check; the number of faults decides the exit status."""
    texts = source_texts()
    if "--update" in arguments:
        header = CATALOGUE.read_text(encoding="utf-8").split("\n\n", 1)[0]
        CATALOGUE.write_text(written(header, updated(texts, stored_catalogue())), encoding="utf-8")
    found = faults(texts, stored_catalogue())
    print("\n".join(found) or f"{len(texts)} texts, all in Chinese.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
