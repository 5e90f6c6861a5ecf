"""Moodle sites from the command line: add one, read its courses and grades, map a course."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lti_tool.cli.running import open_runtime, with_errors
from lti_tool.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lti_tool.platforms.models import Site
    from lti_tool.web.runtime import Runtime
    from moodle_client import MoodleClient


@click.group()
def site() -> None:
    """Add and list Moodle sites."""


@site.command("add")
@click.argument("base_url")
@click.option("--name", required=True, help="Name shown to people.")
@click.option("--client-id", required=True, help="Client ID that Moodle gave to the tool.")
@click.option("--deployment-id", required=True, help="Deployment ID that Moodle gave to the tool.")
@click.option(
    "--token",
    prompt="Web-service token (empty: later)",
    default="",
    hide_input=True,
    help="Token of the service account; asked for when absent.",
)
@with_errors
def add_site(base_url: str, name: str, client_id: str, deployment_id: str, token: str) -> None:
    """Register a Moodle site and the tool's registration there.

    \b
    Example:
      ancrage site add https://moodle.example.org --name "Moodle ADL" --client-id AbC123 --deployment-id 4
    """
    from lti_tool.platforms.service import register_site, set_token

    parts = open_runtime()
    with parts.sessions() as session:
        added = register_site(
            session,
            actor_id=None,
            name=name,
            base_url=base_url,
            client_id=client_id,
            deployment_id=deployment_id,
        )
        if token:
            set_token(session, actor_id=None, site_id=added.id, token=token)
    click.echo(
        f"{name} is registered. `ancrage doctor` checks it; `ancrage sync --courses` reads its courses."
    )


@site.command("list")
@with_errors
def list_sites() -> None:
    """List the sites, their registrations and when their token was last checked."""
    from sqlalchemy import select

    from lti_tool.platforms.models import Site

    parts = open_runtime()
    with parts.sessions() as session:
        for found in session.scalars(select(Site).order_by(Site.id)):
            clients = (
                ", ".join(f"{r.client_id} ({r.state})" for r in found.registrations)
                or "no registration"
            )
            checked = (
                f"checked {found.checked_at:%Y-%m-%d %H:%M} UTC"
                if found.checked_at
                else "never checked"
            )
            click.echo(f"{found.base_url}  {found.name}  {clients}  {checked}")


@click.command()
@click.option("--site", "site_url", help="Only this site.")
@click.option("--course", "course_id", type=int, help="Only the course with this Moodle number.")
@click.option("--courses", "only_list", is_flag=True, help="Read the list of courses and stop.")
@with_errors
def sync(site_url: str | None, course_id: int | None, only_list: bool) -> None:
    """Read courses, cohorts and the grades of mapped courses, now, in this process.

    \b
    Examples:
      ancrage sync
      ancrage sync --site https://moodle.example.org --course 12
    """
    from sqlalchemy import select

    from lti_tool.partners.reading import sync_cohort_members
    from lti_tool.platforms.models import Site
    from lti_tool.platforms.service import client_for, sync_courses

    parts = open_runtime()
    with parts.sessions() as session:
        sites = session.scalars(select(Site).order_by(Site.id)).all()
        wanted = [s for s in sites if not site_url or s.base_url == site_url.rstrip("/")]
        if not wanted:
            raise NotFound("no such site; `ancrage site list` lists them")
        for found in wanted:
            with client_for(found, parts.settings) as client:
                sync_courses(session, client, found)
                click.echo(f"{found.name}: courses read")
                if not only_list:
                    sync_cohort_members(session, client, found)
                    _pull_courses(parts, session, client, found, course_id)


def _pull_courses(
    parts: Runtime, session: Session, client: MoodleClient, site: Site, course_id: int | None
) -> None:
    """Pull one course, or every mapped one, and propose who satisfies a rule."""
    from sqlalchemy import select

    from lti_tool.certification.service.evaluation import propose_in_course
    from lti_tool.grades.service import pull_course
    from lti_tool.platforms.models import Course
    from lti_tool.referential.models import CourseMapping

    mapped = select(CourseMapping.course_id).where(CourseMapping.valid_to.is_(None))
    wanted = Course.moodle_id == course_id if course_id else Course.id.in_(mapped)
    courses = session.scalars(
        select(Course)
        .where(Course.site_id == site.id, Course.gone_at.is_(None), wanted)
        .order_by(Course.moodle_id)
    ).all()
    session.commit()
    for course in courses:
        pull = pull_course(parts.sessions, client, course.id)
        proposed = propose_in_course(session, course.id)
        click.echo(
            f"  {course.fullname}: {pull.read} values read, {pull.changed} changed, "
            f"{pull.unreadable} unreadable, {proposed} proposed"
        )


@click.command("map")
@click.argument("course_id", type=int)
@click.argument("domain_code")
@click.option("--site", "site_url", help="Needed when several sites are registered.")
@click.option("--subtheme", help="Sub-theme of RMP-ADL-3: sante, droits_humains, genre, jeunes.")
@click.option(
    "--kind",
    type=click.Choice(["required", "choice", "optional"]),
    default="required",
    show_default=True,
)
@with_errors
def map_course(
    course_id: int, domain_code: str, site_url: str | None, subtheme: str | None, kind: str
) -> None:
    """Make the course with this Moodle number count for a domain.

    \b
    Example:
      ancrage map 6 RMP-ADL-4
    """
    from sqlalchemy import select

    from lti_tool.platforms.models import Course
    from lti_tool.referential.models import Domain, MappingKind
    from lti_tool.referential.service import map_course as make_mapping

    parts = open_runtime()
    with parts.sessions() as session:
        found = _one_site(session, site_url)
        course = session.scalar(
            select(Course).where(Course.site_id == found.id, Course.moodle_id == course_id)
        )
        domain = session.scalar(select(Domain).where(Domain.code == domain_code.upper()))
        if course is None or domain is None:
            raise NotFound("no such course or domain; `ancrage sync --courses` reads the courses")
        theme = next((s for s in domain.subthemes if s.code == subtheme), None)
        if subtheme and theme is None:
            raise NotFound(f"{domain.code} has no sub-theme {subtheme}")
        make_mapping(
            session,
            actor_id=None,
            course=course,
            domain=domain,
            subtheme=theme,
            kind=MappingKind(kind),
            reason="command line",
        )
        click.echo(f"{course.fullname} counts for {domain.code} from now on.")


def _one_site(session: Session, site_url: str | None) -> Site:
    from sqlalchemy import select

    from lti_tool.platforms.models import Site

    sites = session.scalars(select(Site)).all()
    wanted = [s for s in sites if not site_url or s.base_url == site_url.rstrip("/")]
    if len(wanted) != 1:
        raise click.UsageError(
            "--site must name one registered site; `ancrage site list` lists them"
        )
    return wanted[0]
