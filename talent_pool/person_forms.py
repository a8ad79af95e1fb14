"""The forms of a person in the pool: shape only; what may be said and chosen is decided by the services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Optional, Regexp

from core.forms import BaseForm, LongTextField, TextField, VersionField
from talent_pool import labels
from talent_pool.facts import COUNTRIES, LANGUAGES, LEVELS, LISTS, MONTH, MONTHS, ONES
from talent_pool.forms import REQUIRED, CheckboxesField
from talent_pool.models import Employer
from talent_pool.person_models import RIGHTS
from talent_pool.services.choices import Choices
from talent_pool.services.profiles import LONGEST

LANGUAGE_ROWS = 5
COUNTRY_ROWS = {"places": 4, "work_rights": 3, "citizenships": 2, "hidden_countries": 4}


class MonthField(StringField):
    """A month: phones offer a wheel, elsewhere it is typed as 2027-06."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        message = _l("Write the month such as 2027-06.")
        super().__init__(label, [Optional(), Regexp(f"^{MONTH.pattern}$", message=message)], **kwargs)


def country_choices() -> list[tuple[str, str]]:
    """Every country and region by name, with an empty choice in front."""
    named = sorted(((code, labels.country_name(code)) for code in COUNTRIES), key=lambda pair: pair[1])
    return [("", "–"), *named]


class _WithCountries(BaseForm):
    """A form with rows of countries; `countries(name)` reads them, `rows(name)` shows them."""

    COUNTRY_FIELDS: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = country_choices()
        for name in self.COUNTRY_FIELDS:
            for field in self.rows(name):
                field.choices = choices

    def rows(self, name: str) -> list[SelectField]:
        return [self[f"{name}_{row}"] for row in range(COUNTRY_ROWS[name])]

    def countries(self, name: str) -> list[str]:
        return [field.data for field in self.rows(name) if field.data]


def spread(name: str, codes: Iterable[str]) -> dict[str, str]:
    """Country codes as the values of their rows."""
    return {f"{name}_{row}": code for row, code in enumerate(codes) if row < COUNTRY_ROWS[name]}


