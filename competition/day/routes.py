"""What the day offers to the application."""

from __future__ import annotations

from click import Command

from competition.day.services import rounds
from competition.day.views.agenda import blueprint as agenda
from competition.day.views.clock import blueprint as clock
from competition.day.views.printing import blueprint as printing
from competition.day.views.printing import own as own_attendance
from competition.day.views.timetable import blueprint as timetable

LISTENERS = (rounds,)
"""Importing these makes the timetable hear of rounds that move."""

BLUEPRINTS = (timetable, agenda, clock, printing, own_attendance)
COMMANDS: tuple[Command, ...] = ()
