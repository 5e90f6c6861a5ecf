"""The public page of verification, the download of a certificate, the name that its holder shows."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.certification import own_data as _certification_data  # noqa: F401  # registers
from lti_tool.certification.models import AwardState
from lti_tool.credentials import own_data as _own_data  # noqa: F401  # registers its section
from lti_tool.credentials import service
from lti_tool.credentials.errors import CertificateWithdrawn
from lti_tool.credentials.models import Certificate, NameShown
from lti_tool.credentials.numbers import clean_code, grouped, plain_code
from lti_tool.credentials.wording import ROUTES, STATES
from lti_tool.errors import InvalidInput
from lti_tool.web.access import member_of_course, public, signed_in, viewer
from lti_tool.web.database import db
from lti_tool.web.limits import limiter
from lti_tool.web.runtime import runtime

blueprint = Blueprint("credentials", __name__)
blueprint.add_app_template_filter(grouped, "grouped_code")
PUBLIC = ("credentials.verify", "credentials.verify_form")
PRIVATE_HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
WITHDRAWN = (AwardState.SUSPENDED, AwardState.REVOKED)


@blueprint.after_request
def keep_out_of_sight(response: Response) -> Response:
    """Keep pages that hold a code out of search engines, of caches and of other sites' logs."""
    if request.endpoint in PUBLIC:
        response.headers.update(PRIVATE_HEADERS)
    return response


@blueprint.app_template_global("verification_state")
def verification_state(award_state: str) -> str:
    """Return the public word for the state of an issued award."""
    return service.PUBLIC_STATES.get(AwardState(award_state), "unknown")


@blueprint.app_template_global("name_in_force")
def name_in_force(certificate: Certificate) -> NameShown:
    """Return what the verification page says of the holder today."""
    return service.name_in_force(db(), certificate)


@blueprint.app_template_global("verification_address")
def verification_address(certificate: Certificate) -> str:
    """Return the public address of a certificate, the same as on its PDF."""
    return service.verification_address(certificate, runtime().settings)


@blueprint.app_template_global("own_certificates")
def own_certificates() -> list[Certificate]:
    """Return the certificates of the person at the browser."""
    return service.certificates_of(db(), viewer().person_id)


@blueprint.app_template_filter("month")
def month(day: date) -> str:
    """Write the month of a day: ``mars 2027``."""
    return str(format_date(day, "LLLL yyyy"))


@blueprint.get("/verifier")
@public
@limiter.limit("30 per minute")
def verify_form() -> BaseResponse | str:
    """Ask for a code; lead a typed one to its page."""
    typed = request.args.get("code")
    if typed is None:
        return render_template("credentials/verify_form.html", errors={}, typed="")
    code = clean_code(typed) or plain_code(typed)
    if not code:
        errors = {"code": _("Écrivez le code imprimé sous le QR code du certificat.")}
        return render_template("credentials/verify_form.html", errors=errors, typed="")
    return redirect(url_for("credentials.verify", code=code, lang=request.args.get("lang")))


@blueprint.get("/verifier/<code>")
@public
@limiter.limit("30 per minute")
def verify(code: str) -> tuple[str, int]:
    """Say whether the certificate with this code is valid; the same page for any code."""
    found = service.verify(db(), code)
    page = render_template(
        "credentials/verify.html",
        found=found,
        sentence=_(STATES[found.state]),
        route=_(ROUTES[found.route]) if found.route else "",
        issuer=runtime().settings.issuer_name,
        typed=grouped(clean_code(code) or plain_code(code)),
    )
    return page, 404 if found.state == "unknown" else 200


@blueprint.get("/cours/<int:course_id>/certificats/<public_id>.pdf")
@member_of_course
def download(course_id: int, public_id: str) -> Response:
    """Hand the stored PDF to its holder or to a trainer of the award's course."""
    person = viewer()
    trains = person.courses[course_id] == "trainer"
    certificate = service.certificate_for(
        db(),
        public_id,
        person_id=person.person_id,
        trained_course_id=course_id if trains else None,
    )
    return _pdf(certificate)


@blueprint.get("/mes-donnees/certificats/<public_id>.pdf")
@signed_in
def download_own(public_id: str) -> Response:
    """Hand the stored PDF to its holder, whatever course they are in, or in none any more."""
    return _pdf(service.certificate_for(db(), public_id, person_id=viewer().person_id))


def _pdf(certificate: Certificate) -> Response:
    if certificate.award.state in WITHDRAWN:
        raise CertificateWithdrawn(f"certificate {certificate.id}")
    # The request's own session only reads: the first download may have to store the file.
    with runtime().sessions() as writing:
        session = db() if certificate.file else writing
        pdf = service.certificate_pdf(session, certificate.id, runtime().settings)
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{certificate.number}.pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/cours/<int:course_id>/certificats/<public_id>/nom")
@member_of_course
def choose_name(course_id: int, public_id: str) -> BaseResponse:
    """Record what the holder shows of their name on the verification page."""
    certificate = service.certificate_for(db(), public_id, person_id=viewer().person_id)
    choice = _name_choice(certificate)
    service.choose_name_shown(db(), certificate, choice)
    said: dict[NameShown, Any] = {
        NameShown.HIDDEN: _("La page de vérification ne montre plus votre nom."),
        NameShown.FIRST_NAME: _("La page de vérification montre votre prénom."),
        NameShown.FULL_NAME: _("La page de vérification montre votre nom complet."),
    }
    flash(said[choice], "success")
    return redirect(
        url_for("web.course_home", course_id=course_id, _anchor=f"certificat-{public_id}"), 303
    )


def _name_choice(certificate: Certificate) -> NameShown:
    try:
        choice = NameShown(request.form.get("name_shown", ""))
    except ValueError:
        raise InvalidInput("unknown choice of name") from None
    if choice is NameShown.FIRST_NAME and not certificate.award.person.given_name:
        raise InvalidInput("no first name to show")
    return choice
