"""Carries out a plan: whole course, groups or learners, several calls at once, each learner once.

What is read is handed over by small batches to the one who stores it: nothing of the course is ever
held whole.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lti_tool.grades.reading.batches import batches
from lti_tool.grades.reading.completions import (
    NO_CRITERIA,
    PERSON_ERRORS,
    CompletionReading,
    read_completion,
)
from lti_tool.grades.reading.pacing import Put, Throttle, Unit
from lti_tool.grades.rules.plan import Costs, Measure, Step, Way, died_of_time, plan, wants_groups
from moodle_client import (
    AnswerTooLarge,
    MissingCapability,
    MissingFunction,
    MoodleClient,
    MoodleError,
    MoodleTimeout,
    ServerFailure,
    TruncatedAnswer,
    Unreachable,
    UserGrades,
    UserSuspended,
)

BATCH = 100
"""Learners that are handed over, and stored, together."""
OF_TIME = (MoodleTimeout, ServerFailure, TruncatedAnswer, AnswerTooLarge, Unreachable)
"""What a call that was too long looks like."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some learners, as one call or several told of them."""

    way: Way
    gradebooks: Sequence[UserGrades] = ()
    unreadable: Mapping[int, str] = field(default_factory=dict)
    """Word of why, by Moodle's user id (M5)."""
    completions: Mapping[int, CompletionReading] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _TooLong:
    """A call that died of its length."""

    seconds: float
    learners: int


