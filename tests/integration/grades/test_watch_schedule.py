"""Whose turn it is, what the nights read, and which signs are followed without a report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.grades.models import DueReading, Pull
from lti_tool.grades.rules.scope import Part
from lti_tool.grades.watching.due import WATCH_SITE
from lti_tool.grades.watching.models import SiteWatch
from lti_tool.grades.watching.nights import mark_tonight
from lti_tool.grades.watching.signals import follow_signals
from lti_tool.grades.watching.tasks import WATCH_DUE
from lti_tool.jobs import Job, Priority, enqueue
from lti_tool.jobs.runner import run_due_jobs
from lti_tool.people.models import Account, CourseRole
from lti_tool.people.sessions import create_session
from lti_tool.platforms.models import Course, Site
from lti_tool.referential.models import Domain
from lti_tool.settings import Settings
from tests.contract.moodle_client.site import Answer, Received, running_site
from tests.contract.moodle_client.site import Site as Server
from tests.factories import MOMENT, make_course, make_person, make_site, map_course
from tests.integration.grades.watched_report import ReportSite, Row, refused

NIGHT = datetime(2026, 11, 23, 3, 50, tzinfo=UTC)
"""4:50 in Paris."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One server for the module."""
    with running_site() as site:
        yield site


@pytest.fixture
def site(session: Session, server: Server) -> Site:
    """A site with a token and two mapped courses, 2 and 3."""
    server.reset()
    made = make_site(session, server.url, token="5" * 32)
    domain = Domain(number=1, code="RMP-ADL-1", label_fr="Un", label_en="One")
    session.add(domain)
    session.flush()
    for number in (2, 3):
        map_course(session, make_course(session, made, number), domain, MOMENT)
    make_course(session, made, 4)
    session.commit()
    return made


def marked(session: Session) -> list[tuple[int, int | None, list[str], int]]:
    """Moodle's number of the course, the person, the parts and the priority of each mark."""
    rows = session.execute(
        select(Course.moodle_id, DueReading.subject, DueReading.parts, DueReading.priority)
        .join(Course, Course.id == DueReading.course_id)
        .order_by(Course.moodle_id, DueReading.subject)
    ).all()
    session.rollback()
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def read_whole(session: Session, moodle_id: int, at: datetime) -> None:
    """Have a course read whole at a moment."""
    course = session.scalars(select(Course).where(Course.moodle_id == moodle_id)).one()
    session.add(Pull(course_id=course.id, started_at=at, finished_at=at, warnings=[]))
    session.commit()


def test_a_site_is_watched_when_its_turn_has_come_and_once(
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    site: Site,
    server: Server,
) -> None:
    report = ReportSite(server, [Row(10), Row(11, course=3)])
    session.rollback()
    for _ in range(2):
        with sessions.begin() as asking:
            enqueue(asking, WATCH_DUE, {})
        run_due_jobs(sessions, settings)
    watches = session.scalars(select(Job).where(Job.kind == WATCH_SITE)).all()
    assert [(job.state, job.result and job.result["rows"]) for job in watches] == [("done", 2)]
    assert report.asked.count(("list_reports", 0)) == 1


def test_the_night_marks_the_oldest_courses_whole_and_day_marks_nothing(
    session: Session, sessions: sessionmaker[Session], settings: Settings, site: Site
) -> None:
    read_whole(session, 2, NIGHT - timedelta(days=9))
    read_whole(session, 3, NIGHT - timedelta(days=1))
    with clock.set_to(NIGHT.replace(hour=12)):
        assert mark_tonight(sessions, settings) == 0
    with clock.set_to(NIGHT):
        assert mark_tonight(sessions, settings) == 1
        assert mark_tonight(sessions, settings) == 0
    assert marked(session) == [(2, None, sorted(Part), Priority.BACKGROUND)]


def test_the_night_leaves_completion_to_a_report_that_tells_it(
    session: Session, sessions: sessionmaker[Session], settings: Settings, site: Site
) -> None:
    read_whole(session, 2, NIGHT - timedelta(days=9))
    read_whole(session, 3, NIGHT)
    session.add(
        SiteWatch(
            site_id=site.id, next_at=NIGHT, read_at=NIGHT, layout={"completed": 4}, signature="s"
        )
    )
    session.commit()
    with clock.set_to(NIGHT):
        mark_tonight(sessions, settings)
    rest = {Part.GRADES, Part.MEMBERSHIP, Part.COMPETENCIES}
    assert [row[2] for row in marked(session)] == [sorted(rest)]


