"""Forms of registration and of the organiser's roster."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import (
    BaseForm,
    ExactField,
    LanguagesField,
    LongTextField,
    TextField,
    VersionField,
    folded,
)
from core.roles import ROLES

REQUIRED = InputRequired(_l("Fill this in."))
EMAIL = Email(_l("Write an e-mail address, for example name@university.edu."))
DECISIONS = ("accept", "wait", "ask", "decline")
ROLE_NAMES = {
    "government": _l("Government"),
    "enterprise": _l("Enterprise"),
    "local_ngo": _l("Local NGO"),
    "igo": _l("IGO"),
}
STATUS_NAMES = {
    "applied": _l("Waits for an answer"),
    "registered": _l("Registered"),
    "waiting": _l("Waiting list"),
    "stand_in": _l("Stand-in"),
    "withdrawn": _l("Withdrawn"),
    "declined": _l("Declined"),
}
"""Every status that a team can have, in the order of the list's tabs."""
WISHES = ("first_wish", "second_wish", "third_wish", "fourth_wish")
FEE_NAMES = {"none": _l("No fee"), "due": _l("To be paid"), "paid": _l("Paid"), "waived": _l("Waived")}
NO_WISH = SelectChoice("", _l("No wish"))


def role_choices(empty: Any) -> list[Any]:
    """The four roles in their order behind an empty choice."""
    return [empty, *(SelectChoice(role.value, ROLE_NAMES[role.value]) for role in ROLES)]


def visible(_form: Any, field: Any) -> None:
    """A validator: something that readers can see, not only marks that take no space."""
    if field.data and not any(unicodedata.category(character)[0] in "LNPS" for character in field.data):
        raise ValidationError(_("Write something that others can read."))
    if not field.data:
        raise ValidationError(_("Fill this in."))


NAMED = (REQUIRED, visible)


class CheckboxesField(SelectMultipleField):
    """Several choices as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WishesForm(BaseForm):
    """The roles that a team would like, best first, asked for where a team keeps one role."""

    first_wish = SelectField(_l("Role you would like most"), choices=role_choices(NO_WISH))
    second_wish = SelectField(_l("Second choice"), choices=role_choices(NO_WISH))
    third_wish = SelectField(_l("Third choice"), choices=role_choices(NO_WISH))
    fourth_wish = SelectField(_l("Fourth choice"), choices=role_choices(NO_WISH))

    def without_wishes(self) -> None:
        """Do not ask for roles (they rotate)."""
        for name in WISHES:
            del self[name]

    def validate_second_wish(self, field: Any) -> None:
        self._refuse_repeated(field)

    def validate_third_wish(self, field: Any) -> None:
        self._refuse_repeated(field)

    def validate_fourth_wish(self, field: Any) -> None:
        self._refuse_repeated(field)

    def _refuse_repeated(self, field: Any) -> None:
        earlier = [self[name].data for name in WISHES[: WISHES.index(field.name)]]
        if field.data and field.data in earlier:
            raise ValidationError(_("Choose another role than before."))

    @property
    def wishes(self) -> list[str]:
        """The wished roles in order; none where roles rotate and are not asked for."""
        asked = [self[name].data for name in WISHES if name in self]
        return [wish for wish in asked if wish]


def wish_values(stored: Sequence[str]) -> dict[str, str]:
    """The stored wishes as the form's fields."""
    return dict(zip(WISHES, [*stored, "", "", "", ""], strict=False))


class MemberForm(Form):
    """One delegate as the captain types them; an empty row is no delegate."""

    name = TextField(_l("Name"))
    name_local = TextField(_l("Name in their own script"))
    contact = EmailField(_l("E-mail"), [Length(max=254)])

    def validate_name(self, field: Any) -> None:
        if not field.data:
            # A name in one script is enough, whichever of the two boxes it was typed into.
            field.data, self.name_local.data = self.name_local.data, ""
        if field.data:
            visible(self, field)
        elif self.contact.data:
            raise ValidationError(_("Write the name too."))

    def validate_contact(self, field: Any) -> None:
        if field.data:
            EMAIL(self, field)
        elif self.name.data:
            raise ValidationError(_("Each delegate is invited by e-mail, so an address is needed."))


class EntryForm(WishesForm):
    """What a captain says about the team."""

    institution = TextField(_l("University or organisation"), NAMED)
    name = TextField(_l("Team name"), [Optional(), visible], maximum=120)
    coach = TextField(_l("Adviser or coach"))
    coach_contact = EmailField(_l("E-mail of the adviser or coach"), [Optional(), EMAIL, Length(max=254)])
    divisions = CheckboxesField(_l("Division"), choices=[])

    @property
    def team_name(self) -> str:
        """The name of the team: the institution's own where no other was written."""
        return self.name.data or folded((self.institution.data or "")[:120])


