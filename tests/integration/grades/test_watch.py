"""A watch marks exactly what moved, believes no empty report, and loses nothing on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.grades.due import mark_due, take_due
from lti_tool.grades.models import DueReading, EnrolledAs, Enrolment, Pull, Unreadable
from lti_tool.grades.reading.people import Enrolled
from lti_tool.grades.rules.scope import Part
from lti_tool.grades.storing.people import People
from lti_tool.grades.watching import storing
from lti_tool.grades.watching.errors import (
    ColumnsMissing,
    NoReport,
    OtherSite,
    ReportCut,
    ReportEmpty,
    ReportFault,
    ReportShrunk,
)
from lti_tool.grades.watching.models import SiteWatch, WatchedEnrolment
from lti_tool.grades.watching.service import Watched, watch_site
from lti_tool.jobs import Job, Priority
from lti_tool.partners.cohorts import SYNC_COHORTS
from lti_tool.partners.models import CohortLink
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from lti_tool.referential.models import Domain
from lti_tool.settings import Settings
from moodle_client import AccessDenied, EnrolledUser, MissingCapability, MoodleError, ServerFailure
from tests.contract.moodle_client.site import Answer, Site, running_site
from tests.factories import MOMENT, make_course, make_partner, make_site, map_course
from tests.integration.grades.watched_report import DAY, ENGLISH, ReportSite, Row, refused

GRADES, COMPLETION, MEMBERSHIP = [Part.GRADES], [Part.COMPLETION], [Part.MEMBERSHIP]
EVERYTHING = sorted(Part)
Watch = Callable[[], Watched]


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    """One server for the module."""
    with running_site() as site:
        yield site


@pytest.fixture
def report(server: Site) -> ReportSite:
    """A report of three people in one course."""
    server.reset()
    return ReportSite(
        server, [Row(10), Row(11, grade=""), Row(12, completed="Yes", completed_at=DAY)]
    )


@pytest.fixture
def course(session: Session, server: Site) -> Course:
    """The mapped course 2 of that site, read whole before; course 3 counts for nothing."""
    site = make_site(session, server.url, token="5" * 32)
    made = make_course(session, site, 2)
    make_course(session, site, 3)
    domain = Domain(number=1, code="RMP-ADL-1", label_fr="Un", label_en="One")
    session.add(domain)
    session.flush()
    map_course(session, made, domain, MOMENT)
    session.add(Pull(course_id=made.id, started_at=MOMENT, finished_at=MOMENT, warnings=[]))
    session.commit()
    return made


@pytest.fixture
def watch(
    sessions: sessionmaker[Session], settings: Settings, session: Session, course: Course
) -> Watch:
    """Watch the site now."""
    site_id = course.site_id
    session.rollback()  # a session that has read holds the lock of SQLite
    return lambda: watch_site(sessions, settings, site_id)


def marks(session: Session) -> dict[int | None, list[str]]:
    """What is marked of each person, and forget it."""
    session.expire_all()
    found = {row.subject: row.parts for row in session.scalars(select(DueReading))}
    session.execute(delete(DueReading))
    session.commit()
    return found


def state(session: Session) -> SiteWatch:
    """Where the watch stands."""
    session.expire_all()
    found = session.scalars(select(SiteWatch)).one()
    session.expunge(found)
    session.rollback()
    return found


def seen(session: Session) -> list[int]:
    """The people whose enrolment is kept."""
    found = list(session.scalars(select(WatchedEnrolment.subject)))
    session.rollback()
    return found


def read_by(session: Session, rows: int) -> None:
    """Have pages of so many rows."""
    session.execute(update(SiteWatch).values(per_page=rows))
    session.commit()


def test_the_first_watch_keeps_what_it_sees_and_marks_nobody_of_a_course_already_read(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    found = watch()
    assert (found.new, found.reset) == (3, True)
    assert marks(session) == {}
    assert seen(session) == [10, 11, 12]


def test_a_course_never_read_is_marked_whole(
    session: Session, report: ReportSite, watch: Watch, course: Course
) -> None:
    session.execute(delete(Pull))
    session.commit()
    watch()
    assert marks(session) == {None: EVERYTHING}


@pytest.mark.parametrize("running", [True, False])
def test_a_course_whose_first_reading_waits_or_runs_is_not_marked_again(
    running: bool, session: Session, report: ReportSite, watch: Watch, course: Course
) -> None:
    session.execute(delete(Pull))
    mark_due(session, course.id, None, priority=Priority.NORMAL, reason="asked")
    if running:
        take_due(session, course.id)
    session.commit()
    watch()
    assert len(session.scalars(select(DueReading.id)).all()) == 1
    session.rollback()


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"grade": "41.50"}, GRADES),
        ({"completed": "Yes", "completed_at": DAY}, COMPLETION),
        ({"group": None}, MEMBERSHIP),
        ({"role": "teacher"}, MEMBERSHIP),
        ({"grade": "41.50", "group": "G2"}, sorted(GRADES + MEMBERSHIP)),
    ],
)
def test_only_who_moved_is_marked_and_for_what_moved(
    session: Session,
    report: ReportSite,
    watch: Watch,
    change: dict[str, str],
    wanted: list[Part],
) -> None:
    watch()
    report.change(11, **change)
    watch()
    assert marks(session) == {11: wanted}
    watch()
    assert marks(session) == {}


@pytest.mark.parametrize("tied", [True, False])
def test_who_changes_cohort_has_the_cohorts_of_the_site_read_once_and_no_course(
    tied: bool, session: Session, report: ReportSite, watch: Watch, course: Course
) -> None:
    if tied:
        partner = make_partner(session)
        session.add(
            CohortLink(
                site_id=course.site_id,
                cohort_id=1,
                cohort_name="",
                partner_id=partner.id,
                linked_at=MOMENT,
            )
        )
        session.commit()
    watch()
    assert cohort_jobs(session) == 0
    for person in (10, 11):
        report.change(person, cohort="ASSO-02")
    assert watch().moved == 0
    assert (marks(session), cohort_jobs(session)) == ({}, int(tied))


def cohort_jobs(session: Session) -> int:
    """How many readings of cohorts were asked for."""
    found = session.scalars(select(Job).where(Job.kind == SYNC_COHORTS)).all()
    session.rollback()
    return len(found)


def test_what_an_upgrade_no_longer_knows_of_an_enrolment_marks_nobody_and_is_kept(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    watch()
    session.execute(update(WatchedEnrolment).values(membership=None, cohort=None))
    session.execute(update(SiteWatch).values(pages=[]))
    session.commit()
    report.change(10, grade="41.50")
    watch()
    assert marks(session) == {10: GRADES}
    report.change(12, group="G9")
    watch()
    assert marks(session) == {12: MEMBERSHIP}


def test_who_only_came_to_the_course_has_nothing_to_be_read(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    watch()
    report.change(10, access=DAY)
    assert watch().moved == 0
    assert marks(session) == {}


def test_nothing_is_looked_into_when_not_a_byte_differs(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    watch()
    report.asked.clear()
    assert watch().unchanged
    assert report.asked == [("retrieve_report", 0)]


def test_an_unmapped_course_is_left_alone(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    watch()
    report.rows.append(Row(10, course=3))
    assert watch().new == 0
    assert marks(session) == {}


def test_somebody_new_is_read_whole_and_somebody_gone_is_news_too(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    watch()
    report.rows = [Row(10), Row(12, completed="Yes", completed_at=DAY), Row(13)]
    watch()
    assert marks(session) == {13: EVERYTHING, 11: sorted(GRADES + MEMBERSHIP)}
    assert seen(session) == [10, 12, 13]


def test_several_rows_of_a_person_are_one_whatever_their_order_and_number(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    report.rows = [Row(10, group="G1"), Row(10, group="G2"), Row(11), Row(11)]
    watch()
    report.rows = [Row(11), Row(10, group="G2"), Row(10, group="G1")]
    assert watch().moved == 0
    assert marks(session) == {}
    report.rows = [Row(11), Row(10, group="G2")]
    watch()
    assert marks(session) == {10: MEMBERSHIP}


def test_columns_in_another_order_or_another_language_are_taken_as_they_are(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    watch()
    report.order = tuple(reversed(range(len(ENGLISH))))
    report.headers = tuple(f"Überschrift {n}" for n in range(len(ENGLISH)))
    for person in (10, 12):
        report.change(person, grade="30,50")
    report.change(11, grade="12,00")
    assert watch().reset
    assert marks(session) == {}
    report.change(11, grade="13,00")
    watch()
    assert marks(session) == {11: GRADES}
    assert state(session).decimal_sign == ","


def test_a_report_changed_by_its_author_resets_without_reading_the_site(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    watch()
    report.modified += 60
    report.change(11, grade="1.00")
    assert watch().reset
    assert marks(session) == {}
    reset, began = state(session).reset_at, state(session).started_at
    assert reset is not None
    assert began is not None
    assert reset > began, "what changed while the report was read was taken as it is too"


def failing(watch: Watch, session: Session, fault: type[ReportFault | MoodleError]) -> SiteWatch:
    """The state after a watch that this fault ends."""
    with pytest.raises(fault) as raised:
        watch()
    kept = state(session)
    assert (kept.error_code, kept.failures >= 1) == (raised.value.code, True)
    assert marks(session) == {}
    return kept


def test_an_empty_report_is_not_everybody_gone(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    watch()
    rows, report.rows = report.rows, []
    kept = failing(watch, session, ReportEmpty)
    assert kept.failing_since is not None
    assert kept.read_at is not None
    report.rows = rows
    report_back = watch()
    assert (report_back.new, report_back.gone) == (0, 0)
    assert state(session).failing_since is None


def test_a_page_that_is_cut_is_not_somebody_gone(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    watch()
    report.total = 3
    report.rows.pop()
    failing(watch, session, ReportCut)


def test_most_of_a_site_missing_is_said_first_and_taken_as_it_is_after_a_day(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    report.rows = [Row(number) for number in range(100, 140)]
    watch()
    report.rows = report.rows[:15]
    failing(watch, session, ReportShrunk)
    with clock.set_to(clock.now() + timedelta(days=1, minutes=1)):
        assert watch().gone == 25
    assert marks(session) == {}


def test_a_report_unshared_half_way_marks_nobody_as_gone(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    report.rows = [Row(number) for number in range(100, 103)]
    watch()
    read_by(session, 2)
    report.unshared_from = 1
    report.change(100, grade="1.00")
    failing(watch, session, MissingCapability)
    report.unshared_from = None
    watch()
    assert marks(session) == {100: GRADES}


def test_rows_that_slip_between_pages_put_departures_off(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    watch()
    read_by(session, 1)

    def leaves(page: int) -> None:
        report.rows = [row for row in report.rows if row.person != 10 or page == 0]

    report.meanwhile = leaves
    assert watch().gone == 0
    assert marks(session) == {}
    assert watch().gone == 1
    assert marks(session) == {10: sorted(GRADES + MEMBERSHIP)}


def test_a_site_made_anew_with_other_numbers_marks_nobody_as_gone(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    report.rows = [Row(number) for number in range(100, 130)]
    watch()
    report.rows = [Row(number) for number in range(500, 530)]
    failing(watch, session, ReportShrunk)


def test_the_rows_of_another_site_are_not_kept(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    report.links_to = "https://ailleurs.example.test"
    failing(watch, session, OtherSite)
    assert seen(session) == []


def test_a_report_without_the_indispensable_columns_is_not_watched(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    report.order = (0, 1, 2)
    failing(watch, session, ColumnsMissing)


def test_without_useful_columns_the_others_are_watched(
    session: Session, report: ReportSite, watch: Watch
) -> None:
    report.order = (3, 1, 0)
    watch()
    report.change(11, grade="5.00", cohort="ASSO-09")
    watch()
    assert marks(session) == {11: GRADES}


def test_no_report_is_looked_for_again_without_waiting_longer_each_time(
    session: Session, report: ReportSite, watch: Watch, settings: Settings
) -> None:
    report.listed = False
    for _ in range(3):
        kept = failing(watch, session, NoReport)
    assert kept.next_at - clock.now() <= timedelta(minutes=settings.watch_minutes)


def test_a_site_that_refuses_is_left_in_peace_longer_each_time(
    session: Session, report: ReportSite, watch: Watch, server: Site
) -> None:
    watch()
    pauses = []
    server.always(Answer(status=500, body=b"down"))
    for _ in range(2):
        with pytest.raises(ServerFailure):
            watch()
        kept = state(session)
        pauses.append(kept.next_at - clock.now())
    assert pauses[1] > pauses[0] * 1.5


def test_killed_between_two_batches_nothing_is_lost(
    session: Session, report: ReportSite, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    report.rows = [Row(number) for number in range(100, 110)]
    watch()
    for number in range(100, 110):
        report.change(number, grade=f"{number - 99}.00")
    monkeypatch.setattr(storing, "BATCH", 4)
    kept, written = storing._keep, []

    def dying(*args: object) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(kept(*args))  # type: ignore[func-returns-value, arg-type]  # passed on

    monkeypatch.setattr(storing, "_keep", dying)
    with pytest.raises(KeyboardInterrupt):
        watch()
    first = marks(session)
    monkeypatch.setattr(storing, "_keep", kept)
    watch()
    second = marks(session)
    assert sorted(first) + sorted(second) == list(range(100, 110))
    assert all(parts == GRADES for parts in (first | second).values())


def test_a_function_outside_the_service_is_a_site_without_report(
    session: Session, watch: Watch, server: Site, report: ReportSite
) -> None:
    server.always(lambda _request: refused("accessexception"))
    with pytest.raises(AccessDenied):
        watch()
    assert state(session).next_at - clock.now() <= timedelta(minutes=10)


def listed_as(person: int) -> EnrolledUser:
    """Somebody as web services list them, with nothing but a name."""
    nothing = dict.fromkeys(("firstname", "lastname", "username", "email", "idnumber", "city"))
    return EnrolledUser(
        id=person,
        fullname=f"Personne fictive {person}",
        country=None,
        last_course_access_at=None,
        roles=(),
        groups=(),
        **nothing,
    )


def test_the_report_says_why_an_enrolment_is_not_in_force(
    watch: Watch, report: ReportSite, session: Session, course: Course
) -> None:
    now = clock.now()
    course_id, site_id = course.id, course.site_id

    def printed(days: int) -> str:
        day = now + timedelta(days=days)
        return f"{day:%A}, {day.day} {day:%B} {day.year}, 12:00 AM"

    def states(at: datetime) -> dict[int, str]:
        listed = [
            Enrolled(listed_as(row.person), EnrolledAs.LEARNER, row.person != 10, False)
            for row in report.rows
        ]
        People(course_id, site_id, at).store(session, listed, at)
        session.commit()
        found = session.execute(
            select(Account.subject, Enrolment.state, Unreadable.reason)
            .join(Enrolment, Enrolment.account_id == Account.id)
            .outerjoin(Unreadable, Unreadable.account_id == Account.id)
        ).all()
        session.rollback()
        assert all(
            reason == (None if state == "active" else f"enrolment_{state}")
            for _, state, reason in found
        )
        return {int(subject): state for subject, state, _ in found}

    report.rows = [Row(person) for person in (10, 11, 12, 13)]
    watch()
    marks(session)
    assert states(now) == {10: "active", 11: "inactive", 12: "inactive", 13: "inactive"}
    # What web services say stands for who is in force: the report may be late.
    report.change(10, status="Suspended")
    report.change(11, status="Suspended")
    report.change(12, status="Not current", started=printed(-90), ended=printed(-9))
    report.change(13, status="Not current", started=printed(9))
    watch()
    assert marks(session) == dict.fromkeys((10, 11, 12, 13), MEMBERSHIP)
    assert states(clock.now()) == {10: "active", 11: "suspended", 12: "expired", 13: "future"}
    # Only the dates differ, which no digest holds: the kind moved.
    report.change(13, started=printed(-90), ended=printed(-9))
    watch()
    assert marks(session) == {13: MEMBERSHIP}
    assert states(clock.now())[13] == "expired"
    # A report that is no longer read is not believed for ever.
    assert set(states(clock.now() + timedelta(days=2)).values()) == {"active", "inactive"}
