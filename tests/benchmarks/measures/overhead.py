"""Our time beside the time that the site itself takes: whole courses, and learners several at once.

The stand-in answers after the delays of a real Moodle and tells how long it was preparing one answer
at least: that is its own time at the concurrency that we gave it. What exceeds it is ours: gaps
between calls, parsing, storing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from sqlalchemy import select

from lti_tool import clock
from lti_tool.grades.models import ReadingCost
from lti_tool.grades.rules.plan import Measure
from lti_tool.grades.rules.scope import Scope
from lti_tool.grades.service import pull_course
from lti_tool.platforms.models import Site
from lti_tool.platforms.service import client_for, set_token
from moodle_client import MoodleClient
from tests.benchmarks.figures import Figure
from tests.benchmarks.installations import Installation, installation
from tests.benchmarks.size import Size
from tests.benchmarks.standin import Layout, StandIn
from tests.benchmarks.stopwatch import Company
from tests.factories import make_course, make_site

LIMIT = 1.10


def measure(size: Size) -> Iterator[Figure]:
    """Read courses whole, then by groups, then some learners of each."""
    layout = Layout(courses=size.readings, learners=size.reading_learners, groups=16)
    with installation() as tool, StandIn(layout) as moodle, _Readings(tool, moodle) as readings:
        yield readings.figure("whole courses", readings.whole)
        yield readings.figure("learners, several at once", readings.some)
        readings.forbid_whole(layout.learners * layout.delays.whole / 2)
        yield readings.figure("groups, several at once", readings.whole)


class _Readings:
    def __init__(self, tool: Installation, moodle: StandIn) -> None:
        self._tool, self._moodle = tool, moodle
        self._layout = moodle.layout
        with tool.parts.sessions() as session:
            site = make_site(session, moodle.base_url)
            set_token(session, actor_id=None, site_id=site.id, token=moodle.token)
            self._courses = [
                make_course(
                    session, site, number, idnumber=f"COURS-{number}", shortname=f"C{number}"
                ).id
                for number in range(2, 2 + self._layout.courses)
            ]
            session.commit()

    def __enter__(self) -> _Readings:
        with self._tool.parts.sessions() as session:
            site = session.scalars(select(Site)).one()
            self._client: MoodleClient = client_for(site, self._tool.settings)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def figure(self, what: str, read: Callable[[int], None]) -> Figure:
        """Read every course; return our time beside that of the site."""
        ratios, company = [], Company()
        for place in range(len(self._courses)):
            self._moodle.reset()
            start = time.perf_counter()
            read(place)
            wall = time.perf_counter() - start
            ratios.append(wall / self._moodle.told().occupied)
        others = company.others()
        return Figure(
            f"our time beside the site’s, {what}",
            "×",
            tuple(ratios),
            limit=LIMIT,
            judged="median",
            others=others,
        )

    def whole(self, place: int) -> None:
        """Read everybody of a course."""
        pull_course(self._tool.parts.sessions, self._client, self._courses[place])

    def some(self, place: int) -> None:
        """Read every fourth learner of a course."""
        first = 1000 + place * self._layout.learners
        chosen = frozenset(range(first, first + self._layout.learners, 4))
        scope = Scope(everyone=frozenset(), grades=chosen)
        pull_course(self._tool.parts.sessions, self._client, self._courses[place], scope=scope)

    def forbid_whole(self, seconds: float) -> None:
        """Have the site known to give up on longer answers."""
        with self._tool.parts.sessions.begin() as session:
            for course_id in self._courses:
                session.add(
                    ReadingCost(
                        course_id=course_id,
                        measure=Measure.LIMIT,
                        seconds=seconds,
                        measured_at=clock.now(),
                    )
                )
