"""Certifications from the command line: evaluate and propose, verify a code, export the register."""

from __future__ import annotations

import csv
import sys
from typing import TextIO

import click

from lti_tool.cli.running import open_runtime, with_errors


@click.command()
@click.option(
    "--course", "course_id", type=int, help="Only the course with this number in the tool."
)
@with_errors
def certify(course_id: int | None) -> None:
    """Evaluate the learners of mapped courses, propose, and open the reviews of what drifted.

    Nothing is issued nor revoked: people decide in the tool.

    \b
    Example:
      ancrage certify
    """
    from sqlalchemy import select

    from lti_tool.certification.service.rounds import evaluate_course
    from lti_tool.referential.models import CourseMapping

    parts = open_runtime()
    with parts.sessions() as session:
        mapped = session.scalars(
            select(CourseMapping.course_id).where(CourseMapping.valid_to.is_(None)).distinct()
        ).all()
        chosen = [found for found in mapped if course_id in (None, found)]
        session.commit()
        rounds = [evaluate_course(session, found) for found in chosen]
    proposed = sum(done.proposed for done in rounds)
    reviews = sum(done.reviews for done in rounds)
    click.echo(
        f"{len(chosen)} course(s) evaluated, {proposed} new proposal(s) wait for a decision, "
        f"{reviews} review(s) of issued certifications opened."
    )


@click.command()
@click.argument("code")
@with_errors
def verify(code: str) -> None:
    """Say what anyone may know of the certificate with this code; exit code 1 unless it is valid.

    \b
    Example:
      ancrage verify "ABCD EFGH IJKL MNOP QRST UVWX YZ"
    """
    from lti_tool.credentials.service import verify as verify_code

    parts = open_runtime()
    with parts.sessions() as session:
        found = verify_code(session, code)
        click.echo(f"state: {found.state}")
        if found.domain is not None:
            click.echo(f"domain: {found.domain.code} {found.domain.label_fr}")
            click.echo(f"number: {found.number}")
            click.echo(f"issued: {found.issued_month:%Y-%m}")
    if found.state != "valid":
        sys.exit(1)


@click.command()
@click.option(
    "--output",
    type=click.File("w", encoding="utf-8-sig"),
    default="-",
    help="File to write; the terminal by default.",
)
@with_errors
def export(output: TextIO) -> None:
    """Write the register of certifications as CSV: numbers, domains, states and days, no names.

    \b
    Example:
      ancrage export --output register.csv
    """
    from lti_tool.reports.exports import REGISTER_COLUMNS, register_rows

    parts = open_runtime()
    writer = csv.writer(output)
    writer.writerow(REGISTER_COLUMNS)
    with parts.sessions() as session:
        writer.writerows(register_rows(session))
