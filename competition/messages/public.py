"""What other features may use of messages."""

from __future__ import annotations

from competition.editions.public import Edition
from competition.messages.audiences import own_self, register_judge_audience
from competition.messages.models import Announcement, Mailing
from competition.messages.queries import announcements_for, public_announcements
from competition.messages.services.announcements import publish_announcement, write_announcement
from core.access import Actor

announcement_table = Announcement.__table__
mailing_table = Mailing.__table__


def own_announcements(actor: Actor, edition: Edition) -> list[Announcement]:
    """What is announced to the actor in an edition now, newest first."""
    return announcements_for(edition, own_self(actor, edition))


__all__ = [
    "Announcement",
    "announcement_table",
    "mailing_table",
    "own_announcements",
    "public_announcements",
    "publish_announcement",
    "register_judge_audience",
    "write_announcement",
]
