"""By which words a named organisation is recognised, in whatever way its name is written (pure)."""

from __future__ import annotations

import re

from talent_pool.search.tokens import CJK, fold

WORD = re.compile(rf"[^\W_{CJK}]+|[{CJK}]")
WORDY = re.compile(rf"[^\W_{CJK}]")
LONGEST_RUN = 12
SHORTEST = 2


def folded_name(name: str) -> str:
    """A name as it is compared: folded words, one blank between two of an alphabet and none between characters."""
    return _joined(WORD.findall(fold(name)))[:200]


def name_runs(*names: str) -> list[str]:
    """Every run of words in the names (for Chinese, of characters): hiding from “Maersk” hides from “Maersk Line”."""
    runs: dict[str, None] = {}
    for name in names:
        words = WORD.findall(fold(name))
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + LONGEST_RUN) + 1):
                run = _joined(words[start:end])
                if len(run) >= SHORTEST:
                    runs.setdefault(run)
        if words:
            runs.setdefault(folded_name(name))
    return list(runs)


def _joined(words: list[str]) -> str:
    parts = [f" {word}" if WORDY.match(word) else word for word in words]
    return re.sub(rf"(?<=[{CJK}]) | (?=[{CJK}])", "", "".join(parts)).strip()
