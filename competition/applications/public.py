"""What other features may use of applications by person."""

from __future__ import annotations

from competition.applications.models import Application, Review, Reviewer
from competition.applications.queries import CallState, call_state, criteria_of, own_applications
from competition.applications.services.applying import apply
from competition.applications.services.call import save_call
from competition.applications.services.deciding import answer
from competition.applications.services.forming import form
from competition.applications.vocabulary import STATES as APPLICATION_WORDS

__all__ = [
    "APPLICATION_WORDS",
    "Application",
    "CallState",
    "Review",
    "Reviewer",
    "answer",
    "apply",
    "call_state",
    "criteria_of",
    "form",
    "own_applications",
    "save_call",
]
