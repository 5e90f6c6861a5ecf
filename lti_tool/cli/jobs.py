"""`ancrage jobs`: the background work, seen and acted upon from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from lti_tool.cli.running import open_runtime, with_errors

if TYPE_CHECKING:
    from datetime import datetime

    from lti_tool.jobs.models import Job

JOB = {"ignore_unknown_options": True}
"""An identifier may begin with a dash."""
STATES = ("queued", "running", "done", "failed", "cancelled")


@click.group()
def jobs() -> None:
    """See the background work, stop it, ask for it again."""


@jobs.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only jobs in this state.")
@click.option("--kind", default="", help="Only jobs of this kind, e.g. grades.pull_course.")
@click.option("--page", default=1, show_default=True, help="Fifty jobs a page.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of lines.")
@with_errors
def list_them(state: str | None, kind: str, page: int, as_json: bool) -> None:
    """List what runs, then what waits, then what is over, the newest first.

    \b
    Examples:
      ancrage jobs list
      ancrage jobs list --state failed --json
    """
    from lti_tool.jobs.history import JobFilter, list_jobs

    with open_runtime().sessions() as session:
        found = list_jobs(session, JobFilter(state or "", kind, page))
    if as_json:
        click.echo(json.dumps([_as_dict(job) for job in found.jobs], ensure_ascii=False, indent=2))
        return
    for job in found.jobs:
        click.echo(_line(job))
    click.echo(f"page {found.page} of {found.pages}, {found.total} job(s)")


@jobs.command(context_settings=JOB)
@click.argument("job_id", metavar="JOB")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@with_errors
def show(job_id: str, as_json: bool) -> None:
    """Show one job with its attempts; JOB is its identifier, as `list` gives it.

    \b
    Example:
      ancrage jobs show 3q2-7wQxJm0aVtN1bXo9cA
    """
    from lti_tool.jobs.history import attempts_of
    from lti_tool.jobs.service import find_job

    with open_runtime().sessions() as session:
        job = find_job(session, job_id)
        attempts = [
            {
                "started_at": _moment(one.started_at),
                "ended_at": _moment(one.ended_at),
                "worker": one.worker,
                "outcome": one.outcome,
                "error_code": one.error_code,
            }
            for one in attempts_of(session, job)
        ]
    told = _as_dict(job) | {"attempts": attempts}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for name, value in told.items():
        if name != "attempts" and value not in (None, ""):
            click.echo(f"{name:<15} {value}")
    for one in attempts:
        click.echo(
            f"attempt         {one['started_at']}  {one['outcome'] or 'running'}  "
            f"{one['error_code'] or ''}  {one['worker']}"
        )


@jobs.command(context_settings=JOB)
@click.argument("job_id", metavar="JOB")
@with_errors
def cancel(job_id: str) -> None:
    """Stop a job: one that waits at once, one that runs as soon as it can.

    \b
    Example:
      ancrage jobs cancel 3q2-7wQxJm0aVtN1bXo9cA
    """
    from lti_tool.jobs.control import cancel as stop

    with open_runtime().sessions() as session:
        job = stop(session, job_id, None)
    click.echo("Cancelled." if job.is_over else "It was asked to stop, and will in a moment.")


@jobs.command(context_settings=JOB)
@click.argument("job_id", metavar="JOB")
@with_errors
def retry(job_id: str) -> None:
    """Ask again for a job that failed or was cancelled; prints the identifier of the new one.

    \b
    Example:
      ancrage jobs retry 3q2-7wQxJm0aVtN1bXo9cA
    """
    from lti_tool.app import create_bell
    from lti_tool.jobs.control import retry as ask_again

    parts = open_runtime()
    create_bell(parts)
    with parts.sessions() as session:
        click.echo(ask_again(session, job_id, None).public_id)


@jobs.command()
@with_errors
def run() -> None:
    """Run what is due, here and now, and stop, as `ancrage worker --once` does.

    \b
    Example:
      ancrage jobs run
    """
    from lti_tool.cli.processes import run_once

    click.echo(f"{run_once(open_runtime())} job(s) run.")


def _line(job: Job) -> str:
    done = f"{job.progress_done}/{job.progress_total}" if job.progress_total else ""
    moment = _moment(job.finished_at or job.run_at)
    code = job.error_code or ""
    return f"{job.public_id}  {job.state:<9} {moment}  {job.kind:<28} {done:>9} {code}".rstrip()


def _as_dict(job: Job) -> dict[str, Any]:
    return {
        "id": job.public_id,
        "kind": job.kind,
        "args": job.args,
        "state": job.state,
        "priority": job.priority,
        "tries": job.attempts,
        "created_at": _moment(job.created_at),
        "run_at": _moment(job.run_at),
        "finished_at": _moment(job.finished_at),
        "progress_done": job.progress_done,
        "progress_total": job.progress_total,
        "error_code": job.error_code,
        "error_detail": job.error_detail,
        "result": job.result,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
