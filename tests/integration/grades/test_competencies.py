"""Competencies rated in Moodle: kept as read, no grade invented, cheap, and never in the way of grades."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.demo.moodle import DemoMoodle, running_moodle
from lti_tool.demo.moodle.competencies import Rated
from lti_tool.demo.moodle.seed.standings import learner_id
from lti_tool.demo.moodle.seed.world import FIRST_TRAINER
from lti_tool.grades.competencies import reading
from lti_tool.grades.competencies.domains import domain_number
from lti_tool.grades.competencies.ratings import Rating, ratings_of
from lti_tool.grades.competencies.reading import CompetencyReading
from lti_tool.grades.models import CourseCompetency, CurrentRating, RatingSnapshot
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from moodle_client import Maintenance, MoodleClient
from tests.factories import make_course, make_person, make_site

COURSE, COMPETENCY = 6, 4
RATED, UNRATED = learner_id(2), learner_id(59)
NAME = "C04 Recherche scientifique et création de données d’aide à la prise de décision"


@pytest.fixture
def moodle() -> Iterator[DemoMoodle]:
    """The demonstration's Moodle, with one learner rated and one not."""
    with running_moodle(tool_url="http://tool.localhost") as site:
        book = site.world.competencies
        book.of_course[COURSE] = [COMPETENCY]
        book.ratings = {(COURSE, RATED, COMPETENCY): Rated(3, FIRST_TRAINER, 1_790_000_000)}
        yield site


@pytest.fixture
def client(moodle: DemoMoodle) -> Iterator[MoodleClient]:
    """A client of the peer."""
    with MoodleClient(moodle.base_url, moodle.service_token) as opened:
        yield opened


@pytest.fixture
def course(session: Session, moodle: DemoMoodle) -> Course:
    """The course of the peer that works on a competency."""
    return make_course(session, make_site(session, moodle.base_url), moodle_id=COURSE)


@pytest.fixture
def learners(session: Session, course: Course) -> dict[int, int]:
    """Two of its learners."""
    for number in (RATED, UNRATED):
        make_person(session, f"Personne Fictive {number}", course.site, subject=str(number))
    session.commit()
    rows = session.execute(
        select(Account.subject, Account.id).where(Account.site_id == course.site_id)
    ).all()
    session.commit()
    return {int(subject): account_id for subject, account_id in rows}


def counted(session: Session, table: type) -> int:
    """How many rows."""
    number = session.scalar(select(func.count()).select_from(table)) or 0
    session.commit()
    return number


def of(session: Session, course: Course, account_id: int) -> list[Rating]:
    """What is known of one learner."""
    person_id = session.get_one(Account, account_id).person_id
    found = ratings_of(session, course.id, [person_id])
    session.commit()
    return found.get(person_id, [])


def read_competencies(
    sessions: sessionmaker[Session],
    client: MoodleClient,
    course: Course,
    learners: dict[int, int],
    progress: Callable[[], None] = lambda: None,
) -> int:
    """The stage, at once; return how many ratings changed."""
    stage = CompetencyReading(sessions, client, course.id, lambda call: call())
    return stage.read(learners, progress)


def test_a_rating_is_kept_in_moodles_words_and_nothing_is_invented_for_who_has_none(
    session: Session,
    sessions: sessionmaker[Session],
    client: MoodleClient,
    course: Course,
    learners: dict[int, int],
) -> None:
    assert read_competencies(sessions, client, course, learners) == 1
    (rated,) = of(session, course, learners[RATED])
    assert (rated.label, rated.proficient, rated.domain) == ("Atteint", True, 4)
    assert rated.rated_at is not None
    assert int(rated.rated_at.timestamp()) == 1_790_000_000
    (unrated,) = of(session, course, learners[UNRATED])
    assert (unrated.is_rated, unrated.proficient, unrated.rated_at) == (False, None, None)
    (snapshot,) = session.scalars(select(RatingSnapshot))
    assert (snapshot.grade, snapshot.rated_by) == (3, FIRST_TRAINER)


