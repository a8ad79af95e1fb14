"""The forms of an employer's members: shape only."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField
from wtforms.validators import InputRequired, Optional

from core.forms import BaseForm, LongTextField, TextField, VersionField
from talent_pool.services.contacts import LONGEST_MESSAGE
from talent_pool.services.lists import LONGEST_NOTE
from talent_pool.services.opportunities import LONGEST

REQUIRED = InputRequired(_l("Fill this in."))


class OpportunityForm(BaseForm):
    """What is offered."""

    title = TextField(_l("Title"), [REQUIRED], maximum=LONGEST["title"])
    place = TextField(_l("Place"), [REQUIRED], maximum=LONGEST["place"])
    pay = TextField(_l("Pay"), [REQUIRED], maximum=LONGEST["pay"])
    closes_on = DateField(_l("Closes on"), [InputRequired(_l("Choose a day."))])
    contact = TextField(_l("Contact for questions"), [REQUIRED], maximum=LONGEST["contact"])
    details = LongTextField(_l("More about it"), maximum=LONGEST["details"])


class AskForm(BaseForm):
    """For what, and with which words."""

    opportunity = RadioField(_l("Opportunity"), [InputRequired(_l("Choose one."))], validate_choice=False)
    message = LongTextField(_l("Your message"), [REQUIRED], maximum=LONGEST_MESSAGE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opportunity.choices = []


class ListForm(BaseForm):
    """The name of a shortlist."""

    name = TextField(_l("Name of the list"), [REQUIRED], maximum=80)


class MarkForm(BaseForm):
    """What is kept about a card."""

    version = VersionField()
    note = LongTextField(_l("Note"), maximum=LONGEST_NOTE)
    tags = TextField(_l("Tags"), maximum=400)
    contacted_on = DateField(_l("Already contacted by us on"), [Optional()])


class InviteForm(BaseForm):
    """A colleague's address."""

    email = TextField(_l("E-mail"), [REQUIRED], maximum=254)


class ProofAddressForm(BaseForm):
    """Where the code goes."""

    mailbox = TextField(_l("An address at your organisation's domain"), [REQUIRED], maximum=254)


class ProofCodeForm(BaseForm):
    """The code that came."""

    code = TextField(_l("Code"), [REQUIRED], maximum=20)
