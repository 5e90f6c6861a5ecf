"""Pages over many people: how long they take, and whether their queries stay as many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from lti_tool.people.models import CourseRole, Person, Purpose, Role
from lti_tool.people.service import record_choices
from lti_tool.platforms.models import Site
from lti_tool.platforms.service.origins import forget_origins
from tests.benchmarks.classroom import Classroom
from tests.benchmarks.crowd import add_people, affiliate_all
from tests.benchmarks.figures import Figure
from tests.benchmarks.installations import Installation, each_engine
from tests.benchmarks.size import Size
from tests.benchmarks.stopwatch import Company, Stopwatch
from tests.factories import make_grant, make_partner, make_person, make_site, sign_in

LIMIT_MS = 1000.0
TAUGHT = (4, 8)
"""Domains of the small and of the large course."""
STUDIED = (5, 6, 7)
"""Domains that every member of the associations studies."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page over a few people, and the same one over many."""

    name: str
    browser: FlaskClient
    few: str
    many: str


def measure(size: Size) -> Iterator[Figure]:
    """Show each page several times, on each engine."""
    with each_engine(size) as installations:
        for tool in installations:
            for page in _pages(tool, size):
                yield from _measure(tool, page, size.views)


def _measure(tool: Installation, page: Page, views: int) -> Iterator[Figure]:
    few, _ = _show(tool.parts.engine, page.browser, page.few, views)
    company = Company()
    many, times = _show(tool.parts.engine, page.browser, page.many, views)
    name = f"{page.name}, {tool.engine_name}"
    yield Figure(name, "ms", times, LIMIT_MS, judged="p95", others=company.others())
    yield Figure(f"{name}: queries", "", (float(many),), limit=float(few))


def _show(
    engine: Engine, browser: FlaskClient, address: str, views: int
) -> tuple[int, tuple[float, ...]]:
    """Return the fewest queries of a view, and the time of each, the first one left out."""
    queries, times = [], []
    for view in range(views + 1):
        forget_origins()  # read again each second at most: every view pays for it, or none would
        with _queries(engine) as counted, Stopwatch() as watch:
            answer = browser.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        if view:
            queries.append(len(counted))
            times.append(1000 * watch.elapsed)
    return min(queries), tuple(times)


@contextmanager
def _queries(engine: Engine) -> Iterator[list[str]]:
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        counted.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", count)


def _pages(tool: Installation, size: Size) -> list[Page]:
    with tool.parts.sessions() as session:
        site = make_site(session, check_findings=[])
        rooms = [
            Classroom.make(session, site, add_people(session, site, number), domain=domain)
            for number, domain in zip((size.few, size.many), TAUGHT, strict=True)
        ]
        trainer = session.get_one(Person, rooms[1].trainer_id)
        courses = dict.fromkeys([room.course_id for room in rooms], CourseRole.TRAINER)
        trains, learns, leads = tool.browser(), tool.browser(), tool.browser()
        sign_in(trains, session, trainer, courses)
        learner = session.get_one(Person, rooms[1].person_ids[0])
        record_choices(session, person_id=learner.id, given=dict.fromkeys(Purpose, False))
        sign_in(learns, session, learner, {rooms[1].course_id: CourseRole.LEARNER})
        few, many = _associations(session, site, leads, (size.few_members, size.many_members))
    course_few, course_many = (f"/cours/{room.course_id}" for room in rooms)
    filtered = "formation?statut=not_satisfied"
    number, members = f"{size.many:,}", f"{size.many_members:,}"
    return [
        Page(
            f"a course of {number}, its trainer",
            trains,
            f"{course_few}/formation",
            f"{course_many}/formation",
        ),
        Page(
            "the same, everybody judged to keep some",
            trains,
            f"{course_few}/{filtered}",
            f"{course_many}/{filtered}",
        ),
        Page(
            f"proposals of a course of {number}",
            trains,
            f"{course_few}/propositions",
            f"{course_many}/propositions",
        ),
        Page("a learner’s path", learns, f"{course_many}/parcours", f"{course_many}/parcours"),
        Page(f"an association of {members}, three domains", leads, few, many),
    ]


def _associations(
    session: Session, site: Site, leads: FlaskClient, sizes: tuple[int, ...]
) -> list[str]:
    """Make associations whose members study three courses, and their lead; return their pages."""
    lead = make_person(session, "Référente Fictive", site)
    pages, everybody = [], []
    for rank, size in enumerate(sizes):
        partner = make_partner(session, f"Association Fictive {rank}")
        people = add_people(session, site, size)
        affiliate_all(session, partner, people)
        make_grant(session, lead, Role.PARTNER_LEAD, partner)
        everybody += people
        pages.append(f"/association/{partner.public_id}")
    for domain in STUDIED:
        Classroom.make(session, site, everybody, domain=domain)
    sign_in(leads, session, lead)
    return pages
