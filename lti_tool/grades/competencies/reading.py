"""Reads how learners are rated on the competencies of a course: a stage of the reading of a course.

Moodle tells it for one person and one competency at a time (about 60 ms). So a course without linked
competencies costs one call; the others cost at most ``BUDGET`` calls a reading, spent first on the learners
read longest ago: a big course goes round in a few nights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.grades.competencies.storing import store_list, store_ratings
from lti_tool.grades.due import lock_course
from lti_tool.grades.models import CurrentRating
from lti_tool.grades.reading.batches import batches
from lti_tool.grades.reading.completions import PERSON_ERRORS
from lti_tool.platforms.models import Course
from moodle_client import CourseCompetencyRating, MoodleClient, MoodleError

T = TypeVar("T")
BUDGET = 300
"""Calls that one reading spends on ratings: about twenty seconds of Moodle's time."""
BATCH = 50
Pair = tuple[int, int]
"""Moodle user id and Moodle competency id."""


class Pace(Protocol):
    """Makes one call, at the pace that the site bears."""

    def __call__(self, call: Callable[[], T]) -> T:
        """Return what the call gave."""


class CompetencyReading:
    """The stage, for one course.

    Args:
        sessions: each batch is written in a transaction of its own; nothing is locked while Moodle is read.
        client: the site.
        course_id: Course.id.
        pace: makes the calls.
    """

    def __init__(
        self, sessions: sessionmaker[Session], client: MoodleClient, course_id: int, pace: Pace
    ) -> None:
        self._sessions, self._client, self._pace = sessions, client, pace
        self._course_id = course_id
        with sessions() as session:
            self._moodle_id = session.get_one(Course, course_id).moodle_id

    def read(self, learners: Mapping[int, int], progress: Callable[[], None]) -> int:
        """Read the competencies of the course and how these learners are rated; return how many changed.

        What Moodle refuses (functions left out of the service, competencies switched off) leaves everything
        as it was: ratings are worth less than the grades that are read with them.

        Args:
            learners: Moodle user id → Account.id, of whom ratings are due.
            progress: told now and then that the work goes on; it may raise to stop it.

        Raises:
            MoodleError: Moodle does not answer, and may later.
        """
        try:
            listed = self._pace(lambda: self._client.list_course_competencies(self._moodle_id))
        except MoodleError as error:
            if error.retryable:
                raise
            return 0
        with self._sessions.begin() as session:
            lock_course(session, self._course_id)
            competencies = store_list(session, self._course_id, listed, clock.now())
            pairs = self._due(session, competencies, learners)
        changed = 0
        for batch in batches(self._ratings(pairs), BATCH):
            progress()
            with self._sessions.begin() as session:
                lock_course(session, self._course_id)
                changed += store_ratings(
                    session, self._course_id, batch, competencies, learners, clock.now()
                )
        return changed

    def _due(
        self, session: Session, competencies: Mapping[int, int], learners: Mapping[int, int]
    ) -> list[Pair]:
        """Return whom to ask about, the longest unread first, within the budget."""
        checked = {
            (row.account_id, row.competency_id): row.checked_at
            for row in session.execute(
                select(
                    CurrentRating.account_id, CurrentRating.competency_id, CurrentRating.checked_at
                ).where(CurrentRating.course_id == self._course_id)
            )
        }

        def age(pair: Pair) -> tuple[bool, datetime | None, Pair]:
            at = checked.get((learners[pair[0]], competencies[pair[1]]))
            return (at is not None, at, pair)

        pairs = [(user, competency) for user in learners for competency in competencies]
        return sorted(pairs, key=age)[:BUDGET]

    def _ratings(self, pairs: Sequence[Pair]) -> Iterator[tuple[int, CourseCompetencyRating]]:
        """Yield each rating; stop where Moodle refuses the function itself."""
        for user, competency in pairs:
            try:
                yield user, self._pace(lambda: self._rating(user, competency))  # noqa: B023  # called at once
            except PERSON_ERRORS:
                continue
            except MoodleError as error:
                if error.retryable:
                    raise
                return

    def _rating(self, user: int, competency: int) -> CourseCompetencyRating:
        return self._client.get_user_competency_in_course(user, competency, self._moodle_id)
