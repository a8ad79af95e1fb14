"""Certificates: organisers issue them, each person downloads their own, and anybody with a code has it confirmed."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition, get_edition_by_id
from competition.entries.public import find_own_delegate, find_own_judge
from core.access import CapacityKind, Permission, current_actor, public, requires
from core.errors import DomainError, NotFound, said
from core.forms import folded
from core.idempotency import new_key
from core.localised import N_, translated
from judging.closing.certificate_paper import certificates_pdf
from judging.closing.certificates import (
    certificates_for,
    certificates_of,
    due_certificates,
    find_by_code,
    get_certificate,
    plain_code,
    spoken_code,
)
from judging.closing.models import Certificate
from judging.closing.services import certificates as services
from judging.closing.views.common import attempt

blueprint = Blueprint("certificates", __name__, url_prefix="/e/<slug>/certificates")
own = Blueprint("own_certificates", __name__, url_prefix="/e/<slug>/me/certificates")
verify = Blueprint("verify", __name__, url_prefix="/verify")
NO_DOCUMENT = N_("The document is not made yet.")


@blueprint.get("/")
@requires(Permission.MANAGE_RESULTS)
def show(slug: str) -> ResponseReturnValue:
    """What is issued and what is due."""
    return _page(get_edition(slug))


@blueprint.post("/issue")
@requires(Permission.PUBLISH)
def issue(slug: str) -> ResponseReturnValue:
    """Issue what is due."""
    edition = get_edition(slug)

    def work() -> str:
        issued, replaced = services.issue_certificates(actor=current_actor(), edition=edition)
        flash(
            _(
                "%(issued)s certificates were issued, %(replaced)s replaced.",
                issued=issued,
                replaced=replaced,
            ),
            "success",
        )
        return url_for("certificates.show", slug=slug)

    return _attempt(edition, "certificates_issue", work)


@blueprint.post("/<certificate_id>/revoke")
@requires(Permission.PUBLISH)
def revoke(slug: str, certificate_id: str) -> ResponseReturnValue:
    """Take one back."""
    edition = get_edition(slug)
    certificate = get_certificate(edition.id, certificate_id)

    def work() -> str:
        services.revoke_certificate(
            actor=current_actor(),
            edition=edition,
            certificate=certificate,
            reason=folded(request.form.get("reason", "")),
        )
        flash(_("The certificate is revoked."), "success")
        return url_for("certificates.show", slug=slug)

    return _attempt(edition, f"certificate_revoke:{certificate.id}", work)


@blueprint.post("/document")
@requires(Permission.MANAGE_RESULTS)
def order(slug: str) -> ResponseReturnValue:
    """Have all of them made into one document."""
    edition = get_edition(slug)

    def work() -> str:
        services.order_book(actor=current_actor(), edition=edition)
        flash(_("The document is being made. The download appears here by itself."), "info")
        return url_for("certificates.show", slug=slug)

    return _attempt(edition, "certificates_document", work)


@blueprint.get("/document")
@requires(Permission.MANAGE_RESULTS)
def document(slug: str) -> ResponseReturnValue:
    """The newest document with all of them."""
    edition = get_edition(slug)
    book = services.find_book(edition.id)
    if book is None:
        raise NotFound(NO_DOCUMENT)
    return _pdf(book.data, f"{edition.slug}-certificates.pdf")


@blueprint.get("/<certificate_id>")
@requires(Permission.MANAGE_RESULTS)
def one(slug: str, certificate_id: str) -> ResponseReturnValue:
    """One certificate, for the organisers."""
    edition = get_edition(slug)
    return _download(edition, get_certificate(edition.id, certificate_id))


@own.get("", endpoint="show")
@requires(Permission.TAKE_PART)
def own_list(slug: str) -> ResponseReturnValue:
    """My certificates."""
    edition = get_edition(slug)
    return render_template(
        "judging/closing/own_certificates.html",
        edition=edition,
        certificates=_own(edition),
        spoken=spoken_code,
    )


@own.get("/<certificate_id>", endpoint="download")
@requires(Permission.TAKE_PART)
def own_download(slug: str, certificate_id: str) -> ResponseReturnValue:
    """One of my certificates."""
    edition = get_edition(slug)
    found = next((row for row in _own(edition) if row.public_id == certificate_id), None)
    if found is None:
        raise NotFound()
    return _download(edition, found)


@verify.get("/", endpoint="index")
@public
def index() -> ResponseReturnValue:
    """A field for the code on a certificate."""
    if code := plain_code(request.args.get("code", "")):
        return redirect(url_for("verify.show", code=spoken_code(code)[:60]))
    return render_template("judging/closing/verify.html")


@verify.get("/<code>", endpoint="show")
@public
def confirm(code: str) -> ResponseReturnValue:
    """What the certificate with this code says; every other code gives the same page of nothing."""
    certificate = find_by_code(code)
    if certificate is None:
        raise NotFound()
    page = make_response(
        render_template(
            "judging/closing/verified.html",
            certificate=certificate,
            of=get_edition_by_id(certificate.edition_id),
            spoken=spoken_code(certificate.code),
            because=translated(certificate.revoked_because) if certificate.revoked_because else "",
        )
    )
    page.headers["X-Robots-Tag"] = "noindex"
    page.headers["Cache-Control"] = "no-store"
    return page


def _own(edition: Edition) -> list[Certificate]:
    actor = current_actor()
    delegate, judge = find_own_delegate(actor, edition), find_own_judge(actor, edition)
    coached = actor.capacities_of(CapacityKind.COACH, edition_id=edition.id)
    return certificates_for(
        edition.id,
        delegate_id=delegate.id if delegate else None,
        judge_id=judge.id if judge else None,
        coached_teams=[each.subject_id for each in coached if each.subject_id is not None],
    )


def _download(edition: Edition, certificate: Certificate) -> Response:
    data, _pages = certificates_pdf(edition, [certificate])
    return _pdf(data, f"{edition.slug}-{spoken_code(certificate.code)}.pdf")


def _pdf(data: bytes, name: str) -> Response:
    return Response(
        data,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _attempt(edition: Edition, purpose: str, work: Callable[[], str]) -> ResponseReturnValue:
    return attempt(f"{purpose}:{edition.id}", work, lambda fault: (_page(edition, fault), fault.status))


def _page(edition: Edition, fault: DomainError | None = None) -> str:
    return render_template(
        "judging/closing/certificates.html",
        edition=edition,
        certificates=certificates_of(edition.id),
        due=len(due_certificates(edition)),
        spoken=spoken_code,
        book=services.find_book(edition.id),
        making=services.find_making(edition.id),
        may_publish=current_actor().may(Permission.PUBLISH, edition_id=edition.id),
        fault=[said(fault), *fault.details] if fault else [],
        key=new_key,
    )
