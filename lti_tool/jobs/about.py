"""What a job is about and who asked for it, in words; rooms further on know, the wiring passes it in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.jobs.models import Job


@dataclass(frozen=True, slots=True)
class About:
    """A course, a site…, and a person; empty: none, or nobody knows any more."""

    subject: str = ""
    asked_by: str = ""


Describe = Callable[[Session, Sequence[Job]], dict[int, About]]
_describe: list[Describe] = []


def describe_with(describe: Describe) -> None:
    """Have jobs described by this function: ``Job.id`` → ``About``."""
    _describe[:] = [describe]


def about(session: Session, jobs: Sequence[Job]) -> dict[int, About]:
    """Return what these jobs are about: ``Job.id`` → ``About``."""
    return _describe[0](session, jobs) if _describe and jobs else {}
