"""Courses of many learners, written in bulk; every person is invented.

Every fourth learner meets all criteria, the others lack one: the grade, its value or the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.certification.models import (
    Award,
    Evidence,
    EvidenceKind,
    EvidenceReview,
    EvidenceState,
)
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.service.evaluation import evaluate_people, targets_of_course
from lti_tool.grades.models import (
    CompletionSnapshot,
    CurrentGrade,
    Enrolment,
    EnrolmentState,
    GradeItem,
    GradeSnapshot,
    Pull,
)
from lti_tool.people.models import CourseRole, Person
from lti_tool.platforms.models import Course, Site
from lti_tool.referential.models import Domain
from tests.benchmarks.crowd import insert_rows
from tests.factories import make_course, make_person, map_course

COLUMNS = 4
"""Grade items of a course: its total and three activities."""
PASSING = Decimal("75.00000")
FAILING = Decimal("40.00000")
OUTCOMES = ("ready", "not graded", "failed", "no evidence")


@dataclass(frozen=True, slots=True)
class Classroom:
    """A course that counts for one domain, with its trainer and learners."""

    course_id: int
    trainer_id: int
    person_ids: tuple[int, ...]

    @classmethod
    def make(
        cls,
        session: Session,
        site: Site,
        learners: list[tuple[int, int]],
        *,
        domain: int = 4,
        all_ready: bool = False,
    ) -> Classroom:
        """Make the course, read from Moodle a moment ago, and its proposals; commit.

        Args:
            session: on an installation with the referential and the base rules.
            site: where the course is.
            learners: (person, account) of each learner.
            domain: number of the domain for which it counts.
            all_ready: whether everybody meets all criteria.
        """
        moment = clock.now()
        course = make_course(session, site)
        target = session.scalars(select(Domain).where(Domain.number == domain)).one()
        map_course(session, course, target, moment - timedelta(days=100))
        trainer = make_person(session, "Tiana Formatrice", site)
        outcomes = ["ready" if all_ready else OUTCOMES[n % 4] for n in range(len(learners))]
        _enrol(session, course, learners)
        _read(session, course, learners, outcomes)
        _prove(session, course, target, trainer, learners, outcomes)
        _propose(session, course, learners, outcomes)
        session.commit()
        return cls(course.id, trainer.id, tuple(person for person, _account in learners))


def _enrol(session: Session, course: Course, learners: list[tuple[int, int]]) -> None:
    moment = clock.now()
    insert_rows(
        session,
        Enrolment,
        [
            {
                "course_id": course.id,
                "account_id": account,
                "role": CourseRole.LEARNER,
                "state": EnrolmentState.ACTIVE,
                "last_access": moment - timedelta(days=account % 50),
                "seen_at": moment,
            }
            for _person, account in learners
        ],
    )


def _read(
    session: Session, course: Course, learners: list[tuple[int, int]], outcomes: list[str]
) -> None:
    moment = clock.now()
    pull = Pull(course_id=course.id, started_at=moment, finished_at=moment, warnings=[])
    session.add(pull)
    session.flush()
    items = insert_rows(
        session,
        GradeItem,
        [
            {
                "course_id": course.id,
                "moodle_id": rank,
                "item_type": "mod" if rank else "course",
                "idnumber": f"{course.idnumber}-{rank}" if rank else "",
                "seen_at": moment,
            }
            for rank in range(COLUMNS)
        ],
    )
    finals = {"not graded": None, "failed": FAILING}
    rows = [
        {
            "item_id": item,
            "account_id": account,
            "pull_id": pull.id,
            "final": finals.get(outcome, PASSING),
            "grade_min": Decimal(0),
            "grade_max": Decimal(100),
            "hidden": False,
            "overridden": False,
            "locked": False,
            "excluded": False,
            "needs_update": False,
            "read_at": moment,
        }
        for (_person, account), outcome in zip(learners, outcomes, strict=True)
        for item in items
    ]
    snapshots = insert_rows(session, GradeSnapshot, rows)
    session.execute(
        insert(CurrentGrade),
        [
            {
                "account_id": row["account_id"],
                "item_id": row["item_id"],
                "snapshot_id": snapshot,
            }
            for row, snapshot in zip(rows, snapshots, strict=True)
        ],
    )
    insert_rows(
        session,
        CompletionSnapshot,
        [
            {
                "course_id": course.id,
                "account_id": account,
                "pull_id": pull.id,
                "completed": True,
                "criteria": [],
                "read_at": moment,
            }
            for _person, account in learners
        ],
    )


def _prove(
    session: Session,
    course: Course,
    domain: Domain,
    trainer: Person,
    learners: list[tuple[int, int]],
    outcomes: list[str],
) -> None:
    moment = clock.now()
    evidence = insert_rows(
        session,
        Evidence,
        [
            {
                "author_id": person,
                "domain_id": domain.id,
                "course_id": course.id,
                "kind": EvidenceKind.REAL_ACTION,
                "title": "Audition fictive au conseil",
                "happened_on": moment.date() - timedelta(days=20),
                "state": EvidenceState.ACCEPTED,
                "created_at": moment,
                "submitted_at": moment,
            }
            for (person, _account), outcome in zip(learners, outcomes, strict=True)
            if outcome != "no evidence"
        ],
    )
    insert_rows(
        session,
        EvidenceReview,
        [
            {
                "evidence_id": one,
                "reviewer_id": trainer.id,
                "reviewer_role": "trainer",
                "state": EvidenceState.ACCEPTED,
                "at": moment,
            }
            for one in evidence
        ],
    )


def _propose(
    session: Session, course: Course, learners: list[tuple[int, int]], outcomes: list[str]
) -> None:
    """Propose whoever is ready, as the evaluation after a reading does one by one."""
    ready = [
        person
        for (person, _account), outcome in zip(learners, outcomes, strict=True)
        if outcome == "ready"
    ]
    (target,) = targets_of_course(session, course.id)
    insert_rows(
        session,
        Award,
        [
            {
                "person_id": person,
                "domain_id": target.domain.id,
                "rule_id": target.published.id,
                "course_id": course.id,
                "route": decision.route.value,
                "decision": decision.to_dict(),
                "proposed_at": clock.now(),
            }
            for person, decision in evaluate_people(session, target, ready).items()
            if decision.status is Status.SATISFIED
        ],
    )
