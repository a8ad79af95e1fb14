"""Whom organisers may write to because of what judging knows."""

from __future__ import annotations

from competition.messages.public import register_judge_audience
from core.localised import N_
from judging.progress import owed_counts

register_judge_audience("judges_owing", N_("Judges who owe a sheet"), owed_counts)