class RegisterTeamForm(EntryForm):
    """A captain's application."""

    captain_name = TextField(_l("Your name"), NAMED)
    captain_name_local = TextField(_l("Your name in your own script"))
    captain_contact = EmailField(_l("Your e-mail"), [REQUIRED, EMAIL, Length(max=254)])
    members = FieldList(
        FormField(MemberForm, label=_l("Delegate")), label=_l("The other delegates"), max_entries=19
    )


class ChangeEntryForm(EntryForm):
    """The captain's changes to what was registered."""

    version = VersionField()


class AddDelegateForm(BaseForm):
    """One more delegate."""

    name = TextField(_l("Name"), NAMED)
    name_local = TextField(_l("Name in their own script"))
    contact = EmailField(_l("E-mail"), [REQUIRED, EMAIL, Length(max=254)])


class ConfirmSelfForm(BaseForm):
    """A person's own data in an edition, confirmed by themselves."""

    name = TextField(_l("Your name"), NAMED)
    name_local = TextField(_l("Your name in your own script"))
    is_of_age = BooleanField(validators=[InputRequired(_l("Tick this if it is true of you."))])
    has_read = BooleanField(
        _l("I have read the privacy notice"), [InputRequired(_l("Tick this when you have read the notice."))]
    )


class TeamForm(WishesForm):
    """A team on the organiser's roster."""

    version = VersionField()
    name = TextField(_l("Team name"), [REQUIRED], maximum=200)
    institution = TextField(_l("University or organisation"))
    coach = TextField(_l("Adviser or coach"))
    coach_contact = EmailField(_l("E-mail of the adviser or coach"), [Optional(), EMAIL, Length(max=254)])
    fee = SelectField(_l("Fee"), choices=[SelectChoice(*pair) for pair in FEE_NAMES.items()])
    role = SelectField(_l("Role"), choices=role_choices(SelectChoice("", _l("No role yet"))))
    status = SelectField(
        _l("Status"),
        choices=[
            SelectChoice("registered", _l("Registered")),
            SelectChoice("waiting", _l("Waiting list")),
            SelectChoice("stand_in", _l("Stand-in: never ranked")),
        ],
    )
    divisions = CheckboxesField(_l("Divisions"), choices=[])


class DecisionForm(BaseForm):
    """Accept, put on the waiting list, ask for changes, or decline, the last two with a reason."""

    version = VersionField()
    decision = SelectField(choices=[SelectChoice(word, word) for word in DECISIONS], validate_choice=True)
    reason = TextField(_l("Reason"), maximum=500)


class VersionForm(BaseForm):
    """A button that acts on what was shown, and on nothing newer."""

    version = VersionField()


class WithdrawForm(BaseForm):
    """From which round on a team is gone."""

    version = VersionField()
    from_round = IntegerField(_l("From round"), [Optional(), NumberRange(1, 99)])


class JudgeForm(BaseForm):
    """A judge on the organiser's roster."""

    version = VersionField()
    name = TextField(_l("Name"), [REQUIRED])
    name_local = TextField(_l("Name in their own script"))
    contact = EmailField(_l("E-mail"), [Optional(), EMAIL, Length(max=254)])
    institution = TextField(_l("University or organisation"))
    rating = ExactField(_l("Rating, 0 to 10"))
    languages = LanguagesField(_l("Languages"), maximum=100)
    expertise = TextField(_l("Expertise"), maximum=500)
    site = TextField(_l("Site (empty: any)"), maximum=120)
    conflicts = LongTextField(_l("Conflicts: institutions or teams, one a line"), maximum=5000)

    def validate_rating(self, field: Any) -> None:
        if field.data is not None and not 0 <= field.data <= 10:
            raise ValidationError(_("The rating lies between 0 and 10."))

    @property
    def conflict_names(self) -> list[str]:
        return [name for line in (self.conflicts.data or "").splitlines() if (name := folded(line))]


class RosterDelegateForm(BaseForm):
    """A delegate as the organiser types them: an address is asked for, but the roster can do without."""

    name = TextField(_l("Name"), [REQUIRED])
    name_local = TextField(_l("Name in their own script"))
    contact = EmailField(_l("E-mail"), [Optional(), EMAIL, Length(max=254)])


class InstitutionForm(BaseForm):
    """An institution as this edition knows it."""

    version = VersionField()
    code = TextField(_l("Short name, as in the workbook"), [REQUIRED])
    name = TextField(_l("Full name"))
    name_local = TextField(_l("Local name"))
    country = TextField(
        _l("Country (two letters)"),
        [Optional(), Regexp(r"^[A-Z]{2}$", message=_l("Two capital letters, such as CN."))],
    )


class MergeForm(BaseForm):
    """Which institution the other one really is."""

    into = SelectField(_l("Is the same as"), [REQUIRED])


class HoursForm(BaseForm):
    """Between which hours people may check themselves in."""

    version = VersionField()
    opens = TimeField(_l("Opens at"), [InputRequired(_l("Fill this in."))])
    closes = TimeField(_l("Closes at"), [InputRequired(_l("Fill this in."))])
    is_closed = BooleanField(_l("Close it now"))
