"""`ancrage doctor`: looks at every part of an installation and says what to do about each."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from lti_tool.cli.running import open_runtime, with_errors

if TYPE_CHECKING:
    from lti_tool.cli.finding import Finding

SIGNS = {"ok": "ok     ", "warning": "look   ", "problem": "PROBLEM"}


@click.command()
@click.option("--offline", is_flag=True, help="Do not call the Moodle sites.")
@with_errors
def doctor(offline: bool) -> None:
    """Check database, keys, clock, sites, tokens, registrations, templates and fonts.

    Exit code 0 when nothing is wrong, 1 when something is to be mended.

    \b
    Example:
      ancrage doctor
    """
    from lti_tool.cli.diagnosis import diagnose

    findings = diagnose(open_runtime(), offline=offline)
    for finding in findings:
        _say(finding)
    if any(finding.level == "problem" for finding in findings):
        sys.exit(1)


def _say(finding: Finding) -> None:
    click.echo(f"{SIGNS[finding.level]}  {finding.subject}: {finding.text}")
    if finding.mend:
        click.echo(f"          → {finding.mend}")
