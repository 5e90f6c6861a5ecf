"""Calendar events."""

from dataclasses import dataclass
from datetime import datetime

from moodle_client.models.record import Record


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event; `module` and `instance` are None when it does not come from an activity."""

    id: int
    name: str
    type: str
    course_id: int | None
    module: str | None
    instance: int | None
    starts_at: datetime | None
    duration_seconds: int
    visible: bool

    @classmethod
    def read(cls, record: Record) -> "CalendarEvent":
        """Read one event."""
        return cls(
            id=record.integer("id"),
            name=record.escaped_name("name"),
            type=record.text("eventtype"),
            course_id=record.integer_or_none("courseid"),
            module=record.text_or_none("modulename"),
            instance=record.integer_or_none("instance"),
            starts_at=record.moment_or_none("timestart"),
            duration_seconds=record.integer("timeduration"),
            visible=record.flag("visible"),
        )
