"""Roles given from the command line: the first coordinator, and whoever is locked out."""

from __future__ import annotations

from datetime import timedelta

import click

from lti_tool.cli.running import open_runtime, with_errors
from lti_tool.errors import NotFound


@click.command()
@click.argument("role", type=click.Choice(["coordinator", "partner_lead", "researcher", "auditor"]))
@click.option("--site", "site_url", help="Address of the person's Moodle.")
@click.option(
    "--user", "user_id", help="Moodle's number of the person, seen in the address of their profile."
)
@click.option("--partner", "partner_name", help="Association of a partner lead.")
@click.option("--hours", default=72, show_default=True, help="How long the access code lasts.")
@with_errors
def grant(
    role: str, site_url: str | None, user_id: str | None, partner_name: str | None, hours: int
) -> None:
    """Give a role to a person, or print a one-time access code for it.

    Without --user an access code is printed: whoever opens the tool from Moodle and enters it
    under « J’ai un code d’accès » takes the role.

    \b
    Examples:
      ancrage grant coordinator
      ancrage grant coordinator --site https://moodle.example.org --user 12
      ancrage grant partner_lead --partner "Association Teranga Fictive"
    """
    from sqlalchemy import select

    from lti_tool.partners.models import Partner
    from lti_tool.people.models import Account, Role
    from lti_tool.people.service.claims import create_claim_link
    from lti_tool.people.service.grants import grant_role
    from lti_tool.platforms.models import Site

    parts = open_runtime()
    with parts.sessions() as session:
        partner_id = None
        if role == "partner_lead":
            partner_id = session.scalar(select(Partner.id).where(Partner.name == partner_name))
            if partner_id is None:
                raise click.UsageError(
                    "--partner must be the exact name of a registered association"
                )
        if user_id is None:
            code = create_claim_link(
                session,
                actor_id=None,
                role=Role(role),
                partner_id=partner_id,
                ttl=timedelta(hours=hours),
            )
            click.echo(f"Access code, to be used once within {hours} hours:\n\n  {code}\n")
            click.echo(
                "The person opens the tool from a Moodle course, then « Mes données » and "
                "« J’ai un code d’accès », and enters it there."
            )
            return
        account = session.scalar(
            select(Account)
            .join(Site)
            .where(Site.base_url == (site_url or "").rstrip("/"), Account.subject == user_id)
        )
        if account is None:
            raise NotFound(
                "no such account on this site: the person must open the tool from a course once, then try again"
            )
        grant_role(
            session,
            actor_id=None,
            person_id=account.person_id,
            role=Role(role),
            partner_id=partner_id,
        )
        click.echo(f"{role} granted.")
