"""Reading many courses: calls made, our share of the time, and what an unchanged reading writes.

The site is the demonstration's Moodle with a world of its own, in a thread: each side's CPU is told
apart. A real Moodle costs far more than this one; ``performance.md`` says how much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from time import process_time, thread_time
from typing import Any
from unittest.mock import patch

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.demo.moodle.completion import Criterion
from lti_tool.demo.moodle.courses import Course as SiteCourse
from lti_tool.demo.moodle.courses import Enrolment
from lti_tool.demo.moodle.gradebook.items import Grade
from lti_tool.demo.moodle.people import SERVICE_CAPABILITIES, STUDENT
from lti_tool.demo.moodle.people import Person as SitePerson
from lti_tool.demo.moodle.seed.gradebooks import Numbers, add_gradebook
from lti_tool.demo.moodle.serving import running_moodle
from lti_tool.demo.moodle.site import SERVICE_ACCOUNT, DemoMoodle
from lti_tool.demo.moodle.world import World
from lti_tool.grades.models import CompletionSnapshot, GradeSnapshot
from lti_tool.grades.service import pull_course
from lti_tool.platforms.models import Site
from lti_tool.platforms.service import client_for, set_token
from moodle_client import MoodleClient
from moodle_client.transport.connection import Transport
from tests.benchmarks.figures import Figure
from tests.benchmarks.installations import Installation, installation
from tests.benchmarks.size import Size
from tests.conftest import BASE_URL
from tests.factories import make_course, make_site

GRADEBOOK = "gradereport_user_get_grade_items"
FIRST_COURSE = 2
FIRST_LEARNER = 100
MOODLE_MS = 30.0
"""What a learner's share of a whole gradebook costs Moodle 4.5.6 (``performance.md``)."""


def measure(size: Size) -> Iterator[Figure]:
    """Read every course, then read them again."""
    with (
        installation() as tool,
        running_moodle(tool_url=BASE_URL, world=_world(size)) as moodle,
    ):
        course_ids = _connect(tool, moodle)
        first, first_server, calls = _pull_all(tool, moodle, course_ids)
        before = _snapshots(tool)
        again, again_server, _ = _pull_all(tool, moodle, course_ids)
        after = _snapshots(tool)
    learners = size.courses * size.class_size
    yield Figure(
        f"gradebook calls for {size.courses} courses",
        "",
        (float(calls[GRADEBOOK]),),
        limit=float(size.courses),
    )
    yield Figure(
        "other calls for each learner", "", ((calls.total() - calls[GRADEBOOK]) / learners,)
    )
    for when, ours, server in (("first", first, first_server), ("again", again, again_server)):
        yield Figure(f"our CPU for each learner, {when}", "ms", (1000 * ours / learners,))
        yield Figure(f"our CPU beside the stand-in’s, {when}", "×", (ours / server,))
    yield Figure(
        f"our CPU beside the {MOODLE_MS:.0f} ms of Moodle 4.5, again",
        "×",
        (1000 * again / learners / MOODLE_MS,),
    )
    yield Figure("snapshots written by an unchanged reading", "", (float(after - before),), limit=0)


def _pull_all(
    tool: Installation, moodle: DemoMoodle, course_ids: list[int]
) -> tuple[float, float, Counter[str]]:
    """Return our CPU, that of the stand-in, and how often each function was called."""
    with _calls() as calls, _client(tool) as client:
        ours, both = thread_time(), process_time()
        for course_id in course_ids:
            pull_course(tool.parts.sessions, client, course_id)
        ours, both = thread_time() - ours, process_time() - both
    return ours, both - ours, calls


@contextmanager
def _calls() -> Iterator[Counter[str]]:
    called: Counter[str] = Counter()

    def counting(name: str) -> Any:
        real = getattr(Transport, name)

        def count(self: Transport, function: str, *arguments: object, **named: object) -> object:
            called[str(function)] += 1
            return real(self, function, *arguments, **named)

        return patch.object(Transport, name, count)

    with counting("call"), counting("stream"):
        yield called


def _client(tool: Installation) -> MoodleClient:
    with tool.parts.sessions() as session:
        return client_for(session.scalars(select(Site)).one(), tool.settings)


def _connect(tool: Installation, moodle: DemoMoodle) -> list[int]:
    with tool.parts.sessions() as session:
        site = make_site(session, moodle.base_url)
        set_token(session, actor_id=None, site_id=site.id, token=moodle.service_token)
        made = [
            make_course(session, site, course.id).id
            for course in moodle.world.courses_of_site()
            if course.id >= FIRST_COURSE
        ]
        session.commit()
    return made


def _snapshots(tool: Installation) -> int:
    def count(session: Session, table: type) -> int:
        return session.scalar(select(func.count()).select_from(table)) or 0

    with tool.parts.sessions() as session:
        return count(session, GradeSnapshot) + count(session, CompletionSnapshot)


def _world(size: Size) -> World:
    world = World("Site fictif", "Fictif")
    account = SitePerson(2, SERVICE_ACCOUNT, "Service", "Fictif", "S-1")
    account.capabilities = set(SERVICE_CAPABILITIES)
    world.people[account.id] = account
    world.courses[1] = SiteCourse(1, "Site fictif", "Fictif", format="site")
    numbers = Numbers()
    for rank in range(size.courses):
        number = FIRST_COURSE + rank
        course = SiteCourse(number, f"Cours fictif {number}", f"C{number}", f"COURS-{number}")
        world.courses[number] = course
        columns = add_gradebook(world, course, numbers)
        world.completion.criteria[number] = [Criterion("activity", cmid=columns.first.cmid or 0)]
        for place in range(size.class_size):
            person = FIRST_LEARNER + rank * size.class_size + place
            world.people[person] = SitePerson(
                person, f"apprenant{person}", "Apprenant·e", f"Fictif·ve {person}", f"ADH-{person}"
            )
            world.enrolments.append(Enrolment(number, person, STUDENT))
            for item, value in ((columns.first, 12), (columns.second, 60 + place % 40)):
                world.grades[item.id, person] = Grade(item.id, person, Decimal(value))
    return world