def test_reading_again_writes_a_snapshot_only_where_the_rating_changed(
    session: Session,
    sessions: sessionmaker[Session],
    moodle: DemoMoodle,
    client: MoodleClient,
    course: Course,
    learners: dict[int, int],
) -> None:
    ratings = moodle.world.competencies.ratings
    read_competencies(sessions, client, course, learners)
    assert read_competencies(sessions, client, course, learners) == 0
    ratings[COURSE, RATED, COMPETENCY] = Rated(1, FIRST_TRAINER, 1_790_100_000)
    assert read_competencies(sessions, client, course, learners) == 1
    assert [one.proficient for one in of(session, course, learners[RATED])] == [False]
    del ratings[COURSE, RATED, COMPETENCY]
    assert read_competencies(sessions, client, course, learners) == 1
    assert [one.is_rated for one in of(session, course, learners[RATED])] == [False]
    assert counted(session, RatingSnapshot) == 3


def test_a_course_without_competencies_costs_one_call_and_one_that_loses_them_keeps_its_ratings(
    session: Session,
    sessions: sessionmaker[Session],
    moodle: DemoMoodle,
    client: MoodleClient,
    course: Course,
    learners: dict[int, int],
) -> None:
    read_competencies(sessions, client, course, learners)
    moodle.world.competencies.of_course[COURSE] = []
    batches: list[None] = []
    told = read_competencies(sessions, client, course, learners, lambda: batches.append(None))
    assert (told, batches) == (0, [])
    assert of(session, course, learners[RATED]) == []
    link = session.scalar(select(CourseCompetency))
    assert link is not None
    assert link.gone_at is not None
    session.commit()
    moodle.world.competencies.of_course[COURSE] = [COMPETENCY]
    assert read_competencies(sessions, client, course, learners) == 0
    assert [one.label for one in of(session, course, learners[RATED])] == ["Atteint"]


def test_a_big_course_goes_round_within_the_budget_the_longest_unread_first(
    session: Session,
    sessions: sessionmaker[Session],
    client: MoodleClient,
    course: Course,
    learners: dict[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "BUDGET", 1)
    for expected in (1, 2, 2):
        read_competencies(sessions, client, course, learners)
        assert counted(session, CurrentRating) == expected
    checked = session.execute(
        select(CurrentRating.account_id).order_by(CurrentRating.checked_at)
    ).scalars()
    assert checked.all() == [learners[UNRATED], learners[RATED]]


@pytest.mark.parametrize("what", ["function", "capability"])
def test_what_moodle_refuses_leaves_the_ratings_as_they_were(
    session: Session,
    sessions: sessionmaker[Session],
    moodle: DemoMoodle,
    client: MoodleClient,
    course: Course,
    learners: dict[int, int],
    what: str,
) -> None:
    read_competencies(sessions, client, course, learners)
    if what == "function":
        moodle.service_functions = {"core_webservice_get_site_info"}
    else:
        service = moodle.world.person_named("ws_rmp")
        service.capabilities.discard("moodle/competency:planview")
    assert read_competencies(sessions, client, course, learners) == 0
    assert [one.label for one in of(session, course, learners[RATED])] == ["Atteint"]


def test_a_moodle_that_does_not_answer_is_tried_again_later(
    sessions: sessionmaker[Session],
    moodle: DemoMoodle,
    client: MoodleClient,
    course: Course,
    learners: dict[int, int],
) -> None:
    moodle.switches.maintenance = "web"
    with pytest.raises(Maintenance):
        read_competencies(sessions, client, course, learners)


@pytest.mark.parametrize(
    ("idnumber", "number"),
    [
        ("RMP-ADL-C04", 4),
        ("RMP-ADL-C15", 15),
        (" rmp-adl-c1 ", 1),
        ("RMP-ADL-C16", None),
        ("RMP-ADL-C00", None),
        ("RMP-ADL-04", None),
        ("XRMP-ADL-C04", None),
        ("", None),
    ],
)
def test_a_competency_is_tied_to_the_domain_that_its_idnumber_names(
    idnumber: str, number: int | None
) -> None:
    assert domain_number(idnumber) == number
