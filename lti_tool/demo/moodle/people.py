"""People of the demo's Moodle, their roles and what each role may do.

Capabilities carry Moodle's own names; a role is the set that it gives in a course, a service account
holds its set for the whole site. LTI roles are computed from capabilities, as Moodle does.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

LTI_MANAGE = "mod/lti:manage"
LTI_ADD = "mod/lti:addcoursetool"
MANAGE_ACTIVITIES = "moodle/course:manageactivities"
GRADE_EDIT = "moodle/grade:edit"
GRADE_VIEW_ALL = "moodle/grade:viewall"
GRADE_VIEW_HIDDEN = "moodle/grade:viewhidden"
COURSE_VIEW = "moodle/course:view"
VIEW_HIDDEN_COURSES = "moodle/course:viewhiddencourses"
VIEW_HIDDEN_ACTIVITIES = "moodle/course:viewhiddenactivities"

SERVICE_CAPABILITIES = frozenset(
    {
        "webservice/rest:use",
        COURSE_VIEW,
        VIEW_HIDDEN_COURSES,
        "moodle/course:enrolreview",
        "moodle/course:viewsuspendedusers",
        "moodle/user:viewdetails",
        "moodle/user:viewalldetails",
        "moodle/site:viewuseridentity",
        "moodle/site:accessallgroups",
        "moodle/course:managegroups",
        "moodle/cohort:view",
        "gradereport/user:view",
        GRADE_VIEW_ALL,
        GRADE_VIEW_HIDDEN,
        "report/completion:view",
        "report/progress:view",
        "mod/assign:view",
        "mod/assign:viewgrades",
        "mod/quiz:view",
        "mod/lti:view",
        VIEW_HIDDEN_ACTIVITIES,
        "moodle/competency:planview",
        "moodle/reportbuilder:view",
    }
)
"""What the recorded service account held, with the right to read custom reports."""

_PARTICIPANT = frozenset(
    {"gradereport/user:view", "mod/assign:view", "mod/quiz:view", "mod/lti:view"}
)
_TEACHING = _PARTICIPANT | {
    LTI_MANAGE,
    GRADE_VIEW_ALL,
    GRADE_VIEW_HIDDEN,
    VIEW_HIDDEN_ACTIVITIES,
    VIEW_HIDDEN_COURSES,
}


@dataclass(frozen=True, slots=True)
class Role:
    """A Moodle role: its short name and the capabilities that it gives in a course."""

    id: int
    shortname: str
    capabilities: frozenset[str]
    name: str = ""
    """Name shown for a custom role; Moodle's own roles have none."""
    gradable: bool = False
    """Whether people with this role have grades (Moodle's ``gradebookroles``)."""


MANAGER = Role(1, "manager", _TEACHING | {MANAGE_ACTIVITIES, LTI_ADD, GRADE_EDIT, COURSE_VIEW})
EDITING_TEACHER = Role(3, "editingteacher", _TEACHING | {MANAGE_ACTIVITIES, LTI_ADD, GRADE_EDIT})
STUDENT = Role(5, "student", _PARTICIPANT, gradable=True)
PARTNER_LEAD = Role(9, "partnerlead", _PARTICIPANT, "Référent·e d'association partenaire")
"""Referents of the associations: they enter the course, they neither teach nor are graded."""
NON_EDITING_PARTNER_LEAD = Role(9, "partnerlead", _TEACHING, PARTNER_LEAD.name)
"""The same role copied from non-editing teacher, as on the recorded site: Instructor at launch."""


@dataclass(slots=True)
class Person:
    """One account."""

    id: int
    username: str
    firstname: str
    lastname: str
    idnumber: str = ""
    city: str = ""
    country: str = ""
    email: str = ""
    suspended: bool = False
    deleted: bool = False
    admin: bool = False
    site_role: Role | None = None
    """Role held for the whole site (the coordination is a manager)."""
    capabilities: set[str] = field(default_factory=set)
    """Capabilities held for the whole site by a service account."""
    firstaccess: int = 0
    lastaccess: int = 0
    lang: str = "fr"

    def __post_init__(self) -> None:
        if not self.email:
            self.email = f"{self.username}@example.test"

    @property
    def fullname(self) -> str:
        """First name then family name, as stored."""
        return f"{self.firstname} {self.lastname}"


def sort_key(person: Person) -> tuple[str, str, int]:
    """Order of lists of people: family name, then first name, accents and case aside."""
    return _fold(person.lastname), _fold(person.firstname), person.id


def first_name_key(person: Person) -> tuple[str, int]:
    """Order of the custom report: first name, then family name."""
    return _fold(person.fullname), person.id


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
