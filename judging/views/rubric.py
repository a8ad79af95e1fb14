"""The rubric: what judges mark, by which scale, and how a total comes out."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from core.access import Permission, current_actor, requires
from core.errors import Invalid, said
from core.idempotency import new_key, once
from judging.entry import stored_entry
from judging.forms import ANCHORS, CriterionForm
from judging.models import Criterion
from judging.plan import imaginary_plan
from judging.queries import criteria_of, get_criterion, has_sheet
from judging.rubric_templates import TEMPLATES
from judging.services import rubric as services
from judging.views.desk import FIELD_NAMES

blueprint = Blueprint("rubric", __name__, url_prefix="/e/<slug>/rubric")


@blueprint.get("/")
@requires(Permission.EDIT_EDITION)
def show(slug: str) -> ResponseReturnValue:
    """The criteria in their order, with an example of a total."""
    edition = get_edition(slug)
    criteria = criteria_of(edition.id)
    return render_template(
        "judging/rubric.html",
        edition=edition,
        criteria=criteria,
        is_locked=has_sheet(edition.id),
        example=_example(edition, criteria),
        templates=TEMPLATES,
        versions=services.versions_of_rubric(edition.id),
        idempotency_key=new_key(),
    )


@blueprint.post("/begin")
@requires(Permission.EDIT_EDITION)
def begin(slug: str) -> ResponseReturnValue:
    """Begin with one of the ready rubrics."""
    edition = get_edition(slug)

    def work() -> str:
        services.begin_with(actor=current_actor(), edition=edition, template=request.form.get("template", ""))
        flash(_("The rubric is there. Change what does not fit your competition."), "success")
        return url_for("rubric.show", slug=slug)

    return once(current_actor(), f"begin_rubric:{edition.id}", work)


@blueprint.get("/preview")
@requires(Permission.EDIT_EDITION)
def preview(slug: str) -> ResponseReturnValue:
    """The sheet as a judge sees it, with an imaginary table; nothing typed here is kept."""
    edition = get_edition(slug)
    plan = imaginary_plan(edition)
    return render_template(
        "judging/rubric_preview.html",
        edition=edition,
        plan=plan,
        entry=stored_entry(plan, (), ()),
        errors={},
        **FIELD_NAMES,
    )


@blueprint.get("/new")
@requires(Permission.EDIT_EDITION)
def new(slug: str) -> ResponseReturnValue:
    """A form for one more criterion."""
    edition = get_edition(slug)
    services.refuse_locked(edition)
    form = CriterionForm(minimum=Decimal(0), maximum=Decimal(10), step=Decimal(1), weight=Decimal(1))
    return _form(edition, form, None)


@blueprint.post("/new")
@requires(Permission.EDIT_EDITION)
def add(slug: str) -> ResponseReturnValue:
    """Add a criterion."""
    return _save(get_edition(slug), None)


@blueprint.get("/<criterion_id>")
@requires(Permission.EDIT_EDITION)
def edit(slug: str, criterion_id: str) -> ResponseReturnValue:
    """One criterion to change."""
    edition = get_edition(slug)
    criterion = get_criterion(edition.id, criterion_id)
    services.refuse_locked(edition)
    return _form(edition, _form_of(criterion), criterion)


@blueprint.post("/<criterion_id>")
@requires(Permission.EDIT_EDITION)
def save(slug: str, criterion_id: str) -> ResponseReturnValue:
    """Change a criterion."""
    edition = get_edition(slug)
    return _save(edition, get_criterion(edition.id, criterion_id))


@blueprint.post("/<criterion_id>/move/<any(up, down):direction>")
@requires(Permission.EDIT_EDITION)
def move(slug: str, criterion_id: str, direction: str) -> ResponseReturnValue:
    """Move a criterion one place."""
    edition = get_edition(slug)
    criterion = get_criterion(edition.id, criterion_id)
    by = -1 if direction == "up" else 1
    services.move_criterion(actor=current_actor(), edition=edition, criterion=criterion, by=by)
    return redirect(url_for("rubric.show", slug=slug), code=303)


@blueprint.post("/<criterion_id>/remove")
@requires(Permission.EDIT_EDITION)
def remove(slug: str, criterion_id: str) -> ResponseReturnValue:
    """Take a criterion out."""
    edition = get_edition(slug)
    criterion = get_criterion(edition.id, criterion_id)
    services.remove_criterion(actor=current_actor(), edition=edition, criterion=criterion)
    flash(_("%(name)s is no longer in the rubric.", name=criterion.name or criterion.code), "success")
    return redirect(url_for("rubric.show", slug=slug), code=303)


def _save(edition: Edition, criterion: Criterion | None) -> ResponseReturnValue:
    form = CriterionForm()
    if not form.validate_on_submit():
        return _form(edition, form, criterion), 422
    try:
        services.save_criterion(
            actor=current_actor(), edition=edition, values=form.values(), criterion=criterion
        )
    except Invalid as fault:
        form.form_errors.append(said(fault))
        return _form(edition, form, criterion), 422
    flash(_("The rubric is saved."), "success")
    return redirect(url_for("rubric.show", slug=edition.slug), code=303)


def _form(edition: Edition, form: CriterionForm, criterion: Criterion | None) -> str:
    return render_template("judging/criterion.html", edition=edition, form=form, criterion=criterion)


def _form_of(criterion: Criterion) -> CriterionForm:
    anchors = [{**one, "mark": Decimal(one["mark"])} for one in criterion.anchors]
    fields = ("code", "name", "name_zh", "target", "minimum", "maximum", "step", "weight", "session")
    return CriterionForm(
        data={
            **{name: getattr(criterion, name) for name in fields},
            "may_be_unobserved": criterion.may_be_unobserved,
            "anchors": anchors + [{}] * max(1, ANCHORS - len(anchors)),
        }
    )


def _example(edition: Edition, criteria: object) -> dict[str, Decimal]:
    """The lowest and the highest total a team can reach; with a sum of delegates, for a team of the least size."""
    rows = list(criteria)  # type: ignore[call-overload]
    times = edition.team_size_minimum if edition.delegate_marks == "sum" else 1

    def total(end: str) -> Decimal:
        return sum(
            (one.weight * getattr(one, end) * (times if one.target == "delegate" else 1) for one in rows),
            Decimal(0),
        )

    return {"lowest": total("minimum"), "highest": total("maximum")}
