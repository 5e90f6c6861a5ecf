"""A day in the life of a site: what Moodle is kept busy by, and how soon changes are known.

Nothing sleeps: the stand-in counts what its answers would take and moves the clock by it. The watch,
the marks, the jobs, the readings and their storing are the tool's own. Some hours of the day run at
full size. Of the night, the courses are chosen and marked for real, a few of them are read for real,
and the others are counted at the same price a learner.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any
from unittest.mock import patch

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.grades.models import (
    DueReading,
    EnrolledAs,
    Enrolment,
    EnrolmentState,
    GradeItem,
    GradeSnapshot,
    Pull,
)
from lti_tool.grades.tasks import AFTER_PULL
from lti_tool.grades.watching.models import SiteWatch
from lti_tool.grades.watching.nights import NIGHT, mark_tonight
from lti_tool.grades.watching.service import watch_site
from lti_tool.grades.watching.tasks import WATCH_DUE
from lti_tool.jobs import Job, JobState, enqueue, kinds
from lti_tool.jobs.runner import run_due_jobs
from lti_tool.people.models import Account, Person
from lti_tool.platforms.models import Course, Site
from lti_tool.referential.models import Domain
from lti_tool.settings import Settings
from tests.benchmarks.crowd import insert_rows
from tests.benchmarks.figures import Figure
from tests.benchmarks.installations import Installation, installation
from tests.benchmarks.size import Size
from tests.benchmarks.standin.server import TOKEN
from tests.benchmarks.standin.world import Layout
from tests.benchmarks.virtual import BASE_URL, Clock, VirtualSite, virtual
from tests.factories import make_course, make_site, map_course

MORNING = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)
BEGUN = MORNING + timedelta(minutes=5)
"""When the first watch is over and changes begin."""
MOVING = 0.01
"""Share of the enrolments whose grades change in an hour."""
FULL_SIZE = 100_000
"""Enrolments for which the limits are promised."""
READ_BY_NIGHT = 3
"""Courses of the night that are read for real."""
IDLE_SITES, IDLE_COURSES, IDLE_LEARNERS = 50, 5, 494
PROFILES = (
    # name, minutes between two watches, nights, known within, share of the busy time
    ("ten minutes", 10, 7, timedelta(minutes=10), 12),
    ("within the hour", 60, 14, timedelta(hours=1), 30),
)


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody is graded."""

    at: datetime
    course: int
    learner: int


def measure(size: Size) -> Iterator[Figure]:
    """Live some hours of a day with each profile, and count the night."""
    for name, minutes, nights, within, share in PROFILES:
        yield from _profile(size, name, minutes, nights, within, share)
    yield _idle(size)


def _profile(
    size: Size, name: str, minutes: int, nights: int, within: timedelta, share: int
) -> Iterator[Figure]:
    layout = Layout(courses=size.day_courses, learners=size.day_class, columns=2, groups=1)
    enrolments = layout.courses * layout.learners
    ticking = Clock(MORNING)
    day = _Day(layout, ticking, size.day_hours)
    site = VirtualSite(layout, day.apply)
    day.site = site
    with installation() as tool, virtual(site, ticking):
        chosen = {
            "watch_minutes": minutes,
            "full_read_nights": nights,
            "moodle_connections": 1,
        }
        settings = tool.settings.model_copy(
            update={key: value for key, value in chosen.items() if key in Settings.model_fields}
        )
        _fill(tool, layout)
        _live(tool, settings, ticking, MORNING)  # the first watch: nobody is compared yet
        ticking.wait_until(BEGUN)
        site.reset()
        cpu = process_time()
        _live(tool, settings, ticking, BEGUN + timedelta(hours=size.day_hours))
        cpu, hourly = process_time() - cpu, site.busy / size.day_hours
        late = within + timedelta(minutes=minutes)
        _live(tool, settings, ticking, BEGUN + timedelta(hours=size.day_hours) + late)
        delays = day.delays(tool)
        night = _night(tool, settings, ticking, site)
    whole_day = 24 * hourly + night
    everything = 24 * enrolments * layout.delays.whole
    full = enrolments >= FULL_SIZE
    known = sum(1 for delay in delays if delay is not None and delay <= within) / len(delays)
    yield Figure(f"{name}: changes lived through", "", (float(len(delays)),))
    yield Figure(f"{name}: busy in an hour of the day", "s", (hourly,))
    yield Figure(f"{name}: busy by night", "s", (night,))
    yield Figure(
        f"{name}: busy in a day beside reading everything each hour",
        "%",
        (100 * whole_day / everything,),
        limit=100 / share if full else None,
    )
    yield Figure(
        f"{name}: changes not known within {within.total_seconds() / 60:.0f} minutes",
        "%",
        (100 * (1 - known),),
        limit=5.0 if full else None,
    )
    slow = sorted(delay.total_seconds() / 60 for delay in delays if delay is not None)
    yield Figure(f"{name}: time until a change is stored", "min", tuple(slow))
    yield Figure(f"{name}: our CPU and the stand-in’s in an hour", "s", (cpu / size.day_hours,))


