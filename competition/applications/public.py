"""What other features may use of applications by person."""

from __future__ import annotations

from competition.applications.models import Application, Review, Reviewer
from competition.applications.queries import (
    CallState,
    applications_of,
    call_state,
    criteria_of,
    find_call,
    own_applications,
)
from competition.applications.services.applying import add_applicant, apply
from competition.applications.services.call import save_call
from competition.applications.services.deciding import answer
from competition.applications.services.forming import form
from competition.applications.services.letters import post_received
from competition.applications.vocabulary import ATTRIBUTES, CHOICES
from competition.applications.vocabulary import STATES as APPLICATION_WORDS

__all__ = [
    "APPLICATION_WORDS",
    "ATTRIBUTES",
    "CHOICES",
    "Application",
    "CallState",
    "Review",
    "Reviewer",
    "add_applicant",
    "answer",
    "applications_of",
    "apply",
    "call_state",
    "criteria_of",
    "find_call",
    "form",
    "own_applications",
    "post_received",
    "save_call",
]
