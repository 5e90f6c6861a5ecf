"""Starting the processes of an installation: web, worker, migrations, demonstration; new keys."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from cryptography.fernet import Fernet

from lti_tool.cli.running import open_runtime, with_errors
from lti_tool.settings import load_settings

if TYPE_CHECKING:
    from lti_tool.web.runtime import Runtime


@click.command()
def keygen() -> None:
    """Print a new key for ANCRAGE_SECRET_KEYS.

    \b
    Example:
      export ANCRAGE_SECRET_KEYS=$(ancrage keygen)
    To change keys, put the new one first and keep the old one after a comma.
    """
    click.echo(Fernet.generate_key().decode())


@click.command()
@click.option("--down", is_flag=True, help="Remove every table instead; asks first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_errors
def migrate(down: bool, yes: bool) -> None:
    """Bring the database up to this release, with the referential and the base rules.

    \b
    Examples:
      ancrage migrate
      ancrage migrate --down
    """
    from lti_tool.certification.service.publishing import publish_base_rule
    from lti_tool.referential.seeding import seed_referential
    from lti_tool.store.migrate import current_revision, downgrade, upgrade

    parts = open_runtime()
    if down:
        if not yes:
            click.confirm("Every table and what it holds will be removed. Go on?", abort=True)
        downgrade(parts.engine)
        click.echo("The database is empty.")
        return
    upgrade(parts.engine)
    with parts.sessions() as session:
        seed_referential(session)
        session.commit()
        publish_base_rule(session)
    click.echo(f"The database is at revision {current_revision(parts.engine)}.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--threads", default=4, show_default=True, help="Threads of each process.")
@click.option(
    "--light",
    is_flag=True,
    help="One waitress process instead of gunicorn (demonstration, Windows).",
)
@with_errors
def serve(host: str, port: int, workers: int, threads: int, light: bool) -> None:
    """Serve the web application; `ancrage worker` does the background work beside it.

    \b
    Example:
      ancrage serve --host 127.0.0.1 --port 8000
    """
    from lti_tool.cli.serving import serve_with_gunicorn, serve_with_waitress

    settings = load_settings()
    if light or sys.platform == "win32":
        serve_with_waitress(settings, host, port, threads)
    else:
        serve_with_gunicorn(settings, host, port, workers, threads)


@click.command()
@click.option("--threads", default=2, show_default=True, help="Jobs run at once by this process.")
@click.option("--once", is_flag=True, help="Run what is due and stop.")
@with_errors
def worker(threads: int, once: bool) -> None:
    """Do the background work: pulls of grades, evaluations, certificates.

    Several may run, on one machine or on several. SIGTERM or Ctrl-C: what runs ends or goes back to
    the queue, within twenty seconds; a second time: at once.

    \b
    Examples:
      ancrage worker
      ancrage worker --once
    """
    from lti_tool.app import create_bell, create_runtime
    from lti_tool.jobs.worker import Worker

    parts = create_runtime(load_settings())
    if once:
        click.echo(f"{run_once(parts)} job(s) run.")
        return
    if not Worker(parts.sessions, parts.settings, create_bell(parts), threads).run():
        # A task that was given back still waits for an answer: its thread would hold the process.
        os._exit(0)


def run_once(parts: Runtime) -> int:
    """Ask for the periodic work and run what is due; return how many jobs ran."""
    from lti_tool.jobs.runner import run_due_jobs
    from lti_tool.jobs.schedule import ask_for_periodic_work

    ask_for_periodic_work(parts.sessions)
    return run_due_jobs(parts.sessions, parts.settings)


@click.command()
@click.option(
    "--port",
    default=8000,
    show_default=True,
    help="Port of the tool; its Moodle takes the next one.",
)
@click.option("--reset", is_flag=True, help="Begin again with fresh data.")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="Where the data is kept.",
)
@with_errors
def demo(port: int, reset: bool, data_dir: Path) -> None:
    """Start the tool, its worker and a demonstration Moodle; Ctrl-C stops everything.

    \b
    Examples:
      ancrage demo
      ancrage demo --port 9000 --reset
    """
    from lti_tool.demo.supervisor import run_demo

    sys.exit(run_demo(port=port, reset=reset, data_dir=data_dir))