class _Day:
    """The changes of the day, each at its own moment."""

    def __init__(self, layout: Layout, ticking: Clock, hours: int) -> None:
        chance = random.Random(20261123)
        number = max(round(MOVING * layout.courses * layout.learners * hours), 3)
        self.site: VirtualSite | None = None
        self._ticking = ticking
        self.changes = sorted(
            (self._one(chance, layout, hours) for _ in range(number)), key=lambda one: one.at
        )
        self._next = 0

    @staticmethod
    def _one(chance: random.Random, layout: Layout, hours: int) -> Change:
        course = 2 + chance.randrange(layout.courses)
        learner = 1000 + (course - 2) * layout.learners + chance.randrange(layout.learners)
        return Change(BEGUN + timedelta(hours=hours * chance.random()), course, learner)

    def apply(self) -> None:
        """Have happened what should have by now."""
        if self.site is None:
            raise AssertionError
        now = self._ticking.now()
        while self._next < len(self.changes) and self.changes[self._next].at <= now:
            change = self.changes[self._next]
            self.site.world.change(change.course, [change.learner])
            self._next += 1

    def delays(self, tool: Installation) -> list[timedelta | None]:
        """How long each change took to be stored exactly, or a later one of the same learner."""
        versions: dict[tuple[int, int], list[datetime]] = defaultdict(list)
        for change in self.changes:
            versions[change.course, change.learner].append(change.at)
        stored = _stored_totals(tool)
        found: list[timedelta | None] = []
        for (_course, learner), moments in versions.items():
            for rank, at in enumerate(moments, start=1):
                wanted = {
                    f"{((learner * 7 + n * 13) % 8000) / 100:.5f}"
                    for n in range(rank, len(moments) + 1)
                }
                read = [when for value, when in stored[learner] if value in wanted and when >= at]
                found.append(min(read) - at if read else None)
        return found


def _stored_totals(tool: Installation) -> dict[int, list[tuple[str, datetime]]]:
    found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    query = (
        select(Account.subject, GradeSnapshot.final, GradeSnapshot.read_at)
        .join(GradeSnapshot, GradeSnapshot.account_id == Account.id)
        .join(GradeItem, GradeItem.id == GradeSnapshot.item_id)
        .where(GradeItem.item_type == "course", GradeSnapshot.final.is_not(None))
    )
    with tool.parts.sessions() as session:
        for subject, final, read_at in session.execute(query):
            found[int(subject)].append((f"{final:.5f}", read_at))
    return found


def _live(tool: Installation, settings: Settings, ticking: Clock, until: datetime) -> None:
    """Have the worker do what is due, minute after minute."""
    without = {AFTER_PULL: lambda _context, **_args: None}
    with patch.dict(kinds._registry, without):
        while True:
            with tool.parts.sessions.begin() as session:
                enqueue(session, WATCH_DUE, {})
            run_due_jobs(tool.parts.sessions, settings)
            if ticking.now() >= until:
                return
            ticking.wait_until(ticking.now() + timedelta(minutes=1))


