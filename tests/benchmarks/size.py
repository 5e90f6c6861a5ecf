"""How much each measure does: the published size, and a tiny one that the suite runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Numbers of everything that a measure makes."""

    postgresql: bool
    """Whether PostgreSQL is measured too, where there is a server."""
    starts: int
    """Starts of the demonstration once it is filled."""
    launches: int
    flat_launches: int
    """Launches after which the memory is looked at."""
    renders: int
    approvals: int
    views: int
    """Times that each page is shown."""
    few: int
    many: int
    """Learners of the small and of the large course."""
    few_members: int
    many_members: int
    """Members of the small and of the large association."""
    courses: int
    class_size: int
    """Courses to pull, and learners of each."""
    day_courses: int
    day_class: int
    """Courses of the site whose day is lived through, and learners of each."""
    day_hours: int
    """Hours lived through at full size."""
    storings: int
    storing_learners: int
    """Courses stored side by side, and learners of each."""
    readings: int
    """Readings whose time is compared with that of the server."""
    reading_learners: int
    many_courses: int
    course_learners: int
    """Courses synced in one go, and learners of each, each with 13 grades."""
    idle_sites: int
    idle_seconds: float
    idle_watch_minutes: int
    """Sites of an installation with nothing new, how long it is looked at, how often it watches."""
    worker_courses: int
    worker_turns: int
    """Courses of each site that workers share, and how often they read them all."""


PUBLISHED = Size(
    postgresql=True,
    starts=3,
    launches=200,
    flat_launches=2000,
    renders=20,
    approvals=10,
    views=9,
    few=60,
    many=2000,
    few_members=60,
    many_members=600,
    courses=50,
    class_size=20,
    day_courses=200,
    day_class=500,
    day_hours=2,
    storings=6,
    storing_learners=1000,
    readings=3,
    reading_learners=400,
    many_courses=39,
    course_learners=2000,
    idle_sites=50,
    idle_seconds=300.0,
    idle_watch_minutes=5,
    worker_courses=2,
    worker_turns=2,
)
TINY = Size(
    postgresql=False,
    starts=0,
    launches=3,
    flat_launches=6,
    renders=1,
    approvals=1,
    views=1,
    few=3,
    many=12,
    few_members=3,
    many_members=8,
    courses=2,
    class_size=3,
    day_courses=3,
    day_class=4,
    day_hours=1,
    storings=1,
    storing_learners=4,
    readings=1,
    reading_learners=4,
    many_courses=1,
    course_learners=3,
    idle_sites=1,
    idle_seconds=0.5,
    idle_watch_minutes=5,
    worker_courses=1,
    worker_turns=1,
)
