"""What the gradebook should show: who is certified, how far each learner is, and nothing hidden."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.certification.models import Award, AwardState
from lti_tool.certification.service.awards import approve
from lti_tool.certification.service.evaluation import propose_in_course
from lti_tool.certification.service.outcomes import outcomes_of_course
from lti_tool.grades.models import Enrolment, EnrolmentState
from lti_tool.jobs import Job, enqueue
from lti_tool.jobs.runner import run_due_jobs
from lti_tool.lti.gradebook.outcomes import Outcomes, Wanted
from lti_tool.lti.gradebook.service import PUBLISH
from lti_tool.lti.models import LineItem, Outcome
from lti_tool.people.models import CourseRole
from lti_tool.platforms.models import Registration
from lti_tool.referential.models import CourseMapping
from lti_tool.settings import Settings
from tests.integration.certification.world import World


def wanted(world: World, outcome: Outcome) -> Wanted | None:
    found = outcomes_of_course(world.session, world.course.id, outcome)
    assert found.wanted is not None
    return found.wanted.get(world.account(world.learner).id)


def published(world: World, outcome: Outcome = Outcome.CERTIFIED) -> None:
    world.session.add(
        LineItem(
            course_id=world.course.id,
            registration_id=world.session.scalars(select(Registration.id)).one(),
            outcome=outcome,
            label="Colonne",
            score_maximum=Decimal(100),
            created_at=clock.now(),
        )
    )
    world.session.commit()


def queued(world: World) -> int:
    return len(world.session.scalars(select(Job).where(Job.kind == PUBLISH)).all())


def test_who_is_not_certified_has_no_score(world: World) -> None:
    world.satisfy(world.learner)
    propose_in_course(world.session, world.course.id)
    assert wanted(world, Outcome.CERTIFIED) is None


def test_who_is_certified_has_the_maximum_with_the_date(world: World) -> None:
    world.satisfy(world.learner)
    propose_in_course(world.session, world.course.id)
    award = approve(
        world.session, world.session.scalars(select(Award)).one(), actor_id=world.trainer.id
    )
    score = wanted(world, Outcome.CERTIFIED)
    assert score is not None
    assert score.given == 100
    assert score.comment.startswith("Certification RMP-ADL\u00a04 délivrée le ")
    for state in (AwardState.SUSPENDED, AwardState.REVOKED, AwardState.EXPIRED):
        award.state = state
        world.session.commit()
        assert wanted(world, Outcome.CERTIFIED) is None


def test_progress_is_the_share_of_what_the_learner_sees(world: World) -> None:
    assert wanted(world, Outcome.PROGRESS) is None
    world.satisfy(world.learner)
    score = wanted(world, Outcome.PROGRESS)
    assert score is not None
    assert score.given == 100
    assert "\n" not in score.comment


def test_a_hidden_grade_does_not_come_out_through_progress(world: World) -> None:
    """N6: passing or failing, a grade that is hidden gives the learner the same progress."""
    seen = set()
    for final in ("95", "5"):
        world.satisfy(world.learner)
        world.grade(world.learner, final, hidden=True)
        score = wanted(world, Outcome.PROGRESS)
        seen.add(None if score is None else (score.given, score.comment))
    assert len(seen) == 1


def test_only_active_learners_are_published(world: World) -> None:
    """Row 43."""
    account = world.account(world.learner).id
    enrolment = world.session.scalars(
        select(Enrolment).where(Enrolment.account_id == account)
    ).one()

    def learners() -> frozenset[int]:
        return outcomes_of_course(world.session, world.course.id, Outcome.CERTIFIED).learners

    assert account in learners()
    for state in (EnrolmentState.INACTIVE, EnrolmentState.GONE):
        enrolment.state = state
        assert account not in learners()
    enrolment.state, enrolment.role = EnrolmentState.ACTIVE, CourseRole.TRAINER
    assert account not in learners()


def test_a_course_that_counts_for_nothing_leaves_its_progress_as_it_is(world: World) -> None:
    for mapping in world.session.scalars(select(CourseMapping)):
        mapping.valid_to = clock.now()
    world.session.commit()
    found = outcomes_of_course(world.session, world.course.id, Outcome.PROGRESS)
    assert found == Outcomes(found.learners, None)


def test_an_award_that_is_issued_is_published_by_itself(world: World) -> None:
    published(world)
    world.satisfy(world.learner)
    propose_in_course(world.session, world.course.id)
    before = queued(world)
    approve(world.session, world.session.scalars(select(Award)).one(), actor_id=world.trainer.id)
    assert before <= queued(world) == 1


def test_nothing_is_queued_where_nothing_is_published(world: World) -> None:
    world.satisfy(world.learner)
    propose_in_course(world.session, world.course.id)
    approve(world.session, world.session.scalars(select(Award)).one(), actor_id=world.trainer.id)
    assert queued(world) == 0


def test_an_evaluation_is_followed_by_a_publication(
    world: World, sessions: sessionmaker[Session], settings: Settings
) -> None:
    published(world)
    enqueue(world.session, "certification.evaluate_course", {"course_id": world.course.id})
    world.session.commit()
    run_due_jobs(sessions, settings)
    assert queued(world) == 1
