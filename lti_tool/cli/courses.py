"""Courses from the command line: read them and their grades, map one to a domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lti_tool.cli.running import open_runtime, with_errors
from lti_tool.cli.sites import one_site
from lti_tool.errors import LtiToolError, NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lti_tool.platforms.models import Site
    from lti_tool.web.runtime import Runtime
    from moodle_client import MoodleClient


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
    from lti_tool.platforms.service import client_for, note_token_use, sync_courses

    parts = open_runtime()
    told = failed = 0
    with parts.sessions() as session:
        sites = session.scalars(select(Site).order_by(Site.id)).all()
        wanted = [s for s in sites if not site_url or s.base_url == site_url.rstrip("/")]
        if not wanted:
            raise NotFound("no such site; `ancrage site list` lists them")
        for found in wanted:
            with client_for(found, parts.settings) as client:
                sync_courses(session, client, found)
                click.echo(f"{found.name}: courses read")
                note_token_use(session, found.id)
                if not only_list:
                    cohorts = sync_cohort_members(session, client, found)
                    click.echo(f"{found.name}: cohorts read, {cohorts.proposed} proposals made")
                    of_site = _pull_courses(parts, session, client, found, course_id)
                    told, failed = told + of_site[0], failed + of_site[1]
    if course_id and not told and not only_list:
        raise NotFound(f"no course {course_id}; `ancrage sync --courses` reads the courses")
    if failed:
        raise click.exceptions.Exit(1)


def _pull_courses(
    parts: Runtime, session: Session, client: MoodleClient, site: Site, course_id: int | None
) -> tuple[int, int]:
    """Pull one course, or every mapped one, and do what follows a reading; a failure stops no other.

    Returns:
        How many courses were told of, and how many of them were not read.
    """
    from sqlalchemy import and_, select

    from lti_tool.certification.service.rounds import evaluate_course
    from lti_tool.grades.service import pull_course
    from lti_tool.platforms.models import Course
    from lti_tool.platforms.sentences import failure_sentence
    from lti_tool.referential.models import CourseMapping
    from moodle_client import MoodleError

    mapped = select(CourseMapping.course_id).where(CourseMapping.valid_to.is_(None))
    # One that is asked for by its number is told of even once deleted.
    wanted = (
        Course.moodle_id == course_id
        if course_id
        else and_(Course.id.in_(mapped), Course.gone_at.is_(None))
    )
    courses = session.scalars(
        select(Course).where(Course.site_id == site.id, wanted).order_by(Course.moodle_id)
    ).all()
    session.commit()
    failed = 0
    for course in courses:
        number, name, gone = course.id, course.fullname, course.gone_at is not None
        session.commit()
        if gone:
            click.echo(f"  {name}: deleted in Moodle, not read", err=True)
            failed += 1
            continue
        try:
            pull = pull_course(parts.sessions, client, number)
            done = evaluate_course(session, number)
        except MoodleError as error:
            click.echo(f"  {name}: not read. {error}: {failure_sentence(error)}", err=True)
        except LtiToolError as error:
            session.rollback()
            click.echo(f"  {name}: not read. {error.code}: {error.sentence()}", err=True)
        else:
            click.echo(
                f"  {name}: {pull.read} values read, {pull.changed} changed, "
                f"{pull.unreadable} unreadable, {done.proposed} proposed, {done.reviews} reviews opened"
            )
            continue
        failed += 1
    return len(courses), failed


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
        found = one_site(session, site_url)
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
