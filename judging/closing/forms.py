"""Forms of the closing: shape only; the rules live in the services."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import BaseForm, ExactField, LongTextField, TextField, VersionField, folded
from core.localised import chosen_locale, in_language
from judging.models import Criterion

REQUIRED = InputRequired(_l("Fill this in."))


class AwardForm(BaseForm):
    """One award that the edition gives."""

    name = TextField(_l("Name of the award"), [REQUIRED])
    name_zh = TextField(_l("Name in Chinese"))
    kind = RadioField(
        _l("How it is decided"),
        [REQUIRED],
        choices=[
            SelectChoice("team_tier", _l("Teams, by the final ranking (gold, silver, …)")),
            SelectChoice("individual_marks", _l("Delegates, by their marks")),
            SelectChoice("individual_nominations", _l("Delegates, by the judges’ nominations")),
            SelectChoice("best_coach", _l("Coaches, by the tiers of their teams")),
            SelectChoice("by_hand", _l("By hand")),
        ],
        default="team_tier",
    )
    scope = RadioField(_l("Given"), [REQUIRED], default="overall")
    count = TextField(
        _l("How many"), maximum=4, description=_l("One where you leave it empty (not for teams).")
    )
    percentage = ExactField(
        _l("Or how many percent of the ranked teams"),
        description=_l("For teams only; halves are rounded up."),
    )
    criteria = SelectMultipleField(
        _l("By these criteria"),
        [Optional()],
        description=_l("For delegates’ marks only. Choose none to count all."),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    worth = ExactField(
        _l("Worth for the coach"),
        description=_l("For teams only: what this tier counts towards the best coach."),
        default=Decimal(0),
    )
    winners = LongTextField(
        _l("Winners"),
        maximum=4000,
        description=_l(
            "For awards by hand only, one on each line: a delegate’s id, a team’s name, or any other name."
        ),
    )
    version = VersionField()

    def offer(self, role_policy: str, criteria: Iterable[Criterion], *, has_divisions: bool) -> AwardForm:
        """Say what can be chosen in this edition; returns the form."""
        scopes = [SelectChoice("overall", _l("To everybody together"))]
        if role_policy == "fixed":
            scopes.append(SelectChoice("role", _l("In each role bracket")))
        if has_divisions:
            scopes.append(SelectChoice("division", _l("In each division")))
        self.scope.choices = scopes
        self.criteria.choices = [
            (one.id, in_language(one.name, one.name_zh, chosen_locale()) or one.code) for one in criteria
        ]
        return self

    def validate_count(self, field: Any) -> None:
        if field.data and not (field.data.isascii() and field.data.isdigit()):
            raise ValidationError(_l("Type a whole number."))

    def values(self) -> dict[str, Any]:
        """What the form says, as the service takes it."""
        names = [folded(line) for line in (self.winners.data or "").split("\n")]
        return {
            "name": self.name.data,
            "name_zh": self.name_zh.data,
            "kind": self.kind.data,
            "scope": self.scope.data,
            "count": int(self.count.data) if self.count.data else None,
            "percentage": self.percentage.data,
            "criteria": list(self.criteria.data or ()),
            "worth": self.worth.data if self.worth.data is not None else Decimal(0),
            "winners": [name for name in names if name][:200],
        }
