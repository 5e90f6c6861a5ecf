"""Cohorts of the site and groups of courses."""

from dataclasses import dataclass

from moodle_client.models.record import Record


@dataclass(frozen=True, slots=True)
class Cohort:
    """A cohort; `idnumber` is "" when there is none."""

    id: int
    name: str
    idnumber: str
    description: str
    visible: bool

    @classmethod
    def read(cls, record: Record) -> "Cohort":
        """Read one cohort."""
        return cls(
            id=record.integer("id"),
            name=record.name("name"),
            idnumber=record.text("idnumber"),
            description=record.text("description"),
            visible=record.flag("visible"),
        )


@dataclass(frozen=True, slots=True)
class CohortMembers:
    """The people of a cohort, by user id."""

    cohort_id: int
    user_ids: tuple[int, ...]

    @classmethod
    def read(cls, record: Record) -> "CohortMembers":
        """Read one entry."""
        return cls(record.integer("cohortid"), record.integers("userids"))


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a course; `idnumber` is "" when there is none."""

    id: int
    course_id: int
    name: str
    idnumber: str

    @classmethod
    def read(cls, record: Record) -> "Group":
        """Read one group."""
        return cls(
            id=record.integer("id"),
            course_id=record.integer("courseid"),
            name=record.escaped_name("name"),
            idnumber=record.text("idnumber"),
        )


@dataclass(frozen=True, slots=True)
class GroupMembers:
    """The people of a group, by user id."""

    group_id: int
    user_ids: tuple[int, ...]

    @classmethod
    def read(cls, record: Record) -> "GroupMembers":
        """Read one entry."""
        return cls(record.integer("groupid"), record.integers("userids"))
