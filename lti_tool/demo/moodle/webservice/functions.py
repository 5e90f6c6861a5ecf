"""The register of web-service functions, and what a function is given when it is called."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lti_tool.demo.moodle.courses import Course
from lti_tool.demo.moodle.people import Person
from lti_tool.demo.moodle.site import DemoMoodle
from lti_tool.demo.moodle.webservice.errors import (
    NOT_ACCESSIBLE,
    bad_course_context,
    login_required,
    missing_record,
)
from lti_tool.demo.moodle.webservice.parameters import Struct
from lti_tool.demo.moodle.world import World

CORE_VERSION = "2024100706"
PLUGIN_VERSION = "2024100700"


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the site, who asks, and whether texts are wanted as stored."""

    site: DemoMoodle
    caller: Person
    raw: bool = False

    @property
    def world(self) -> World:
        """What the site holds."""
        return self.site.world

    def may(self, capability: str, course: int | None = None) -> bool:
        """Whether the caller holds a capability on the site, or in a course."""
        return capability in self.site.capabilities(self.caller, course)

    def text(self, stored: str) -> str:
        """Return a name as ``external_format_string`` gives it: escaped, tags removed."""
        if self.raw:
            return stored
        return html.escape(re.sub(r"<[^<>\s][^<>]*>", "", stored), quote=False)

    def course(self, number: int) -> Course:
        """Return a course that exists.

        Raises:
            WebServiceError: ``invalidrecord``.
        """
        if number not in self.world.courses:
            raise missing_record("course")
        return self.world.courses[number]

    def enter(self, number: int, *, of_people: bool = False) -> Course:
        """Return a course that the caller may open.

        Args:
            of_people: functions on courses and people wrap the refusal in a sentence of their own.

        Raises:
            WebServiceError: ``invalidrecord``, ``requireloginerror`` or ``errorcoursecontextnotvalid``.
        """
        course = self.course(number)
        reason = self.barred(course)
        if not reason:
            return course
        raise bad_course_context(number, reason) if of_people else login_required()

    def barred(self, course: Course) -> str:
        """Return why the caller may not open a course, or nothing."""
        switches = self.site.switches
        if switches.password_expired:
            return "error/forcepasswordchangenotice"
        if switches.policy_pending:
            page = f"{self.site.base_url}/user/policy.php"
            link = f'<a href="{page}">Click here to open the site policy.</a>'
            return f"Site policy not agreed: {link}"
        if not self.world.may_enter(self.caller, course, self.site.now):
            return NOT_ACCESSIBLE
        return ""


@dataclass(frozen=True, slots=True)
class Function:
    """A web-service function."""

    name: str
    parameters: Struct
    answer: Callable[..., Any]
    version: str = CORE_VERSION


FUNCTIONS: dict[str, Function] = {}

UNSERVED = frozenset({"core_user_create_users", "core_user_update_users", "core_files_upload"})
"""Functions that exist in Moodle but are in no service here."""


def function(
    name: str, version: str = CORE_VERSION, **parameters: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as the web-service function ``name``."""

    def register(answer: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS[name] = Function(name, Struct(parameters), answer, version)
        return answer

    return register
