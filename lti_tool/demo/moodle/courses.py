"""Courses of the demo's Moodle: categories, activities, enrolments, groups and cohorts.

Plain records without behaviour of their own; ``world.py`` holds them together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lti_tool.demo.moodle.people import Role

CompletionRule = Literal["manual", "submit", "grade"]


@dataclass(slots=True)
class Category:
    """A course category."""

    id: int
    name: str
    parent: int = 0
    sortorder: int = 10000
    path: str = ""
    description: str = ""


@dataclass(slots=True)
class Course:
    """A course; number 1 is the front page of the site."""

    id: int
    fullname: str
    shortname: str
    idnumber: str = ""
    category: int = 0
    sortorder: int = 0
    summary: str = ""
    format: str = "topics"
    visible: bool = True
    showgrades: bool = True
    groupmode: int = 0
    """0 none, 1 separate groups, 2 visible groups."""
    startdate: int = 0
    enddate: int = 0
    timecreated: int = 0
    timemodified: int = 0
    numsections: int = 3
    newsitems: int = 0
    enablecompletion: bool = True
    contextid: int = 0


@dataclass(slots=True)
class Activity:
    """An activity (Moodle: course module). ``cmid`` is unique on the site, ``instance`` per type."""

    cmid: int
    course: int
    modname: str
    instance: int
    name: str
    intro: str = ""
    visible: bool = True
    completion: CompletionRule | None = None
    url: str = ""
    """Address launched by an external tool; empty: the tool's own."""
    custom: dict[str, str] = field(default_factory=dict)
    """Custom parameters of this external tool."""


@dataclass(slots=True)
class Enrolment:
    """Someone in a course, with a role, from and until when (seconds; 0: no limit)."""

    course: int
    person: int
    role: Role
    suspended: bool = False
    timestart: int = 0
    timeend: int = 0

    def is_active(self, moment: int) -> bool:
        """Whether the enrolment counts at ``moment`` (seconds since 1970)."""
        started = self.timestart <= moment
        return not self.suspended and started and (not self.timeend or moment < self.timeend)


@dataclass(slots=True)
class Group:
    """A group of a course."""

    id: int
    course: int
    name: str
    idnumber: str = ""
    members: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Cohort:
    """A cohort of the site: here, a partner association."""

    id: int
    name: str
    idnumber: str = ""
    description: str = ""
    descriptionformat: int = 0
    visible: bool = True
    contextid: int = 1
    members: list[int] = field(default_factory=list)
