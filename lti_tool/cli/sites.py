"""Moodle sites from the command line: add one, what to paste in Moodle, who waits for a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lti_tool.cli.running import open_runtime, with_errors
from lti_tool.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lti_tool.platforms.models import Site
    from lti_tool.web.runtime import Runtime


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

    `ancrage site addresses` prints what to paste in Moodle first; it answers the two identifiers.

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
    click.echo("In Moodle, the settings of the tool must hold exactly these values:")
    _say_addresses(parts)


def _say_addresses(parts: Runtime) -> None:
    from lti_tool.platforms.tool_addresses import manual_settings

    for one in manual_settings(parts.settings.base_url):
        value = one.value if one.choice in ("", one.value) else f"{one.choice} ({one.value})"
        click.echo(f"  {one.english} ({one.french}): {value}")


@site.command()
@with_errors
def addresses() -> None:
    """Print every value to paste in Moodle when the tool is added there by hand.

    \b
    Example:
      ancrage site addresses
    """
    _say_addresses(open_runtime())


@site.command("invite")
@click.option("--site", "site_url", help="Only this site may use it; its launches open at once.")
@click.option("--note", default="", help="For whom; stays here.")
@with_errors
def invite_site(site_url: str | None, note: str) -> None:
    """Print a one-time link that a Moodle administrator pastes in « Manage tools ».

    \b
    Examples:
      ancrage site invite --note "Campus de Dakar"
      ancrage site invite --site https://moodle.example.org
    """
    from lti_tool.platforms.invitations import LIFETIME, make_invitation

    parts = open_runtime()
    with parts.sessions() as session:
        site_id = one_site(session, site_url).id if site_url else None
        token = make_invitation(session, actor_id=None, note=note, site_id=site_id)
    click.echo(f"{parts.settings.base_url}/lti/register/{token}")
    click.echo(
        f"It works once, for {LIFETIME.days} days, and is not shown again. "
        + (
            "Launches open as soon as Moodle activates the tool."
            if site_id
            else "The site then waits: accept it on the page « Inviter un Moodle », or by `ancrage site accept`."
        )
    )


@site.command("accept")
@click.argument("base_url")
@click.option("--refuse", is_flag=True, help="Keep its launches closed instead.")
@with_errors
def accept_site(base_url: str, refuse: bool) -> None:
    """Open the launches of a Moodle that registered itself by an invitation.

    \b
    Example:
      ancrage site accept https://moodle.example.org
    """
    from lti_tool.platforms.invitations import waiting_registrations
    from lti_tool.platforms.service import decide_waiting_registration

    parts = open_runtime()
    with parts.sessions() as session:
        issuer = base_url.rstrip("/")
        waiting = [r.id for r in waiting_registrations(session) if r.issuer == issuer]
        session.commit()
        if not waiting:
            raise NotFound("no registration of that site waits; `ancrage site list` lists them")
        for registration_id in waiting:
            decide_waiting_registration(
                session, actor_id=None, registration_id=registration_id, accept=not refuse
            )
    click.echo(f"{base_url} is {'refused' if refuse else 'accepted'}.")


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


def one_site(session: Session, site_url: str | None) -> Site:
    """Return the site at this address, or the only one when none is given."""
    from sqlalchemy import select

    from lti_tool.platforms.models import Site

    sites = session.scalars(select(Site)).all()
    wanted = [s for s in sites if not site_url or s.base_url == site_url.rstrip("/")]
    if len(wanted) != 1:
        raise click.UsageError(
            "--site must name one registered site; `ancrage site list` lists them"
        )
    return wanted[0]
