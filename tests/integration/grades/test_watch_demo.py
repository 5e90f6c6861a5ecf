"""In the demonstration a grade changed in its Moodle shows in the tool without anybody asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.demo.installation import WATCH_MINUTES, DemoInstallation
from lti_tool.demo.moodle import DemoMoodle, running_moodle
from lti_tool.demo.moodle.seed.standings import learner_id
from lti_tool.grades.models import CurrentGrade, GradeItem, GradeSnapshot
from lti_tool.grades.service import pull_course
from lti_tool.grades.watching.models import SiteWatch
from lti_tool.grades.watching.service import watch_site
from lti_tool.grades.watching.tasks import WATCH_DUE
from lti_tool.jobs import enqueue
from lti_tool.jobs.runner import run_due_jobs
from lti_tool.people.models import Account
from lti_tool.settings import Settings
from moodle_client import MoodleClient
from tests.factories import MOMENT, make_course, make_domain, make_site, map_course

COURSE = 2


@pytest.fixture
def moodle() -> Iterator[DemoMoodle]:
    """The demonstration's Moodle, on a port of its own."""
    with running_moodle(tool_url="http://tool.localhost") as site:
        yield site


def test_the_demonstration_watches_every_minute(tmp_path_factory: pytest.TempPathFactory) -> None:
    demo = DemoInstallation(tmp_path_factory.mktemp("demo"), 8000)
    assert demo.settings().watch_minutes == WATCH_MINUTES == 1
    assert demo.environment()["ANCRAGE_WATCH_MINUTES"] == "1"


def test_a_grade_changed_in_moodle_is_stored_exactly_within_one_watch(
    sessions: sessionmaker[Session], session: Session, settings: Settings, moodle: DemoMoodle
) -> None:
    site = make_site(session, moodle.base_url, token=moodle.service_token)
    course = make_course(session, site, COURSE, idnumber="RMP-ADL-01")
    map_course(session, course, make_domain(session, 1), MOMENT)
    session.commit()
    site_id, course_id = site.id, course.id
    session.rollback()
    quick = settings.model_copy(update={"watch_minutes": WATCH_MINUTES})
    with MoodleClient(moodle.base_url, moodle.service_token) as client:
        pull_course(sessions, client, course_id)
        watch_site(sessions, quick, site_id)
        person = learner_id(37)
        items = client.get_grade_items(COURSE, person)
        item = next(one.id for grades in items for one in grades.items if one.type == "mod")
    moodle.changes.make(
        moodle.world, "set_grade", item=item, person=person, value="2", moment=moodle.now
    )
    with clock.set_to(clock.now() + timedelta(minutes=WATCH_MINUTES)):
        with sessions.begin() as asking:
            enqueue(asking, WATCH_DUE, {})
        run_due_jobs(sessions, quick)
    assert _value(session, person, item) == Decimal(2)
    watch = session.scalars(select(SiteWatch)).one()
    assert watch.error_code == ""
    assert watch.layout.keys() >= {"course", "person", "grade", "completed", "cohort", "group"}


def _value(session: Session, person: int, item: int) -> Decimal | None:
    found = session.scalars(
        select(GradeSnapshot.final)
        .join(CurrentGrade, CurrentGrade.snapshot_id == GradeSnapshot.id)
        .join(GradeItem, GradeItem.id == GradeSnapshot.item_id)
        .join(Account, Account.id == GradeSnapshot.account_id)
        .where(GradeItem.moodle_id == item, Account.subject == str(person))
    ).one()
    session.rollback()
    return found
