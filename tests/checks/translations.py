"""Fails when a screen string has no Chinese text, or one with other places: `python -m tests.checks.translations`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
PLACE = re.compile(r"%\((\w+)\)")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "_l": None, "lazy_gettext": None, "N_": None}


def source_texts() -> set[str]:
    """Every text marked for translation in code and templates."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**KEYWORDS, **dict.fromkeys(error_names(), None)}
    found: set[str] = set()
    for _file, _line, message, _comments, _context in extract_from_dir(
        str(ROOT), methods, options, keywords=keywords
    ):
        found.update(message if isinstance(message, tuple) else (message,))
    return {text for text in found if text}


def error_names() -> list[str]:
    """The error classes, whose first argument is a text for people."""
    return ["NotFound", "Forbidden", "Conflict", "Invalid", "TooLarge", "Stale", "DomainError", "NotAWorkbook"]


def faults() -> list[str]:
    """One line per text that is missing, empty, unsure, or has other places in Chinese."""
    with (ROOT / "translations/zh_Hans/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    lines = []
    for text in sorted(source_texts()):
        entry = catalogue.get(text)
        chinese = entry.string if entry is not None else ""
        chinese = "".join(chinese) if isinstance(chinese, tuple) else chinese
        if not chinese:
            lines.append(f"no Chinese text: {text!r}")
        elif entry is not None and entry.fuzzy:
            lines.append(f"unsure (fuzzy): {text!r}")
        elif set(PLACE.findall(text)) != set(PLACE.findall(chinese)):
            lines.append(f"other places in Chinese: {text!r}")
    return lines


if __name__ == "__main__":
    found = faults()
    print("\n".join(found))
    sys.exit(1 if found else 0)