def _night(tool: Installation, settings: Settings, ticking: Clock, site: VirtualSite) -> float:
    """Return what the whole readings of a night cost: some of them made, the others counted.

    A night like the others: the first watch was long ago.
    """
    with tool.parts.sessions.begin() as session:
        session.execute(update(SiteWatch).values(reset_at=None))
    ticking.wait_until(datetime(2026, 11, 24, 3, 50, tzinfo=UTC))
    mark_tonight(tool.parts.sessions, settings)
    with tool.parts.sessions.begin() as session:
        marked = list(
            session.scalars(select(DueReading.course_id).where(DueReading.reason == NIGHT))
        )
        left = marked[READ_BY_NIGHT:]
        session.execute(
            update(Job)
            .where(Job.key.in_([f"grades.pull_course:{course}" for course in left]))
            .values(state=JobState.CANCELLED)
        )
        session.execute(
            update(Job)
            .where(Job.state == JobState.QUEUED, Job.kind != "grades.pull_course")
            .values(state=JobState.CANCELLED)
        )
    site.reset()
    with patch.dict(kinds._registry, {AFTER_PULL: lambda _context, **_args: None}):
        run_due_jobs(tool.parts.sessions, settings)
    return site.busy * len(marked) / max(len(marked) - len(left), 1)


def _idle(size: Size) -> Figure:
    """Return the share of a core that sites with nothing new take."""
    layout = Layout(courses=min(IDLE_COURSES, size.day_courses), learners=IDLE_LEARNERS, columns=2)
    ticking = Clock(MORNING)
    site = VirtualSite(layout, lambda: None)
    with installation() as tool, virtual(site, ticking):
        _fill(tool, layout)
        with tool.parts.sessions() as session:
            site_id = session.scalars(select(Site.id)).one()
        spent = []
        for _ in range(12):
            answered: list[float] = []
            with _without_the_standin(site, answered):
                cpu = process_time()
                found = watch_site(tool.parts.sessions, tool.settings, site_id)
                spent.append(process_time() - cpu - sum(answered))
        if not found.unchanged:
            raise AssertionError("the site is not idle")
        period = tool.settings.watch_minutes * 60
    shares = tuple(100 * IDLE_SITES * one / period for one in spent[2:])
    what = f"{IDLE_SITES} idle sites of {layout.courses * layout.learners} enrolments, watched"
    return Figure(what, "% of a core", shares, limit=2.0 if size.day_hours > 1 else None)


class _without_the_standin:  # noqa: N801 - reads as a block
    """Counts the CPU of the stand-in's answers apart."""

    def __init__(self, site: VirtualSite, answered: list[float]) -> None:
        self._site, self._answered = site, answered

    def __enter__(self) -> None:
        real = self._site.answer

        def counted(form: dict[str, str]) -> Any:
            start = process_time()
            pieces = list(real(form) or ())
            self._answered.append(process_time() - start)
            return pieces

        self._site.answer = counted  # type: ignore[method-assign]  # for the block

    def __exit__(self, *_: object) -> None:
        del self._site.answer


def _fill(tool: Installation, layout: Layout) -> None:
    """Have every course known, mapped, and read whole once, at moments spread over the last week."""
    with tool.parts.sessions() as session:
        site = make_site(session, BASE_URL, token=TOKEN)
        domain = session.scalars(select(Domain).where(Domain.number == 1)).one()
        for rank in range(layout.courses):
            course = make_course(session, site, 2 + rank, idnumber=f"COURS-{2 + rank}")
            map_course(session, course, domain, MORNING - timedelta(days=100))
            _enrol(session, site, course, layout, rank)
        session.commit()


def _enrol(session: Session, site: Site, course: Course, layout: Layout, rank: int) -> None:
    first = 1000 + rank * layout.learners
    names = [f"Apprenant·e Fictif·ve {first + place}" for place in range(layout.learners)]
    people = insert_rows(
        session,
        Person,
        [{"full_name": name, "given_name": "Fictif·ve", "created_at": MORNING} for name in names],
    )
    accounts = insert_rows(
        session,
        Account,
        [
            {
                "person_id": person,
                "site_id": site.id,
                "subject": str(first + place),
                "full_name": names[place],
                "seen_at": MORNING,
            }
            for place, person in enumerate(people)
        ],
    )
    insert_rows(
        session,
        Enrolment,
        [
            {
                "course_id": course.id,
                "account_id": account,
                "role": EnrolledAs.LEARNER,
                "state": EnrolmentState.ACTIVE,
                "seen_at": MORNING,
            }
            for account in accounts
        ],
    )
    read_at = MORNING - timedelta(hours=rank % 150)
    session.add(Pull(course_id=course.id, started_at=read_at, finished_at=read_at, warnings=[]))
    session.flush()