@pytest.mark.parametrize(
    "blind",
    [
        {"reset_at": NIGHT - timedelta(days=1)},
        {"conditions": '{"role:name_operator": 1, "role:name_value": 5}'},
        {"error_code": "WATCH-CUT"},
    ],
)
def test_the_night_reads_the_completion_that_the_watch_cannot_have_seen(
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    site: Site,
    blind: dict[str, object],
) -> None:
    read_whole(session, 2, NIGHT - timedelta(days=9))
    read_whole(session, 3, NIGHT)
    layout = {"completed": 4}
    session.add(SiteWatch(site_id=site.id, next_at=NIGHT, read_at=NIGHT, layout=layout, **blind))
    session.commit()
    with clock.set_to(NIGHT):
        mark_tonight(sessions, settings)
    assert [row[2] for row in marked(session)] == [sorted(Part)]


class NoReportSite:
    """A Moodle without a report, whose people come to course 2 and whose assignments are graded."""

    def __init__(self, server: Server, now: datetime) -> None:
        self.now = int(now.timestamp())
        self.refused: set[str] = {"core_reportbuilder_list_reports"}
        server.always(self._answer)

    def _answer(self, request: Received) -> Answer:
        name = request.form["wsfunction"]
        if name in self.refused:
            return refused("accessexception")
        if name == "mod_assign_get_assignments":
            assignment = {"id": 5, "cmid": 6, "course": 2, "name": "Devoir fictif", "grade": 20}
            course = {"id": 2, "shortname": "C2", "assignments": [assignment]}
            return Answer.of({"courses": [course], "warnings": []})
        if name == "mod_assign_get_grades":
            grade = {
                "id": 1,
                "userid": 21,
                "attemptnumber": 0,
                "grade": "15.00000",
                "grader": 2,
                "timemodified": self.now,
            }
            given = {"assignmentid": 5, "grades": [grade]}
            return Answer.of({"assignments": [given], "warnings": []})
        if name == "core_enrol_get_enrolled_users":
            people = {"2": [(21, self.now), (22, self.now), (23, 0)]}
            listed = people.get(request.form["courseid"], [])
            return Answer.of([{"id": n, "lastcourseaccess": at} for n, at in listed])
        return refused("invalidrecord")


@pytest.fixture
def launched(session: Session, site: Site) -> None:
    """A learner, and a trainer, just opened the tool: from course 3, from course 2."""
    for number, moodle_id, role in ((31, 3, CourseRole.LEARNER), (41, 2, CourseRole.TRAINER)):
        person = make_person(session, site=site, subject=str(number))
        course = session.scalars(select(Course).where(Course.moodle_id == moodle_id)).one()
        create_session(session, person.id, {course.id: role})
    assert session.scalars(select(Account.subject)).all() == ["31", "41"]
    session.commit()


@pytest.mark.usefixtures("launched")
def test_without_a_report_signs_are_followed_the_strongest_first(
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    site: Site,
    server: Server,
) -> None:
    NoReportSite(server, clock.now())
    for number in (2, 3):
        read_whole(session, number, clock.now())
    session.add(SiteWatch(site_id=site.id, next_at=clock.now()))
    session.commit()
    site_id = site.id
    session.rollback()
    found = follow_signals(sessions, settings, site_id)
    assert (found.learners, found.courses) == (3, 1)
    assert {(course, person) for course, person, _parts, _priority in marked(session)} == {
        (2, 21),
        (2, 22),
        (3, 31),
        (2, None),
    }


def test_what_a_missing_right_forbids_is_done_without(
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    site: Site,
    server: Server,
) -> None:
    moodle = NoReportSite(server, clock.now())
    moodle.refused |= {"mod_assign_get_assignments"}
    for number in (2, 3):
        read_whole(session, number, clock.now())
    session.add(SiteWatch(site_id=site.id, next_at=clock.now()))
    session.commit()
    site_id = site.id
    session.rollback()
    follow_signals(sessions, settings, site_id)
    assert [(course, person) for course, person, *_ in marked(session)] == [(2, 21), (2, 22)]


def test_without_a_budget_no_sign_is_followed(
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    site: Site,
    server: Server,
) -> None:
    NoReportSite(server, clock.now())
    session.add(SiteWatch(site_id=site.id, next_at=clock.now()))
    session.commit()
    site_id = site.id
    session.rollback()
    poor = settings.model_copy(update={"signal_seconds": 0.0})
    follow_signals(sessions, poor, site_id)
    assert marked(session) == []
