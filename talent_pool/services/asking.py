"""Asking people to say who they are, for one named opportunity: several at once, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.access import Actor
from core.db import db, hold, utc_now
from core.errors import Conflict, Invalid
from core.localised import N_
from talent_pool.consent import get_employer, get_visible_profile
from talent_pool.models import ContactRequest, PoolProfile
from talent_pool.services.contacts import ask_contact, find_request
from talent_pool.services.opportunities import SOONEST, get_opportunity, is_open, may_be_asked_for

MOST_AT_ONCE = 10


def ask_people(
    *, actor: Actor, handles: Sequence[str], opportunity: str, message: str, now: datetime | None = None
) -> list[ContactRequest]:
    """Ask each of these people; those asked already are left out.

    Raises NotFound for a card or opportunity that is not there, Conflict for an opportunity that is closed or closes
    too soon or when all were asked already, Invalid for too many at once, CapReached for too many in one day.
    """
    employer, moment = get_employer(actor), now or utc_now()
    offer = get_opportunity(employer, opportunity)
    hold(offer)  # whoever closes it meanwhile waits, and then ends these requests, too
    if not is_open(offer, moment.date()):
        raise Conflict(N_("This opportunity is closed. Choose another one."))
    if not may_be_asked_for(offer, moment.date()):
        message = N_("This opportunity closes in less than %(days)d days: too soon to ask people for it.")
        raise Conflict(message, days=SOONEST)
    names = list(dict.fromkeys(handles))
    if not names or len(names) > MOST_AT_ONCE:
        raise Invalid(N_("Choose between one and %(most)d people."), most=MOST_AT_ONCE)
    profiles = [get_visible_profile(actor, name) for name in names]
    open_ones: list[PoolProfile] = [row for row in profiles if find_request(employer, row.id) is None]
    if not open_ones:
        raise Conflict(N_("Your organisation has asked these people already."))
    requests = []
    for profile in sorted(open_ones, key=lambda row: row.id):
        request = ask_contact(
            actor=actor, handle=profile.handle, message=message, now=moment, opportunity_id=offer.id
        )
        requests.append(request)
    db.session.flush()
    return requests
