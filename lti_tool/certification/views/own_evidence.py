"""« Mes preuves »: what the learner gave, and giving, completing or correcting one."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool import clock
from lti_tool.certification.models import Evidence, EvidenceState
from lti_tool.certification.present.evidence import evidence_line, evidence_view
from lti_tool.certification.present.wording import (
    EVIDENCE_KIND_HINTS,
    EVIDENCE_KINDS,
    PLACE_PRECISIONS,
    PROBLEMS,
)
from lti_tool.certification.service.evaluation import targets_of_course
from lti_tool.certification.service.evidence import (
    EDITABLE,
    evidence_of,
    find_evidence,
    resubmit_evidence,
    submit_evidence,
)
from lti_tool.certification.service.evidence_form import EvidenceForm, Problem
from lti_tool.certification.views.blueprint import blueprint, this_course
from lti_tool.errors import NotFound
from lti_tool.people.service import has_answered_notice
from lti_tool.referential.models import Domain
from lti_tool.web.access import learner_of_course, viewer
from lti_tool.web.database import db
from lti_tool.web.i18n import locale_code

Page = str | Response | tuple[str, int]


@blueprint.get("/mes-preuves")
@learner_of_course
def my_evidence(course_id: int) -> Page:
    """List what the learner gave, here and elsewhere; a first opening leads to the notice.

    ``domaine``: what the activity was placed for; the form then begins with it.
    """
    domain, person_id = _asked_domain(course_id), viewer().person_id
    given = [evidence_line(one) for one in evidence_of(db(), person_id)]
    if not given and not has_answered_notice(db(), person_id):
        back = url_for("certification.my_evidence", course_id=course_id, domaine=domain)
        return redirect(url_for("people.welcome", next=back))
    return render_template(
        "certification/my_evidence.html",
        course=this_course(course_id),
        here=[line for line in given if line.course_id == course_id],
        elsewhere=[line for line in given if line.course_id != course_id],
        can_add=bool(_domains(course_id)),
        new_url=url_for("certification.new_evidence", course_id=course_id, domaine=domain),
    )


@blueprint.get("/mes-preuves/nouvelle")
@learner_of_course
def new_evidence(course_id: int) -> Page:
    """Ask for an evidence."""
    if not _domains(course_id):
        return redirect(url_for("certification.my_evidence", course_id=course_id))
    return _form_page(course_id, {"domain": _asked_domain(course_id) or ""}, {})


@blueprint.post("/mes-preuves/nouvelle")
@learner_of_course
def add_evidence(course_id: int) -> Page:
    """Submit a new evidence; what was typed stays when something is to be corrected."""
    form, domain = EvidenceForm.read(request.form), _chosen_domain(course_id)
    problems = form.problems(clock.now().date())
    if domain is None:
        problems = {"domain": Problem.DOMAIN_MISSING, **problems}
    if domain is None or problems:
        return _form_page(course_id, request.form, problems), 422
    submit_evidence(
        db(), author_id=viewer().person_id, course_id=course_id, domain_id=domain.id, form=form
    )
    return _sent(course_id)


@blueprint.get("/mes-preuves/<public_id>")
@learner_of_course
def own_evidence(course_id: int, public_id: str) -> Page:
    """Show one evidence of the learner: to change while it is not decided, to read afterwards."""
    evidence = _own(course_id, public_id)
    return _form_page(course_id, _values(evidence), {}, evidence)


@blueprint.post("/mes-preuves/<public_id>")
@learner_of_course
def change_evidence(course_id: int, public_id: str) -> Page:
    """Submit an evidence again, changed."""
    evidence = _own(course_id, public_id)
    form = EvidenceForm.read(request.form)
    problems = form.problems(clock.now().date())
    if problems and evidence.state in EDITABLE:
        return _form_page(course_id, request.form, problems, evidence), 422
    resubmit_evidence(db(), evidence, form)
    return _sent(course_id)


def _sent(course_id: int) -> Response:
    flash(
        _(
            "Votre preuve est envoyée. Une personne indépendante va l’examiner ; vous lirez sa réponse ici."
        ),
        "success",
    )
    return redirect(url_for("certification.my_evidence", course_id=course_id), 303)


def _own(course_id: int, public_id: str) -> Evidence:
    evidence = find_evidence(db(), public_id)
    if evidence.author_id != viewer().person_id or evidence.course_id != course_id:
        raise NotFound("evidence of another person or course")
    return evidence


def _domains(course_id: int) -> list[Domain]:
    """Return the domains that the course counts for, each once."""
    return list({t.domain.id: t.domain for t in targets_of_course(db(), course_id)}.values())


def _asked_domain(course_id: int) -> str | None:
    """Return the domain that the address names, when the course counts for it."""
    asked = request.args.get("domaine")
    return next((one.code for one in _domains(course_id) if one.code == asked), None)


def _chosen_domain(course_id: int) -> Domain | None:
    """Return the domain chosen; where there is only one, it is chosen beforehand."""
    domains = _domains(course_id)
    if len(domains) == 1:
        return domains[0]
    return next((one for one in domains if one.code == request.form.get("domain")), None)


def _values(evidence: Evidence) -> dict[str, str]:
    return {
        "kind": evidence.kind,
        "title": evidence.title,
        "happened_on": evidence.happened_on.isoformat(),
        "place_precision": evidence.place_precision,
        "place": evidence.place,
        "author_role": evidence.author_role,
        "outcome": evidence.outcome,
        "link": evidence.link,
    }


def _form_page(
    course_id: int,
    values: Mapping[str, str],
    problems: Mapping[str, Problem],
    evidence: Evidence | None = None,
) -> str:
    domains = [] if evidence else _domains(course_id)
    return render_template(
        "certification/evidence_form.html",
        course=this_course(course_id),
        evidence=None if evidence is None else evidence_view(evidence, for_author=True),
        editable=evidence is None or evidence.state in EDITABLE,
        more_asked=evidence is not None and evidence.state == EvidenceState.MORE_ASKED,
        values=values,
        errors={field: PROBLEMS[problem] for field, problem in problems.items()},
        today=clock.now().date().isoformat(),
        domains=[(one.code, f"{one.name} · {one.label(locale_code())}") for one in domains],
        kinds=[(k.value, label, EVIDENCE_KIND_HINTS[k]) for k, label in EVIDENCE_KINDS.items()],
        precisions=[(one.value, label) for one, label in PLACE_PRECISIONS.items()],
    )
