"""The facts on which a rule is evaluated: what was read, when and where, and what people validated.

Built by the service from stored snapshots and evidence; nothing here reads Moodle or a database.
Unknown is `None`, never false and never 0 (specification §3.3, M1–M11).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

T = TypeVar("T")

COURSE_TOTAL = "course_total"
"""Item key of a course's total (`itemtype = course`, M10)."""


def idnumber_key(idnumber: str) -> str:
    """Return the item key of the grade item that carries this idnumber."""
    return f"idnumber:{idnumber}"


class UnreadableReason(StrEnum):
    """Why the last reading failed; the fact then carries the last snapshot that succeeded."""

    ACCOUNT_SUSPENDED = "account_suspended"
    ENROLMENT_SUSPENDED = "enrolment_suspended"
    ENROLMENT_EXPIRED = "enrolment_expired"
    ENROLMENT_FUTURE = "enrolment_future"
    ENROLMENT_INACTIVE = "enrolment_inactive"
    """Not in force, and nothing says why."""
    GONE = "gone"
    """No longer enrolled in the course."""
    MOODLE_UNREACHABLE = "moodle_unreachable"
    ACCESS_DENIED = "access_denied"
    """A right is missing; also a course total read without `moodle/grade:viewhidden` (M3)."""
    ITEM_NOT_FOUND = "item_not_found"
    NO_COMPLETION_CRITERIA = "no_completion_criteria"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeFact:
    """One learner's grade in one item, as last read."""

    site: str
    course: str
    """The course's key, as rules and mappings name it."""
    item: str
    """`COURSE_TOTAL` or `idnumber_key(…)`."""
    snapshot_id: str
    fetched_at: datetime
    final: Decimal | None
    """Moodle's `graderaw`: the final grade, overrides included (M1); None when not graded."""
    grademin: Decimal | None
    grademax: Decimal | None
    hidden: bool | None
    contains_hidden: bool = False
    """A total that counts grades hidden from the learner: its value would let them be computed."""
    contains_own: bool = False
    """A score that the tool published counts in it, or may: it must not feed the tool's decision."""
    overridden: bool | None = None
    override_confirmed: bool = False
    """A trainer confirmed the forced grade, with a reason."""
    locked: bool | None = None
    excluded: bool | None = None
    needs_update: bool | None = None
    label: str | None = None
    """Moodle's `gradeformatted` as plain text: no tags, entities decoded. Only scales read it."""
    deadline: datetime | None = None
    """When the course closes for this learner, if it does."""
    unreadable: UnreadableReason | None = None

    def __post_init__(self) -> None:
        """Refuse what would make a comparison meaningless: naive times and non-finite numbers."""
        _require_aware(self.fetched_at, self.deadline)
        for number in (self.final, self.grademin, self.grademax):
            if number is not None and not number.is_finite():
                raise ValueError("a grade and its bounds are finite numbers")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionFact:
    """Whether one learner completed one course, as last read."""

    site: str
    course: str
    snapshot_id: str
    fetched_at: datetime
    completed: bool | None
    completed_at: datetime | None = None
    deadline: datetime | None = None
    unreadable: UnreadableReason | None = None

    def __post_init__(self) -> None:
        """Refuse naive times."""
        _require_aware(self.fetched_at, self.completed_at, self.deadline)


class EvidenceKind(StrEnum):
    """The kinds of evidence a rule may ask for."""

    REAL_ACTION = "action_reelle"
    DECISION_TOOL = "outil_aide_decision"


class EvidenceState(StrEnum):
    """Where one author's piece of evidence stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    MORE_ASKED = "more_asked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ValidatorRole(StrEnum):
    """The quality in which somebody validates evidence for the domain."""

    TRAINER = "trainer"
    COORDINATOR = "coordinator"
    JURY = "jury"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFact:
    """One author's piece of evidence; a collective one gives one fact to each author."""

    id: str
    kind: EvidenceKind
    state: EvidenceState
    happened_on: date
    validated_by: str | None = None
    """Person id of the validator."""
    validator_is_independent: bool = False
    """Neither the author nor a partner lead of the author's association (§3.1)."""
    validator_roles: frozenset[ValidatorRole] = frozenset()
    """The roles the validator held for the domain on the day of the validation."""
    collective: bool = False
    contribution: str = ""
    """What this author did in a collective evidence."""


class MappingKind(StrEnum):
    """How a mapped course counts for its domain; optional courses never enter a rule."""

    REQUIRED = "required"
    CHOICE = "choice"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True, order=True)
class MappedCourse:
    """A course that counts for the domain; courses of one `group` are alternatives."""

    key: str
    kind: MappingKind = MappingKind.REQUIRED
    group: str = ""


def _require_aware(*moments: datetime | None) -> None:
    for moment in moments:
        if moment is not None and moment.tzinfo is None:
            raise ValueError("times of facts carry their time zone")


def _distinct(facts: Iterable[T], key: Callable[[T], object]) -> list[T]:
    found: dict[object, T] = {}
    for fact in facts:
        if key(fact) in found:
            raise ValueError(f"two facts for {key(fact)!r}")
        found[key(fact)] = fact
    return list(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything known of one person for one domain; make it with `Facts.of`."""

    person: str
    mapped: tuple[MappedCourse, ...]
    evidence: tuple[EvidenceFact, ...]
    _grades: Mapping[tuple[str, str], tuple[GradeFact, ...]] = field(repr=False)
    _completions: Mapping[str, tuple[CompletionFact, ...]] = field(repr=False)

    @classmethod
    def of(
        cls,
        person: str,
        *,
        grades: Iterable[GradeFact] = (),
        completions: Iterable[CompletionFact] = (),
        evidence: Iterable[EvidenceFact] = (),
        mapped: Iterable[MappedCourse] = (),
    ) -> "Facts":
        """Gather facts, whatever their order.

        Raises:
            ValueError: if two facts say the same thing (same site, course and item; same course
                completion; same evidence; same mapped course).
        """
        by_item: dict[tuple[str, str], tuple[GradeFact, ...]] = {}
        for grade in _distinct(grades, lambda g: (g.site, g.course, g.item)):
            key = (grade.course, grade.item)
            by_item[key] = tuple(sorted((*by_item.get(key, ()), grade), key=lambda g: g.site))
        by_course: dict[str, tuple[CompletionFact, ...]] = {}
        for done in _distinct(completions, lambda c: (c.site, c.course)):
            by_course[done.course] = tuple(
                sorted((*by_course.get(done.course, ()), done), key=lambda c: c.site)
            )
        return cls(
            person=person,
            mapped=tuple(sorted(_distinct(mapped, lambda m: m.key))),
            evidence=tuple(sorted(_distinct(evidence, lambda e: e.id), key=lambda e: e.id)),
            _grades=MappingProxyType(by_item),
            _completions=MappingProxyType(by_course),
        )

    def grades(self, course: str, item: str) -> tuple[GradeFact, ...]:
        """Return the grades of that item, one for each site where the course is taken."""
        return self._grades.get((course, item), ())

    def completions(self, course: str) -> tuple[CompletionFact, ...]:
        """Return the completions of that course, one for each site where it is taken."""
        return self._completions.get(course, ())
