"""What the grades let go of when old jobs are erased."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.grades.models import Pull


def let_go_of_jobs(session: Session, job_ids: Sequence[int]) -> None:
    """Keep the readings that these jobs made, without their number. The caller commits."""
    session.execute(
        update(Pull)
        .where(Pull.job_id.in_(job_ids))
        .values(job_id=None)
        .execution_options(synchronize_session=False)
    )
