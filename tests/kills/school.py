"""What is synchronised: a site with some courses, read by the tool, and what must be found at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from cryptography.fernet import Fernet
from sqlalchemy import Row, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from lti_tool.app import create_runtime
from lti_tool.grades.models import CurrentGrade, DueReading, GradeItem, GradeSnapshot
from lti_tool.jobs.models import PENDING, AttemptEnd, Job, JobAttempt, JobState
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from lti_tool.settings import Settings
from lti_tool.store.migrate import upgrade
from tests.benchmarks.standin.process import StandIn
from tests.benchmarks.standin.world import Delays, Layout, World
from tests.factories import make_course, make_site
from tests.kills.engines import Engine

T = TypeVar("T")
LAYOUT = Layout(courses=6, learners=6, columns=3, groups=2, delays=Delays(single=0.02, call=0.01))


class School:
    """An installation, its site, and the changes that the site made to grades.

    Args:
        engine: where the ledger and the bell are.
        moodle: the stand-in, running.
        folder: for the files of the tool.
    """

    def __init__(self, engine: Engine, moodle: StandIn, folder: Path) -> None:
        self.moodle = moodle
        self.world = World(LAYOUT, moodle.base_url)
        self.settings = Settings(
            environment="test",
            private_platforms=("127.0.0.0/8",),
            base_url="http://tool.localhost",
            data_dir=folder / "data",
            database_url=engine.database_url,
            queue_url=engine.queue_url,
            secret_keys=(Fernet.generate_key().decode(),),
            # What dies complains: only the verdict is of interest.
            log_level="ERROR",
            _env_file=None,
        )
        self.parts = create_runtime(self.settings)
        upgrade(self.parts.engine)
        with self.parts.sessions.begin() as session:
            site = make_site(session, moodle.base_url, token=moodle.token)
            self.courses = {
                make_course(session, site, number).id: number for number in self.world.courses()
            }
        self.parts.engine.dispose()

    def change(self, course_id: int, learners: list[int]) -> None:
        """Have the site give other grades."""
        self.moodle.change(self.courses[course_id], learners)
        self.world.change(self.courses[course_id], learners)

    def ask(self, question: Callable[[Session], T]) -> T:
        """Read the database, however often its server is killed meanwhile; keep no connection."""
        limit = time.monotonic() + 20
        while True:
            try:
                with self.parts.sessions() as session:
                    return question(session)
            except OperationalError:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.05)
            finally:
                self.parts.engine.dispose()

    def is_at_rest(self) -> bool:
        """Whether no job waits nor runs."""
        pending = select(func.count()).where(Job.state.in_(PENDING))
        return not self.ask(lambda session: session.scalar(pending))

    def wrongs(self) -> list[str]:
        """Return what is not as it must be once all is at rest, in sentences."""
        return self.ask(
            lambda session: [
                *_wrong_jobs(session),
                *_left_marks(session),
                *self._wrong_grades(session),
            ]
        )

    def _wrong_grades(self, session: Session) -> list[str]:
        rows = session.execute(
            select(
                Course.moodle_id,
                Account.subject,
                GradeItem.item_type,
                func.count(GradeSnapshot.id).label("snapshots"),
            )
            .join(GradeItem, GradeItem.id == GradeSnapshot.item_id)
            .join(Course, Course.id == GradeItem.course_id)
            .join(Account, Account.id == GradeSnapshot.account_id)
            .group_by(Course.moodle_id, Account.subject, GradeItem.id, GradeItem.item_type)
        ).all()
        wrong = [text for row in rows if (text := self._wrong_count(row))]
        wanted = LAYOUT.courses * LAYOUT.learners * LAYOUT.columns
        if len(rows) != wanted:
            wrong.append(f"{len(rows)} grades are known, {wanted} exist")
        return wrong + self._wrong_values(session)

    def _wrong_count(self, row: Row[tuple[int, str, str, int]]) -> str:
        changes = self.world.changes.get((row.moodle_id, int(row.subject)), 0)
        if row.snapshots == 1 + changes:
            return ""
        return (
            f"{row.snapshots} snapshots of {row.item_type} of {row.subject}, {1 + changes} values"
        )

    def _wrong_values(self, session: Session) -> list[str]:
        present = session.execute(
            select(Course.moodle_id, Account.subject, GradeSnapshot.final)
            .join(CurrentGrade, CurrentGrade.snapshot_id == GradeSnapshot.id)
            .join(GradeItem, GradeItem.id == GradeSnapshot.item_id)
            .join(Course, Course.id == GradeItem.course_id)
            .join(Account, Account.id == GradeSnapshot.account_id)
            .where(GradeItem.item_type == "course")
        )
        return [
            f"{row.subject} has {row.final} instead of {true}"
            for row in present
            if row.final
            != (true := Decimal(f"{self.world.total(row.moodle_id, int(row.subject)):.2f}"))
        ]


def _wrong_jobs(session: Session) -> list[str]:
    failed = session.execute(select(Job.kind, Job.error_code).where(Job.state != JobState.DONE))
    wrong = [f"a job {row.kind} did not end well: {row.error_code}" for row in failed]
    done = (
        select(Job.id, func.count(JobAttempt.id).label("ends"))
        .outerjoin(
            JobAttempt, (JobAttempt.job_id == Job.id) & (JobAttempt.outcome == AttemptEnd.DONE)
        )
        .group_by(Job.id)
        .having(func.count(JobAttempt.id) != 1)
    )
    return wrong + [f"job {row.id} ended {row.ends} times" for row in session.execute(done)]


def _left_marks(session: Session) -> list[str]:
    left = session.scalar(select(func.count()).select_from(DueReading))
    return [f"{left} marks are left without a job"] if left else []
