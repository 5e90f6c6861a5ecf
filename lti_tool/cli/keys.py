"""The tool's own keys from the command line: list, rotate, tend; and encrypting secrets again."""

from __future__ import annotations

from datetime import datetime

import click

from lti_tool.cli.running import open_runtime, with_errors

AFTER_A_THEFT = (
    "Moodle keeps a copy of the former public keys until it meets a signature that they do not "
    "verify: run `ancrage doctor` now, which asks each site for an access token signed by the new key."
)


@click.group()
def keys() -> None:
    """Turn the tool's signing keys, and encrypt stored secrets again."""


@keys.command("list")
@with_errors
def list_() -> None:
    """List the tool's keys, newest first, with their state and what comes next.

    \b
    Example:
      ancrage keys list
    """
    from lti_tool.platforms.key_turns import due_turn, list_keys

    parts = open_runtime()
    with parts.sessions() as session:
        found = list_keys(session)
        if not found:
            click.echo("No key yet: the first one is made when it is needed.")
        for key in found:
            dates = [
                ("made", key.created_at),
                ("signs since", key.activated_at),
                ("retired", key.retired_at),
                ("gone", key.gone_at),
                ("until", due_turn(key)),
            ]
            told = ", ".join(f"{what} {_day(moment)}" for what, moment in dates if moment)
            click.echo(f"{key.kid}  {key.state:<8}{told}")


@keys.command()
@click.option("--now", is_flag=True, help="After a theft: every former key is gone at once.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_errors
def rotate(now: bool, yes: bool) -> None:
    """Make the next key sign from now on; the former one stays published for 14 days.

    With --now nothing that was signed before verifies any more, and the former private keys are
    wiped. Two rotations at once make one: the second leaves with exit code 1 and changes nothing.

    \b
    Examples:
      ancrage keys rotate
      ancrage keys rotate --now
    """
    from lti_tool.platforms.key_turns import revoke_keys, rotate_keys
    from lti_tool.platforms.keys import signing_key

    parts = open_runtime()
    with parts.sessions() as session:
        replacing = signing_key(session).kid
        session.commit()
        if now and not yes:
            click.confirm(
                "Every former key will be wiped and published no longer. Go on?", abort=True
            )
        turn = revoke_keys if now else rotate_keys
        key = turn(session, actor_id=None, replacing=replacing)
        click.echo(f"{key.kid} signs from now on, in place of {replacing}.")
    if now:
        click.echo(AFTER_A_THEFT)


@keys.command()
@with_errors
def tend() -> None:
    """Do what the dates of the keys ask for; `ancrage worker` does it every day by itself.

    \b
    Example:
      ancrage keys tend
    """
    from lti_tool.platforms.key_turns import tend_keys

    parts = open_runtime()
    with parts.sessions() as session:
        done = tend_keys(session)
    if done.made:
        click.echo(f"{done.made} was made and is published; it will sign later.")
    if done.activated:
        click.echo(f"{done.activated} signs from now on.")
    for kid in done.gone:
        click.echo(f"{kid} is gone.")
    if not (done.made or done.activated or done.gone):
        click.echo("Nothing was due.")


@keys.command()
@with_errors
def reencrypt() -> None:
    """Encrypt every stored secret again with the first key of ANCRAGE_SECRET_KEYS.

    Afterwards the old keys can be taken out of the list. Sessions of browsers that were signed with
    an old key end when it leaves the list: people open the activity again.

    \b
    Example:
      ancrage keys reencrypt
    """
    from lti_tool.store.reencryption import reencrypt_everything

    parts = open_runtime()
    for column, count in reencrypt_everything(parts.sessions).items():
        click.echo(f"{column}: {count}")
    click.echo("Everything is encrypted with the first key; the others may be taken away.")


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
