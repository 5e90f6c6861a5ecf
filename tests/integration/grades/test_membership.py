"""Web services and roster together: which of them is right about whom (decision 0030)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from lti_tool.grades.membership import Membership, Source, learners_present, members_of_course
from lti_tool.grades.models import EnrolledAs, Enrolment, EnrolmentState, Pull
from lti_tool.lti.models import ContextServices, Member
from lti_tool.people.models import CourseRole, Person
from lti_tool.people.sessions import create_session
from lti_tool.platforms.models import Course, Registration
from tests.factories import MOMENT, make_course, make_person, make_site

EARLIER, LATER = MOMENT, MOMENT + timedelta(days=1)
ACTIVE, INACTIVE, GONE = EnrolmentState.ACTIVE, EnrolmentState.INACTIVE, EnrolmentState.GONE


@dataclass(slots=True)
class Scene:
    """A course and one person, of whom two sources speak."""

    session: Session
    course: Course
    person: Person

    def web_services(
        self,
        state: EnrolmentState,
        at: datetime = EARLIER,
        role: CourseRole | EnrolledAs = CourseRole.LEARNER,
    ) -> None:
        """Have the web services say something."""
        self.session.add_all(
            [
                Enrolment(
                    course_id=self.course.id,
                    account_id=self.person.accounts[0].id,
                    role=role,
                    state=state,
                    seen_at=at,
                ),
                Pull(course_id=self.course.id, started_at=at, finished_at=at, warnings=[]),
            ]
        )
        self.session.flush()

    def roster(self, *, listed: bool, at: datetime = LATER, role: str = "Learner") -> None:
        """Have the roster say something."""
        self.session.add(
            Member(
                course_id=self.course.id,
                account_id=self.person.accounts[0].id,
                roles=[role],
                first_seen_at=EARLIER,
                seen_at=at,
                gone_at=None if listed else at,
            )
        )
        registration = self.session.query(Registration).one()
        self.session.add(
            ContextServices(
                course_id=self.course.id,
                registration_id=registration.id,
                scopes=[],
                seen_at=at,
                roster_read_at=at,
            )
        )
        self.session.flush()

    def known(self) -> Membership:
        """What is held to be true."""
        [found] = members_of_course(self.session, self.course.id)
        return found


@pytest.fixture
def scene(session: Session) -> Scene:
    """A course and one person."""
    site = make_site(session)
    return Scene(session, make_course(session, site), make_person(session, site=site))


@pytest.mark.parametrize("state", list(EnrolmentState))
def test_without_a_roster_the_web_services_are_right(scene: Scene, state: EnrolmentState) -> None:
    scene.web_services(state)
    assert (scene.known().state, scene.known().source) == (state, Source.WEB_SERVICES)


@pytest.mark.parametrize(("listed", "state"), [(True, ACTIVE), (False, GONE)])
def test_without_web_services_the_roster_gives_the_members(
    scene: Scene, listed: bool, state: EnrolmentState
) -> None:
    scene.roster(listed=listed)
    assert (scene.known().state, scene.known().source) == (state, Source.ROSTER)


@pytest.mark.parametrize(
    ("enrolled", "listed", "state"),
    [
        (ACTIVE, True, ACTIVE),
        (ACTIVE, False, GONE),
        (INACTIVE, False, INACTIVE),
        (EnrolmentState.SUSPENDED, False, EnrolmentState.SUSPENDED),
        (EnrolmentState.EXPIRED, False, EnrolmentState.EXPIRED),
        (EnrolmentState.FUTURE, True, ACTIVE),
        (INACTIVE, True, ACTIVE),
        (GONE, True, ACTIVE),
        (GONE, False, GONE),
    ],
)
def test_a_later_roster_is_right_but_cannot_know_of_suspensions(
    scene: Scene, enrolled: EnrolmentState, listed: bool, state: EnrolmentState
) -> None:
    scene.web_services(enrolled, EARLIER)
    scene.roster(listed=listed, at=LATER)
    assert scene.known().state is state


@pytest.mark.parametrize("enrolled", list(EnrolmentState))
@pytest.mark.parametrize("listed", [True, False])
def test_later_web_services_are_right(scene: Scene, enrolled: EnrolmentState, listed: bool) -> None:
    scene.web_services(enrolled, LATER)
    scene.roster(listed=listed, at=EARLIER)
    assert scene.known().state is enrolled


def test_a_non_editing_teacher_is_a_trainer_for_the_web_services_whatever_the_roster_says(
    scene: Scene,
) -> None:
    scene.web_services(ACTIVE, role=CourseRole.TRAINER)
    scene.roster(listed=True, role="Learner")
    assert scene.known().role is CourseRole.TRAINER
    assert list(learners_present(scene.session, scene.course.id)) == []


def test_a_non_editing_teacher_who_was_launched_as_a_trainer_is_one(scene: Scene) -> None:
    scene.roster(listed=True, role="Learner")
    assert scene.known().role is CourseRole.LEARNER
    create_session(scene.session, scene.person.id, {scene.course.id: CourseRole.TRAINER})
    scene.session.flush()
    assert scene.known().role is CourseRole.TRAINER


def test_a_launch_as_a_trainer_of_another_course_says_nothing_here(scene: Scene) -> None:
    scene.roster(listed=True)
    other = make_course(scene.session, scene.course.site)
    create_session(scene.session, scene.person.id, {other.id: CourseRole.TRAINER})
    scene.session.flush()
    assert scene.known().role is CourseRole.LEARNER


def test_a_role_that_says_nothing_to_us_is_left_out(scene: Scene) -> None:
    scene.roster(listed=True, role="Mentor")
    assert members_of_course(scene.session, scene.course.id) == []


OTHER = EnrolledAs.OTHER


@pytest.mark.parametrize("roster_at", [EARLIER - timedelta(days=1), LATER])
def test_a_lead_whom_the_roster_calls_a_learner_is_none_once_the_web_services_spoke(
    scene: Scene, roster_at: datetime
) -> None:
    """Whichever was read last: who one is in a course does not depend on it."""
    scene.web_services(ACTIVE, role=OTHER)
    scene.roster(listed=True, at=roster_at, role="Learner")
    assert members_of_course(scene.session, scene.course.id) == []


def test_other_roles_take_nothing_from_a_trainer(scene: Scene) -> None:
    scene.web_services(ACTIVE, role=OTHER)
    scene.roster(listed=True, role="Instructor")
    assert scene.known().role is CourseRole.TRAINER


def test_who_left_and_came_back_is_what_the_roster_says(scene: Scene) -> None:
    scene.web_services(GONE, role=OTHER)
    scene.roster(listed=True, role="Learner")
    assert (scene.known().role, scene.known().state) == (CourseRole.LEARNER, ACTIVE)