class CardForm(_WithCountries):
    """What one's card shows."""

    COUNTRY_FIELDS = ("places", "work_rights", "citizenships")

    version = VersionField()
    headline = TextField(_l("Headline"), [REQUIRED], maximum=LONGEST["headline"])
    about = LongTextField(_l("About you"), maximum=LONGEST["about"])
    kinds = CheckboxesField(_l("Kind of post"))
    starts = MonthField(_l("You can start in"))
    mobility = RadioField(_l("How far you would move"), [Optional()], validate_choice=False)
    availability = CheckboxesField(_l("How you can work"))
    degree = SelectField(_l("Degree, also under way"), validate_choice=False)
    graduates = MonthField(_l("Graduation"))
    skills = CheckboxesField(_l("Skills"))
    sectors = CheckboxesField(_l("Sectors"))
    shows_results = BooleanField(_l("Show my published results"))
    shows_exactly = BooleanField(_l("Show them exactly, although fewer than five match"))
    hidden = CheckboxesField(_l("Leave off the card"))

    def __init__(self, *args: Any, pieces: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds.choices = list(labels.kind_of_post_names().items())
        self.mobility.choices = list(labels.mobility_names().items())
        self.availability.choices = list(labels.availability_names().items())
        self.degree.choices = [("", "–"), *labels.degree_names().items()]
        self.skills.choices = list(labels.skill_names().items())
        self.sectors.choices = list(labels.sector_names().items())
        self.hidden.choices = list(pieces)
        levels = [("", "–"), *((level, labels.level_name(level)) for level in LEVELS)]
        languages = [("", "–"), *((code, labels.language_name(code)) for code in LANGUAGES)]
        for language, level in self.language_rows():
            language.choices, level.choices = languages, levels

    def language_rows(self) -> list[tuple[SelectField, SelectField]]:
        return [(self[f"language_{row}"], self[f"level_{row}"]) for row in range(LANGUAGE_ROWS)]

    def facts(self) -> dict[str, Any]:
        """What was chosen, as talent_pool.facts takes it."""
        found: dict[str, Any] = {
            name: self[name].data or [] for name in LISTS if name not in self.COUNTRY_FIELDS
        }
        found |= {name: self.countries(name) for name in self.COUNTRY_FIELDS}
        found |= {name: self[name].data or "" for name in (*ONES, *MONTHS)}
        found["languages"] = {one.data: level.data for one, level in self.language_rows() if one.data}
        return found


def values_of_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Stored facts as the values of a CardForm."""
    rows = list(facts.get("languages", {}).items())[:LANGUAGE_ROWS]
    found: dict[str, Any] = {
        name: facts.get(name, []) for name in LISTS if name not in CardForm.COUNTRY_FIELDS
    }
    found |= {name: facts.get(name, "") for name in (*ONES, *MONTHS)}
    for name in CardForm.COUNTRY_FIELDS:
        found |= spread(name, facts.get(name, []))
    found |= {f"language_{row}": code for row, (code, _level) in enumerate(rows)}
    return {**found, **{f"level_{row}": level for row, (_code, level) in enumerate(rows)}}


class ChoicesForm(_WithCountries):
    """Who may see one's card."""

    COUNTRY_FIELDS = ("hidden_countries",)

    version = VersionField()
    allows_abroad = BooleanField(_l("Employers in other countries may see my card, too."))
    allows_statistics = BooleanField(
        _l("My card may be counted in organisers’ statistics, in groups of five or more.")
    )
    audience = RadioField(_l("Organisations on the list now"), [InputRequired(_l("Choose one."))])
    new_employers = RadioField(_l("Organisations that come later"), [InputRequired(_l("Choose one."))])
    chosen = CheckboxesField(_l("Only these see my card"))
    hidden_kinds = CheckboxesField(_l("Hide from kinds of organisations"))
    hidden_names = LongTextField(_l("Hide from organisations by name"), maximum=3000)

    def __init__(self, *args: Any, employers: Iterable[Employer] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audience.choices = [
            ("all", _("All of them")),
            ("chosen", _("Only those I choose")),
        ]
        self.new_employers.choices = [
            ("after_7_days", _("After seven days, so that I can look first")),
            ("at_once", _("At once")),
            ("never", _("Not until I let them")),
        ]
        self.hidden_kinds.choices = list(labels.kind_names().items())
        self.chosen.choices = [(row.public_id, row.name or row.name_local) for row in employers]

    def choices(self, kept: Choices | None = None) -> Choices:
        """What was chosen; exceptions that have buttons of their own come from `kept`."""
        kept = kept or Choices()
        return Choices(
            allows_abroad=self.allows_abroad.data,
            allows_statistics=self.allows_statistics.data,
            audience=self.audience.data,
            new_employers=self.new_employers.data,
            chosen=tuple(self.chosen.data or ()) if self.chosen.choices else kept.chosen,
            hidden=kept.hidden,
            preapproved=kept.preapproved,
            hidden_kinds=tuple(self.hidden_kinds.data or ()),
            hidden_countries=tuple(self.countries("hidden_countries")),
            hidden_names=tuple(filter(None, (self.hidden_names.data or "").splitlines())),
        )


def values_of_choices(choices: Choices) -> dict[str, Any]:
    """Stored choices as the values of a ChoicesForm."""
    return {
        "allows_abroad": choices.allows_abroad,
        "allows_statistics": choices.allows_statistics,
        "audience": choices.audience,
        "new_employers": choices.new_employers,
        "hidden_kinds": list(choices.hidden_kinds),
        "hidden_names": "\n".join(choices.hidden_names),
        **spread("hidden_countries", choices.hidden_countries),
    }


def _add_rows(form: type[BaseForm], name: str, label: Any, rows: int) -> None:
    """Give a form so many equal rows of one choice: name_0, name_1, ... What is not in the list says nothing."""
    for row in range(rows):
        setattr(form, f"{name}_{row}", SelectField(label, validate_choice=False))


for _name in CardForm.COUNTRY_FIELDS:
    _add_rows(CardForm, _name, _l("Country or region"), COUNTRY_ROWS[_name])
_add_rows(CardForm, "language", _l("Language"), LANGUAGE_ROWS)
_add_rows(CardForm, "level", _l("Level"), LANGUAGE_ROWS)
_add_rows(ChoicesForm, "hidden_countries", _l("Country or region"), COUNTRY_ROWS["hidden_countries"])


class JoinForm(ChoicesForm):
    """Consent: every purpose a box of its own, none ticked, and nothing without the first two."""

    notice = StringField()
    consent = BooleanField(
        _l("I have read this and want to be in the talent pool."),
        [InputRequired(_l("Tick this if you want to join. If not, just leave this page."))],
    )
    is_adult = BooleanField(
        _l("I am 18 or over."), [InputRequired(_l("Only people who are 18 or over can join."))]
    )


class CvForm(BaseForm):
    """A CV to be uploaded."""

    file = FileField(_l("CV as a PDF, 5 MB at most"))


class RightsForm(BaseForm):
    """What somebody asks the operator about their data."""

    kind = SelectField(_l("What you ask for"))
    words = LongTextField(_l("In your words"), [REQUIRED], maximum=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = labels.right_names()
        self.kind.choices = [(kind, names[kind]) for kind in RIGHTS if kind not in ("access", "portability")]


class RightsAnswerForm(BaseForm):
    """What the operator answers."""

    answer = LongTextField(_l("Your answer"), [REQUIRED], maximum=2000)
