"""The audit entry of a deed about applications, and the version that a form was shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from competition.applications.models import Application, ApplicationCall, TeamPlan
from core.access import Actor
from core.audit import edition_scope, record
from core.db import hold
from core.errors import Stale
from core.localised import N_
from core.revisions import bump

PERSONAL = (
    "contact", "culture", "discipline", "experience", "gender", "institution",
    "motivation", "name", "name_local", "wishes_apart", "wishes_together", "year",
)  # fmt: skip
"""Columns of an application that hold personal data: the record names them, never their values."""


def noted(
    actor: Actor,
    edition_id: int,
    verb: str,
    thing: str,
    thing_id: int | None,
    personal: Iterable[str] = (),
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write the audit entry and wake the pages that show the edition."""
    scope = edition_scope(edition_id)
    record(actor, verb, thing, thing_id, scope=scope, personal=personal, details=details)
    bump(scope)


def hold_version(row: Application | ApplicationCall | TeamPlan, version: int) -> None:
    """Lock a row; raises Stale when somebody changed it since the form was shown."""
    hold(row)
    if row.version != version:
        raise Stale(N_("Somebody else has changed this in the meantime. Look at it again, then repeat."))
