"""The ``ancrage`` command. Each subcommand parses, calls one service, and says what it did.

Exit codes: 0 done; 1 something is to be mended (said on the way out); 2 the command was misused.
"""

from __future__ import annotations

import click

from lti_tool import __version__
from lti_tool.cli.checks import doctor
from lti_tool.cli.courses import map_course, sync
from lti_tool.cli.jobs import jobs
from lti_tool.cli.keys import keys
from lti_tool.cli.people import grant
from lti_tool.cli.processes import demo, keygen, migrate, serve, worker
from lti_tool.cli.records import certify, export, verify
from lti_tool.cli.sites import site


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ancrage")
def main() -> None:
    """Ancrage: certifications in advocacy inside Moodle, and how the skills anchor.

    Settings come from ANCRAGE_* variables or a .env file: see docs/reference/settings.md.
    """


for command in (
    demo,
    serve,
    worker,
    migrate,
    doctor,
    sync,
    grant,
    site,
    keys,
    jobs,
    map_course,
    certify,
    verify,
    export,
    keygen,
):
    main.add_command(command)