class GradebookReader:
    """Reads the gradebook of one course, or of some of its learners.

    Args:
        client: of the site.
        moodle_id: Moodle's number of the course.
        throttle: how many calls at once the site is given.
        costs: what reading cost so far.
    """

    def __init__(
        self, client: MoodleClient, moodle_id: int, throttle: Throttle, costs: Costs
    ) -> None:
        self._client, self._moodle_id = client, moodle_id
        self._throttle, self._costs = throttle, costs
        self._known_groups: dict[int, frozenset[int]] | None = None
        self.measures: list[tuple[Measure, float]] = []
        """What reading took, in seconds."""

    def read(self, wanted: Collection[int], present: int) -> Generator[Batch]:
        """Yield the gradebook of every learner wanted, once each, by the cheapest calls.

        A call that dies of its length is given up for smaller ones, in the same reading; who was
        read before it died is not read again. Who is not in the gradebook of the active is not
        yielded.

        Args:
            wanted: Moodle's user ids.
            present: active learners of the course.

        Raises:
            MoodleError: the site cannot be read; what was yielded is sound.
        """
        left, cut = set(wanted), True
        while left and cut:
            steps = plan(left, present, self._costs)
            if wants_groups(left, present, self._costs):
                steps = plan(left, present, self._costs, self._groups())
            cut = False
            for told in self._carry_out(steps, present):
                if isinstance(told, _TooLong):
                    self._shorten(told)
                    cut = True
                    continue
                left.difference_update(grades.user_id for grades in told.gradebooks)
                left.difference_update(told.unreadable)
                yield told
            of_groups = {n for step in steps if step.way is Way.GROUP for n in step.learners}
            if not cut and (missed := left & of_groups):
                # They left their group after its members were told: they are still to be read.
                yield from self._singles(sorted(missed))

    def completions(self, numbers: Sequence[int]) -> Iterator[Batch]:
        """Yield the completion of learners; a course without criteria costs one call."""
        if not numbers:
            return
        first = self._completion(numbers[0])
        yield Batch(Way.SINGLE, completions={numbers[0]: first})
        if first.reason == NO_CRITERIA:
            for part in batches(numbers[1:], BATCH):
                yield Batch(Way.SINGLE, completions=dict.fromkeys(part, first))
            return

        def unit(number: int) -> Unit[dict[int, CompletionReading]]:
            return lambda put: put({number: self._completion(number)})

        found = self._throttle.lanes([unit(number) for number in numbers[1:]])
        for some in batches(found, BATCH):
            told = {number: one for entry in some for number, one in entry.items()}
            yield Batch(Way.SINGLE, completions=told)

    def _carry_out(self, steps: Sequence[Step], present: int) -> Iterator[Batch | _TooLong]:
        if steps[0].way is Way.WHOLE:
            yield from self._whole(present)
            return
        groups = [step for step in steps if step.way is Way.GROUP]
        if groups:
            yield from self._throttle.lanes(
                [self._group(step, len(self._groups()[step.group or 0])) for step in groups]
            )
        singles = [number for step in steps if step.way is Way.SINGLE for number in step.learners]
        if singles:
            yield from self._singles(singles)

    def _whole(self, present: int) -> Iterator[Batch | _TooLong]:
        start = time.monotonic()
        try:
            learners = self._throttle.alone(
                lambda: self._client.iterate_grade_items(self._moodle_id), present
            )
            self.measures.append((Measure.WHOLE, (time.monotonic() - start) / max(present, 1)))
            for part in batches(learners, BATCH):
                yield Batch(Way.WHOLE, gradebooks=part)
        except OF_TIME as error:
            yield self._too_long(error, time.monotonic() - start, present)

    def _group(self, step: Step, size: int) -> Unit[Batch | _TooLong]:
        def read(put: Put[Batch | _TooLong]) -> None:
            kept, start = set(step.learners), time.monotonic()
            try:
                learners = self._throttle.once(
                    lambda: self._client.iterate_grade_items(self._moodle_id, step.group), size
                )
                self.measures.append((Measure.WHOLE, (time.monotonic() - start) / max(size, 1)))
                for part in batches((one for one in learners if one.user_id in kept), BATCH):
                    put(Batch(Way.GROUP, gradebooks=part))
            except OF_TIME as error:
                put(self._too_long(error, time.monotonic() - start, size))

        return read

    def _singles(self, numbers: Sequence[int]) -> Iterator[Batch]:
        def unit(number: int) -> Unit[UserGrades | tuple[int, str]]:
            return lambda put: put(self._single(number))

        found = self._throttle.lanes([unit(number) for number in numbers])
        for some in batches(found, BATCH):
            yield Batch(
                Way.SINGLE,
                gradebooks=[one for one in some if isinstance(one, UserGrades)],
                unreadable=dict(one for one in some if not isinstance(one, UserGrades)),
            )

    def _single(self, number: int) -> UserGrades | tuple[int, str]:
        start = time.monotonic()
        try:
            found = self._throttle.patiently(
                lambda: self._client.get_grade_items(self._moodle_id, number)
            )
        except PERSON_ERRORS as error:
            return number, "account_suspended" if isinstance(error, UserSuspended) else "gone"
        self.measures.append((Measure.SINGLE, time.monotonic() - start))
        return found[0] if found else (number, "gone")

    def _completion(self, number: int) -> CompletionReading:
        return self._throttle.patiently(
            lambda: read_completion(self._client, self._moodle_id, number)
        )

    def _groups(self) -> dict[int, frozenset[int]]:
        """Return the members of each group; none when the token may not know."""
        if self._known_groups is None:
            try:
                groups = self._client.get_course_groups(self._moodle_id)
                members = self._client.get_group_members([group.id for group in groups])
            except (MissingCapability, MissingFunction):
                members = []
            self._known_groups = {one.group_id: frozenset(one.user_ids) for one in members}
        return self._known_groups

    def _too_long(self, error: MoodleError, seconds: float, learners: int) -> _TooLong:
        """Return that a call died of its length, or raise its error when it did not."""
        died = died_of_time(seconds, learners, self._costs) or isinstance(error, MoodleTimeout)
        if died:
            self.measures.append((Measure.LIMIT, seconds))
        elif not isinstance(error, AnswerTooLarge | TruncatedAnswer):
            raise error
        return _TooLong(seconds, learners)

    def _shorten(self, told: _TooLong) -> None:
        """Plan for less from now on: what died would die again."""
        limit = min(self._costs.limit, told.seconds)
        whole = max(self._costs.whole, told.seconds / max(told.learners, 1))
        self._costs = replace(self._costs, limit=limit, whole=whole)
