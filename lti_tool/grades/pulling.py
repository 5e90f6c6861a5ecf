"""One reading of one course: identity, people, gradebooks, completions; each stored as it comes.

Nothing is held locked while Moodle is read: each batch is a transaction of its own, and what was
written before an interruption stays true.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.grades.competencies.reading import CompetencyReading
from lti_tool.grades.costs import known_costs, note_costs
from lti_tool.grades.dating import whole_readings
from lti_tool.grades.due import lock_course
from lti_tool.grades.groups import read_group_mode, store_groups
from lti_tool.grades.identity import CourseIdentity, known_people
from lti_tool.grades.models import Pull
from lti_tool.grades.pulls import ITEMS_LEFT_OUT, OWN_COLUMN_COUNTS, warnings_of
from lti_tool.grades.reading.gradebooks import Batch, GradebookReader
from lti_tool.grades.reading.pacing import Throttle
from lti_tool.grades.reading.people import read_people
from lti_tool.grades.reading.slots import SiteSlots
from lti_tool.grades.reading.tree import Tree, read_tree
from lti_tool.grades.rules.plan import Way
from lti_tool.grades.rules.scope import Part, Scope
from lti_tool.grades.storing.completions import store_completions
from lti_tool.grades.storing.gradebooks import (
    Counts,
    Target,
    end_coverage,
    store_gradebooks,
)
from lti_tool.grades.storing.items import Items
from lti_tool.grades.storing.people import People, known_learners, note_unreadable
from lti_tool.grades.weights import note_counted
from lti_tool.jobs.interruptions import TakenOver
from lti_tool.jobs.service import is_held
from lti_tool.lti.gradebook.weights import own_columns
from lti_tool.platforms.models import Course
from lti_tool.platforms.service.identity import forget_identity, identify
from moodle_client import MoodleClient

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Means:
    """What a reading may use of its site.

    Args:
        connections: calls at once, by all workers together.
        answer_seconds: how long one answer is waited for.
        holder: begins the name of what holds those calls: the token of the job's claim.
    """

    connections: int = 4
    answer_seconds: float = 60.0
    holder: str = ""


class CourseReading:
    """A reading under way; ``run`` does it once."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        client: MoodleClient,
        pull: Pull,
        scope: Scope,
        means: Means,
        progress: Progress,
    ) -> None:
        self._sessions, self._client, self._scope = sessions, client, scope
        self._pull_id, self._began = pull.id, pull.started_at
        self._course_id = pull.course_id
        self._progress = progress
        self._claim = (pull.job_id, means.holder) if pull.job_id and means.holder else None
        with sessions() as session:
            course = session.get_one(Course, pull.course_id)
            self._moodle_id, self._site_id = course.moodle_id, course.site_id
            self._identity = CourseIdentity.of(course)
            self._accounts = known_learners(session, course.id)
            costs = known_costs(session, course, means.answer_seconds, self._began)
            self._last_whole = whole_readings(session, [course.id]).get(course.id)
        self._people: People | None = None
        self._identified = False
        slots = SiteSlots(sessions, self._site_id, means.connections, means.holder)
        self._throttle = Throttle(means.connections, slots)
        self._reader = GradebookReader(client, self._moodle_id, self._throttle, costs)
        self._tree = Tree()
        self._counts = Counts()
        self._done = 0
        self._total = 0

    def run(self) -> None:
        """Read and store what the scope says.

        Raises:
            MoodleError: what Moodle answered; what was stored is true.
        """
        scope = self._scope
        unknown = scope.learners - self._accounts.keys()
        if scope.everyone or scope.membership or unknown:
            self._identity.check(self._client)
        if scope.membership or unknown:
            self._read_people()
        everyone = Part.GRADES in scope.everyone
        wanted = self._wanted(Part.GRADES, scope.grades)
        completed = self._wanted(Part.COMPLETION, scope.completion)
        self._total = len(wanted) + len(completed)
        self._progress(0, self._total)
        try:
            if everyone:
                self._read_everyone(wanted)
            else:
                self._read_some(wanted)
            self._read_completions(sorted(completed))
            self._read_competencies()
        finally:
            with self._sessions.begin() as session:
                note_costs(session, self._course_id, self._reader.measures, clock.now())
        self._progress(self._total, self._total)

    def _hold(self, session: Session) -> None:
        """Hold the course for a transaction; stop when another reading took this one's place.

        What was fetched before this process slept may be older than what that one stored.
        """
        lock_course(session, self._course_id)
        if self._claim is not None and not is_held(session, *self._claim):
            raise TakenOver

    def _wanted(self, part: Part, some: frozenset[int]) -> set[int]:
        known = self._accounts.keys()
        return set(known) if part in self._scope.everyone else set(some & known)

    def _identify(self) -> None:
        """Ask again who answers: what came does not look like what is known."""
        forget_identity(self._sessions, self._site_id)
        identify(self._sessions, self._client, self._site_id)
        self._identity.check(self._client)
        self._identified = True

    def _read_people(self) -> None:
        self._people = People(self._course_id, self._site_id, self._began)
        for page in read_people(self._client, self._moodle_id):
            self._progress(0, None)
            with self._sessions.begin() as session:
                self._hold(session)
                self._people.store(session, page, clock.now())
        mode = read_group_mode(self._client, self._moodle_id, self._people.groups)
        with self._sessions.begin() as session:
            self._hold(session)
            self._people.store_gone(session, clock.now())
            store_groups(session, self._course_id, self._people.groups, mode, clock.now())
            self._accounts = known_learners(session, self._course_id)

    def _read_everyone(self, wanted: set[int]) -> None:
        self._tree = read_tree(self._client, self._moodle_id)
        with self._sessions() as session:
            items = Items(session, self._course_id, self._tree.categories)
            target = self._target(session, everyone=True)
        graded: set[int] = set()
        totals, whole = False, True
        with closing(self._reader.read(wanted, len(wanted))) as batches:
            for batch in batches:
                graded.update(grades.user_id for grades in batch.gradebooks)
                whole = whole and batch.way is Way.WHOLE
                totals = totals or any(grades.course_total for grades in batch.gradebooks)
                self._store(target, items, batch)
        left_out = items.left_out(self._tree.items) and self._left_out(items)
        if not wanted and self._people is not None and self._people.others:
            # Nobody is called a learner: whom the gradebook counts is still to be known.
            for batch in self._reader.read(self._people.others, len(self._people.others)):
                graded.update(grades.user_id for grades in batch.gradebooks)
        with self._sessions.begin() as session:
            self._hold(session)
            moment = clock.now()
            # Read by pieces, the gradebook says nothing of those who were not asked for.
            if self._people is not None and whole:
                self._people.store_others(session, graded, moment)
            items.note_gone(session, moment, self._last_whole)
            covered = {self._accounts[number] for number in graded & self._accounts.keys()}
            end_coverage(session, self._course_id, covered, self._last_whole)
            pull = session.get_one(Pull, self._pull_id)
            pull.warnings = warnings_of(graded=bool(graded), learners=bool(wanted), totals=totals)
            if left_out:
                pull.warnings = [*pull.warnings, ITEMS_LEFT_OUT]
            if note_counted(session, self._course_id, self._began):
                pull.warnings = [*pull.warnings, OWN_COLUMN_COUNTS]

    def _read_some(self, wanted: set[int]) -> None:
        if not wanted:
            return
        with self._sessions() as session:
            items = Items(session, self._course_id)
            target = self._target(session, everyone=False)
            people = known_people(session, [self._accounts[number] for number in wanted])
        with closing(self._reader.read(wanted, len(self._accounts))) as batches:
            for read in batches:
                # Where a whole course costs less than its few, the others come along unasked.
                kept = [one for one in read.gradebooks if one.user_id in wanted]
                batch = replace(read, gradebooks=kept)
                proved = self._identity.is_proved_by(batch.gradebooks, people)
                if not self._identified and not proved:
                    self._identify()
                self._store(target, items, batch)
        left_out = items.missed() and self._left_out(items)
        with self._sessions.begin() as session:
            self._hold(session)
            # Every gradebook has every column of the course: what one lacks is gone for all.
            items.note_gone(session, clock.now(), self._last_whole)
            session.get_one(Pull, self._pull_id).warnings = [ITEMS_LEFT_OUT] if left_out else []
            note_counted(session, self._course_id, self._began)

    def _read_completions(self, numbers: list[int]) -> None:
        for batch in self._reader.completions(numbers):
            readings = {self._accounts[number]: one for number, one in batch.completions.items()}
            with self._sessions.begin() as session:
                self._hold(session)
                changed = store_completions(
                    session, self._course_id, self._pull_id, readings, clock.now()
                )
                self._note(session, Counts(read=len(readings), changed=changed))
            self._advance(len(readings))

    def _read_competencies(self) -> None:
        rated = self._wanted(Part.COMPETENCIES, self._scope.competencies)
        if rated:
            asked = {number: self._accounts[number] for number in rated}
            stage = CompetencyReading(
                self._sessions, self._client, self._course_id, self._throttle.patiently
            )
            stage.read(asked, lambda: self._progress(self._done, self._total))

    def _store(self, target: Target, items: Items, batch: Batch) -> None:
        with self._sessions.begin() as session:
            self._hold(session)
            moment = clock.now()
            counts = store_gradebooks(session, target, items, batch.gradebooks, batch.way, moment)
            for number, reason in batch.unreadable.items():
                note_unreadable(session, self._course_id, self._accounts[number], reason, moment)
            self._note(session, counts)
            # At once: totals that may be wrong are never stored without it, were the reading killed.
            left_out = items.left_out(self._tree.items)
            session.get_one(Pull, self._pull_id).warnings = [ITEMS_LEFT_OUT] if left_out else []
        self._advance(len(batch.gradebooks) + len(batch.unreadable))

    def _left_out(self, items: Items) -> bool:
        """Whether columns that were in no answer still exist, now that the gradebook was read."""
        return bool(items.left_out(read_tree(self._client, self._moodle_id).items))

    def _note(self, session: Session, counts: Counts) -> None:
        self._counts.add(counts)
        pull = session.get_one(Pull, self._pull_id)
        pull.read, pull.changed = self._counts.read, self._counts.changed

    def _advance(self, learners: int) -> None:
        self._done = min(self._done + learners, self._total)
        self._progress(self._done, self._total)

    def _target(self, session: Session, *, everyone: bool) -> Target:
        ours = own_columns(session, [self._course_id]).get(self._course_id, set())
        return Target(self._course_id, self._pull_id, self._accounts, frozenset(ours), everyone)
