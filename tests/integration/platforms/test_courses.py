"""The course list is read as Moodle gives it: new, changed, gone, and never guessed."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.jobs import Job, JobState
from lti_tool.jobs.runner import run_due_jobs
from lti_tool.jobs.schedule import daily_tasks
from lti_tool.platforms.models import Course, Site
from lti_tool.platforms.service import (
    ask_for_every_list,
    ask_for_sync,
    client_for,
    latest_sync,
    sync_courses,
)
from lti_tool.platforms.service.courses import SyncResult
from lti_tool.settings import Settings
from moodle_client import InvalidToken, MoodleTimeout, ServerFailure
from tests.factories import make_course, make_site
from tests.integration.platforms.recorded import RecordedMoodle


def read(session: Session, settings: Settings, site: Site) -> SyncResult:
    """Read the list."""
    with client_for(site, settings) as client:
        return sync_courses(session, client, site)


def stored(session: Session) -> dict[int, Course]:
    """The courses by their Moodle number."""
    session.commit()
    session.expire_all()
    return {course.moodle_id: course for course in session.scalars(select(Course))}


def test_the_recorded_list_is_stored_without_the_front_page(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    result = read(session, settings, site)
    courses = stored(session)
    assert sorted(courses) == list(range(2, 20))
    assert (result.courses, result.added, result.gone, result.partial) == (18, 18, 0, False)
    assert courses[6].idnumber == "RMP-ADL-04"
    assert courses[16].shortname == "ADL-14 Financements & reporting"
    assert courses[18].idnumber == ""
    assert "<" not in courses[6].summary
    assert session.get_one(Site, site.id).courses_read_at is not None


def test_an_idnumber_that_moodle_hides_in_the_list_is_read_elsewhere_for_the_account_itself(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    assert all("idnumber" not in course for course in moodle.courses)
    read(session, settings, site)
    assert moodle.asked.count("gradereport_user_get_grade_items") == 18
    assert moodle.asked.count("core_course_get_courses") == 1


def test_an_idnumber_that_moodle_tells_in_the_list_costs_no_more_call(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    for course in moodle.courses:
        course["idnumber"] = f"N{course['id']}"
    read(session, settings, site)
    assert moodle.asked == ["core_course_get_courses"]
    assert stored(session)[6].idnumber == "N6"


def test_a_second_reading_changes_what_changed_and_nothing_else(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    read(session, settings, site)
    before = {number: course.id for number, course in stored(session).items()}
    renamed = next(course for course in moodle.courses if course["id"] == 6)
    renamed["fullname"] = "Recherche &amp; données, session 2"
    result = read(session, settings, site)
    after = stored(session)
    assert {number: course.id for number, course in after.items()} == before
    assert (result.added, result.gone) == (0, 0)
    assert after[6].fullname == "Recherche & données, session 2"


def test_a_course_that_moodle_no_longer_lists_is_gone_and_may_return(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    read(session, settings, site)
    removed = [course for course in moodle.courses if course["id"] == 6]
    moodle.courses = [course for course in moodle.courses if course["id"] != 6]
    assert read(session, settings, site).gone == 1
    gone_at = stored(session)[6].gone_at
    assert gone_at is not None
    assert read(session, settings, site).gone == 0
    assert stored(session)[6].gone_at == gone_at
    moodle.courses += removed
    read(session, settings, site)
    assert stored(session)[6].gone_at is None


def test_courses_of_another_site_are_left_alone(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    other = make_course(session, make_site(session, "https://autre.example.org"), 999)
    session.commit()
    assert read(session, settings, site).gone == 0
    assert stored(session)[999].id == other.id
    assert stored(session)[999].gone_at is None


def test_when_one_closed_course_fails_the_list_the_others_are_read_and_none_is_gone(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    read(session, settings, site)
    moodle.courses = [course for course in moodle.courses if course["id"] != 12]
    moodle.fail("core_course_get_courses", "errorcoursecontextnotvalid")
    result = read(session, settings, site)
    assert (result.courses, result.gone, result.partial) == (17, 0, True)
    assert stored(session)[12].gone_at is None


def test_an_idnumber_that_cannot_be_read_keeps_its_known_value(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    read(session, settings, site)
    moodle.fail("gradereport_user_get_grade_items", "nopermissions")
    result = read(session, settings, site)
    assert result.without_idnumber == 18
    assert stored(session)[6].idnumber == "RMP-ADL-04"


def test_a_function_outside_the_service_is_asked_for_once(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    moodle.functions.remove("gradereport_user_get_grade_items")
    assert read(session, settings, site).without_idnumber == 18
    assert moodle.asked.count("gradereport_user_get_grade_items") == 1


def test_a_failure_midway_changes_nothing(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    read(session, settings, site)
    moodle.courses = moodle.courses[:3]
    moodle.fail("gradereport_user_get_grade_items", "dmlreadexception")
    with pytest.raises(ServerFailure):
        read(session, settings, site)
    session.rollback()
    assert [course.gone_at for course in stored(session).values()] == [None] * 18


def test_nobody_waits_for_a_lock_while_moodle_is_asked(
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    site: Site,
    moodle: RecordedMoodle,
) -> None:
    def write_meanwhile(_form: dict[str, str]) -> object:
        with sessions.begin() as other:
            other.get_one(Site, site.id).name = "Renommé entre-temps"
        return moodle.courses

    moodle.changes["core_course_get_courses"] = write_meanwhile
    session.scalars(select(Site)).all()
    read(session, settings, site)
    assert len(stored(session)) == 18


def test_the_job_reads_the_list_and_keeps_its_counts(
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    site: Site,
    moodle: RecordedMoodle,
) -> None:
    first = ask_for_sync(session, site, asked_by=None)
    assert ask_for_sync(session, site, asked_by=None).id == first.id
    assert run_due_jobs(sessions, settings) == 1
    session.expire_all()
    job = latest_sync(session, site.id)
    assert job is not None
    assert (job.state, job.progress_done, job.progress_total) == (JobState.DONE, 18, 18)
    assert job.result == {
        "courses": 18,
        "added": 18,
        "gone": 0,
        "without_idnumber": 0,
        "partial": False,
    }


@pytest.mark.parametrize(
    ("errorcode", "code", "state"),
    [
        (None, "PLT-NO-TOKEN", JobState.FAILED),
        ("invalidtoken", InvalidToken.code, JobState.FAILED),
        ("sitemaintenance", "MOODLE-MAINTENANCE", JobState.QUEUED),
    ],
)
def test_the_job_keeps_the_code_of_its_failure_and_returns_when_that_may_help(
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    site: Site,
    moodle: RecordedMoodle,
    errorcode: str | None,
    code: str,
    state: JobState,
) -> None:
    if errorcode is None:
        site.token = None
    else:
        moodle.fail("core_course_get_courses", errorcode, "Awa Fictive n’a pas accès")
    job = ask_for_sync(session, site, asked_by=None)
    run_due_jobs(sessions, settings)
    session.refresh(job)
    assert (job.error_code, job.state) == (code, state)
    assert "Awa" not in (job.error_detail or "")


def test_a_site_that_stays_silent_is_not_waited_for_longer_than_the_settings_say(
    session: Session, settings: Settings, site: Site, moodle: RecordedMoodle
) -> None:
    impatient = settings.model_copy(update={"moodle_timeout": 0.2})
    released = threading.Event()
    moodle.changes["core_course_get_courses"] = lambda _form: released.wait(10) and []
    with client_for(site, impatient) as client, pytest.raises(MoodleTimeout):
        sync_courses(session, client, site)
    released.set()


def test_the_list_of_every_site_with_a_token_is_read_by_itself(
    session: Session, site: Site
) -> None:
    make_site(session, "http://sans-jeton.localhost:8083")
    assert "platforms.sync_every_list" in {one.kind for one in daily_tasks()}
    for _ in range(2):
        assert ask_for_every_list(session) == 1
    (asked,) = session.scalars(select(Job))
    assert (asked.kind, asked.args, asked.asked_by) == (
        "platforms.sync_courses",
        {"site_id": site.id},
        None,
    )
