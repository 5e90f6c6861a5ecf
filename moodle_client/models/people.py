"""People as Moodle knows them, on the site and in a course."""

import re
from dataclasses import dataclass
from datetime import datetime

from moodle_client.models.record import Record

_MANGLED_EMAIL = re.compile(r"[0-9a-f]{32}")
_MANGLED_USERNAME = re.compile(r".+\.\d{9,11}")


@dataclass(frozen=True, slots=True)
class User:
    """An account. Names have composed accents (NFC).

    Attributes:
        idnumber: None when there is none, or when the account may not see it: Moodle leaves the
            field out in both cases.
        email, username, suspended: None when not shown to the service account.
    """

    id: int
    fullname: str
    firstname: str | None
    lastname: str | None
    username: str | None
    email: str | None
    idnumber: str | None
    suspended: bool | None
    language: str | None
    city: str | None
    country: str | None
    last_access_at: datetime | None

    @property
    def is_deleted(self) -> bool:
        """Whether the account was deleted: Moodle has no flag, but mangles both texts."""
        return bool(
            _MANGLED_EMAIL.fullmatch(self.email or "")
            and _MANGLED_USERNAME.fullmatch(self.username or "")
        )

    @classmethod
    def read(cls, record: Record) -> "User":
        """Read one account."""
        return cls(
            id=record.integer("id"),
            fullname=record.name("fullname"),
            firstname=record.name_or_none("firstname"),
            lastname=record.name_or_none("lastname"),
            username=record.text_or_none("username"),
            email=record.text_or_none("email"),
            idnumber=record.text_or_none("idnumber"),
            suspended=record.flag_or_none("suspended"),
            language=record.text_or_none("lang"),
            city=record.name_or_none("city"),
            country=record.text_or_none("country"),
            last_access_at=record.moment_or_none("lastaccess"),
        )


@dataclass(frozen=True, slots=True)
class Role:
    """A role held in a course; `shortname` is the stable one ("student", "editingteacher"…)."""

    id: int
    shortname: str
    name: str


@dataclass(frozen=True, slots=True)
class GroupRef:
    """A group of a course, by id and name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class EnrolledUser:
    """A person enrolled in a course; nothing here tells whether the enrolment is suspended.

    Fields that were not asked for (`fields=`) are None, and `roles`, `groups` empty.

    Attributes:
        idnumber: None when there is none, or when the account may not see it.
        last_course_access_at: None when never, or when not asked.
    """

    id: int
    fullname: str | None
    firstname: str | None
    lastname: str | None
    username: str | None
    email: str | None
    idnumber: str | None
    city: str | None
    country: str | None
    last_course_access_at: datetime | None
    roles: tuple[Role, ...]
    groups: tuple[GroupRef, ...]

    def has_role(self, shortname: str) -> bool:
        """Whether the person holds the role of this short name in the course."""
        return any(role.shortname == shortname for role in self.roles)

    @classmethod
    def read(cls, record: Record) -> "EnrolledUser":
        """Read one person of `core_enrol_get_enrolled_users`."""
        return cls(
            id=record.integer("id"),
            fullname=record.name_or_none("fullname"),
            firstname=record.name_or_none("firstname"),
            lastname=record.name_or_none("lastname"),
            username=record.text_or_none("username"),
            email=record.text_or_none("email"),
            idnumber=record.text_or_none("idnumber"),
            city=record.name_or_none("city"),
            country=record.text_or_none("country"),
            last_course_access_at=record.moment_or_none("lastcourseaccess"),
            roles=tuple(
                Role(item.integer("roleid"), item.text("shortname"), item.name("name"))
                for item in record.children("roles")
            ),
            groups=tuple(
                GroupRef(item.integer("id"), item.escaped_name("name"))
                for item in record.children("groups")
            ),
        )
