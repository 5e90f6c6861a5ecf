"""Grade items, grade categories and grades: what the gradebook stores, without what it computes.

Words are Moodle's: an item is a column; a category and the course each have an item for their total.
Values are ``Decimal``; a grade that is not there is ``None``, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

ItemKind = Literal["mod", "manual", "category", "course"]
GradeType = Literal["value", "scale", "text", "none"]
Display = Literal["real", "percentage", "letter", "real_letter"]
Aggregation = Literal["natural", "weighted_mean"]

HUNDRED = Decimal(100)


@dataclass(slots=True)
class GradeItem:
    """One column of a course's gradebook."""

    id: int
    course: int
    kind: ItemKind
    name: str | None = None
    category: int = 0
    """Grade category that holds the item; for a total, the category that it totals."""
    module: str | None = None
    instance: int | None = None
    cmid: int | None = None
    idnumber: str | None = None
    gradetype: GradeType = "value"
    grademin: Decimal = Decimal(0)
    grademax: Decimal = HUNDRED
    gradepass: Decimal = Decimal(0)
    scale: tuple[str, ...] = ()
    decimals: int = 2
    display: Display = "real"
    weight: Decimal = Decimal(1)
    """Coefficient in a weighted mean; natural weighting uses the maximum instead. 0: does not count."""
    hidden: bool = False
    hidden_until: int = 0
    """Hidden until that moment (seconds); counts as hidden, stays in the learner's list."""
    locked: bool = False
    tool: int | None = None
    """Number of the external tool (its deployment) that created the column through AGS."""
    resource_id: str | None = None
    tag: str = ""
    resource_link: int | None = None
    """Instance of the tool activity to which an AGS column is coupled."""

    def is_hidden(self, moment: int) -> bool:
        """Whether learners do not see the item at ``moment`` (seconds)."""
        return self.hidden or self.hidden_until > moment

    @property
    def is_total(self) -> bool:
        """Whether this is the total of a category or of the course."""
        return self.kind in ("category", "course")

    @property
    def takes_grades(self) -> bool:
        """Whether the item holds numbers (values or scale levels)."""
        return self.gradetype in ("value", "scale")


@dataclass(slots=True)
class GradeCategory:
    """A node of the gradebook tree; the course's own category has no parent."""

    id: int
    course: int
    parent: int | None = None
    aggregation: Aggregation = "natural"
    name: str = ""
    """Empty for the course's own category, which is called like the course."""


@dataclass(slots=True)
class Grade:
    """What one person has in one item."""

    item: int
    person: int
    value: Decimal | None = None
    graded_at: int | None = None
    feedback: str = ""
    feedback_format: int = 0
    """Moodle's text format: 0 its own, 1 HTML, 2 plain."""
    hidden: bool = False
    overridden: bool = False
    excluded: bool = False
    locked: bool = False
    score_time: int | None = None
    """Time stamp of the last AGS score (seconds): later ones must be strictly newer."""
