"""Where a person arrives: the page of a course, or the list of their spaces. Health of the process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.web.access import Viewer, member_of_course, public, signed_in, viewer, viewer_or_none
from lti_tool.web.database import db
from lti_tool.web.landing import LANDING, Page

home = Blueprint("web", __name__)


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation."""

    label: str
    url: str
    current: bool


@home.get("/")
@signed_in
def index() -> Any:
    """Lead to the only space of a person, or list their spaces."""
    spaces = navigation(viewer())
    if len(spaces) == 1:
        return redirect(spaces[0].url)
    return render_template("web/spaces.html", spaces=spaces)


@home.get("/cours/<int:course_id>")
@member_of_course
def course_home(course_id: int) -> Any:
    """Lead to the page of the person's role in the course."""
    return redirect(_course_page(viewer(), course_id))


@home.get("/cours/<int:course_id>/arrivee")
@member_of_course
def arrival(course_id: int) -> Any:
    """Lead a launch to what its activity was placed for, else to where this person works.

    ``place`` and ``domaine`` are what the trainer chose; without them coordinators are led to the
    coordination, leads to their association, and everyone else to the course.
    """
    person = viewer()
    place, role = request.args.get("place", ""), person.courses[course_id]
    chosen = LANDING.get((place, role))
    if place == "cohort" and role == "learner":
        chosen = None if person.partners else chosen
        if chosen:
            flash(_("La cohorte s’adresse aux formateur·rices. Voici votre parcours."), "info")
    if chosen:
        return redirect(_landing(chosen, course_id))
    if person.is_coordinator:
        return redirect(url_for("reports.coordination"))
    if person.partners and role == "learner":
        # A lead is enrolled in the partners' course as a learner is, without being one.
        alone = next(iter(person.partners)) if len(person.partners) == 1 else None
        space = url_for("reports.cohort", partner_id=alone) if alone else url_for("web.index")
        return redirect(space)
    return redirect(_course_page(person, course_id))


@home.get("/session")
@signed_in
def renewal() -> tuple[str, int]:
    """Answer nothing; a session held in the memory of a page goes on for as long as the page."""
    return "", 204


@home.get("/healthz")
@public
def healthz() -> Response:
    """Say that the process answers."""
    return Response("ok\n", mimetype="text/plain")


@home.get("/readyz")
@public
def readyz() -> Response:
    """Say whether the process can work: the database answers and its tables are there."""
    try:
        db().execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    except SQLAlchemyError:
        return Response("database: not ready\n", status=503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


@home.get("/metrics")
@public
def metrics() -> Response:
    """Give the counters of the process to Prometheus; no personal data is counted."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def navigation(person: Viewer) -> list[Link]:
    """Return the spaces of a person, in the order of the street."""
    here = request.path
    entries: list[tuple[str, str]] = []
    course_id = _course_shown()
    if course_id is not None and course_id in person.courses:
        if person.courses[course_id] == "trainer":
            entries += [
                (_("Ce cours"), url_for("certification.course", course_id=course_id)),
                (
                    _("Preuves à valider"),
                    url_for("certification.evidence_queue", course_id=course_id),
                ),
                (_("Propositions"), url_for("certification.proposals", course_id=course_id)),
                (_("Écarts"), url_for("certification.drift_reviews", course_id=course_id)),
            ]
        else:
            entries += [
                (_("Mon parcours"), url_for("certification.path", course_id=course_id)),
                (_("Mes preuves"), url_for("certification.my_evidence", course_id=course_id)),
                (_("Mon ancrage"), url_for("anchoring.my_cases", course_id=course_id)),
            ]
    else:
        entries += [
            (_("Mon cours"), _course_page(person, course)) for course in list(person.courses)[-1:]
        ]
    for partner in person.partners:
        entries += [
            (_("Ma cohorte"), url_for("reports.cohort", partner_id=partner)),
            (_("Ancrage à confirmer"), url_for("anchoring.to_confirm", partner_id=partner)),
        ]
    if person.is_coordinator:
        entries.append((_("Coordination"), url_for("reports.coordination")))
        if here.startswith("/coordination"):
            entries += [
                (_("Cartographie"), url_for("referential.grid")),
                (_("Partenaires"), url_for("partners.index")),
                (_("Sites Moodle"), url_for("platforms.index")),
                (_("Accès"), url_for("people.grants")),
                (_("Travaux"), url_for("jobs.index")),
            ]
    place = url_for("platforms.index") if request.blueprint == "platforms" else here
    around = [url for _label, url in entries if place == url or place.startswith(f"{url}/")]
    current = max(around, key=len, default="")
    return [Link(label, url, url == current) for label, url in entries]


def context() -> dict[str, Any]:
    """Give every template the viewer, their navigation and the way back to the course."""
    person = viewer_or_none() if request.endpoint != "static" else None
    if person is None:
        return {"viewer": None, "navigation": []}
    return {
        "viewer": person,
        "navigation": navigation(person),
        "course_left": _course_left(person),
    }


def _course_page(person: Viewer, course_id: int) -> str:
    role = person.courses[course_id]
    endpoint = "certification.course" if role == "trainer" else "certification.path"
    return url_for(endpoint, course_id=course_id)


def _landing(page: Page, course_id: int) -> str:
    domain = request.args.get("domaine") if page.takes_domain else None
    return url_for(page.endpoint, course_id=course_id, domaine=domain, _anchor=page.anchor)


def _course_left(person: Viewer) -> int:
    """Return the course that « Quitter » leads to: the one shown, or the one opened last; 0: none."""
    asked = _course_shown()
    if asked is not None and asked in person.courses:
        return asked
    return next(reversed(list(person.courses)), 0)


def _course_shown() -> int | None:
    number: int | None = (request.view_args or {}).get("course_id")
    return number
