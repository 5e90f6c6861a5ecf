"""What a criterion measured: quantities, raw readings, their source, the evidence looked at.

Each writes itself to JSON and back without loss; numbers travel as text, moments in ISO 8601.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.reasons import Reason


class Unit(StrEnum):
    """The unit of a measured value and of its threshold."""

    PERCENT = "percent"
    """0 to 100, five decimals."""
    LEVEL = "level"
    """Position in a scale, from 1; the label is its word."""
    COMPLETED = "completed"
    """0 or 1."""
    COUNT = "count"
    """How many parts, or pieces of evidence."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured value or a threshold."""

    amount: Decimal
    unit: Unit
    label: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values; the amount is text, to stay exact."""
        return {"amount": str(self.amount), "unit": self.unit.value, "label": self.label}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Quantity":
        """Read what `to_dict` wrote."""
        return cls(Decimal(data["amount"]), Unit(data["unit"]), data["label"])


@dataclass(frozen=True, slots=True)
class Source:
    """Where and when a value was read: Moodle site, snapshot, moment."""

    site: str
    snapshot_id: str
    fetched_at: datetime

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "site": self.site,
            "snapshot_id": self.snapshot_id,
            "fetched_at": self.fetched_at.isoformat(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Source":
        """Read what `to_dict` wrote."""
        moment = datetime.fromisoformat(data["fetched_at"])
        return cls(data["site"], data["snapshot_id"], moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A grade as Moodle gave it, before any judgement; None is unknown."""

    final: Decimal | None
    grademin: Decimal | None
    grademax: Decimal | None
    hidden: bool | None
    overridden: bool | None
    locked: bool | None
    excluded: bool | None

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values; numbers are text, to stay exact."""
        return {
            "final": _text(self.final),
            "grademin": _text(self.grademin),
            "grademax": _text(self.grademax),
            "hidden": self.hidden,
            "overridden": self.overridden,
            "locked": self.locked,
            "excluded": self.excluded,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Reading":
        """Read what `to_dict` wrote."""
        return cls(
            final=_decimal(data["final"]),
            grademin=_decimal(data["grademin"]),
            grademax=_decimal(data["grademax"]),
            hidden=data["hidden"],
            overridden=data["overridden"],
            locked=data["locked"],
            excluded=data["excluded"],
        )


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One piece of evidence looked at, and why it counts or not."""

    id: str
    happened_on: date
    status: Status
    reason: Reason

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "id": self.id,
            "happened_on": self.happened_on.isoformat(),
            "status": self.status.value,
            "reason": self.reason.value,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "EvidenceItem":
        """Read what `to_dict` wrote."""
        day = date.fromisoformat(data["happened_on"])
        return cls(data["id"], day, Status(data["status"]), Reason(data["reason"]))


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
