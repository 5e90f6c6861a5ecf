"""What a report leaves out by its own conditions, as Moodle stores them."""

from __future__ import annotations

import json

STATUS = "enrolment:status"
ACTIVE = 0
EQUAL = 1
_OPERATOR = "_operator"


def active_only(conditions: str) -> bool:
    """Whether the report shows active enrolments only."""
    said = _read(conditions)
    return said.get(STATUS + _OPERATOR) == EQUAL and said.get(STATUS + "_value") == ACTIVE


def other_conditions(conditions: str) -> tuple[str, ...]:
    """Return Moodle's names of the other conditions that are set: each hides rows."""
    said = _read(conditions)
    names = {
        name.removesuffix(_OPERATOR)
        for name, value in said.items()
        if name.endswith(_OPERATOR) and value not in (0, "0", None, "")
    }
    return tuple(sorted(names - ({STATUS} if active_only(conditions) else set())))


def _read(conditions: str) -> dict[str, object]:
    try:
        said = json.loads(conditions or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
