"""The pages of the closing: the break, and what follows from it."""

from __future__ import annotations

from flask import Blueprint

from judging.closing.views.awards import blueprint as awards
from judging.closing.views.breaks import blueprint as breaks
from judging.closing.views.certificates import blueprint as certificates
from judging.closing.views.certificates import own, verify
from judging.closing.views.disputes import captains, organisers
from judging.closing.views.elimination import blueprint as elimination
from judging.closing.views.nominations import blueprint as nominations
from judging.closing.views.seating import blueprint as seating

BLUEPRINTS: tuple[Blueprint, ...] = (
    breaks,
    seating,
    elimination,
    awards,
    nominations,
    organisers,
    captains,
    certificates,
    own,
    verify,
)
