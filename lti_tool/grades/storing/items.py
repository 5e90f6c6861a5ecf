"""Writes the columns of a gradebook: what each is, and which ones are gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from lti_tool.grades.models import GradeItem
from moodle_client import GradeItem as ReadItem

DESCRIBED = (
    "item_type",
    "module",
    "idnumber",
    "name",
    "cmid",
    "instance",
    "category_id",
    "outcome_id",
    "locked",
    "category",
)


class Items:
    """The columns of one course while it is read."""

    def __init__(
        self, session: Session, course_id: int, categories: Mapping[int, str] | None = None
    ) -> None:
        """Load what is known.

        Args:
            session: of one transaction; the others come with each call.
            course_id: Course.id.
            categories: names of the categories; None: not told, those known stay.
        """
        self._course_id = course_id
        self._categories = categories
        self._known: dict[int, tuple[int, Mapping[str, Any], datetime | None]] = {}
        self._load(session)
        self._seen: set[int] = set()

    def ids(self, session: Session, read: Iterable[ReadItem], at: datetime) -> dict[int, int]:
        """Return GradeItem.id by Moodle's number, new columns and new descriptions written."""
        found = {}
        for item in read:
            if item.id not in self._seen:
                self._see(session, item, at)
            found[item.id] = self._known[item.id][0]
        return found

    def left_out(self, existing: Set[int]) -> frozenset[int]:
        """Return which of the columns that exist in Moodle no answer held; none when nobody was read."""
        return frozenset(existing - self._seen) if self._seen else frozenset()

    def missed(self) -> bool:
        """Whether a column that the last reading had stands in no answer of this one."""
        present = {number for number, known in self._known.items() if known[2] is None}
        return bool(self._seen and present - self._seen)

    def note_gone(self, session: Session, at: datetime, last_read: datetime | None) -> None:
        """Say which columns the reading missed; nothing when it read nobody.

        Args:
            session: the caller commits it.
            at: moment of the reading.
            last_read: when the reading before that had them was made; None: not known.
        """
        if not self._seen:
            return
        for number, (item_id, _described, gone_at) in self._known.items():
            if number in self._seen or gone_at is not None:
                continue
            values: dict[str, Any] = {"gone_at": at}
            if last_read is not None:
                values["seen_at"] = last_read
            session.execute(update(GradeItem).where(GradeItem.id == item_id).values(**values))

    def _load(self, session: Session) -> None:
        rows = session.scalars(select(GradeItem).where(GradeItem.course_id == self._course_id))
        for row in rows:
            described = {name: getattr(row, name) for name in DESCRIBED}
            self._known.setdefault(row.moodle_id, (row.id, described, row.gone_at))

    def _see(self, session: Session, item: ReadItem, at: datetime) -> None:
        if item.id not in self._known:
            # A reading that was taken for dead may have written it since; the course is locked now.
            self._load(session)
        known = self._known.get(item.id)
        described = self._describe(item, known[1] if known else None)
        if known is None:
            item_id = session.scalars(
                insert(GradeItem).returning(GradeItem.id),
                {
                    "course_id": self._course_id,
                    "moodle_id": item.id,
                    "seen_at": at,
                    **described,
                },
            ).one()
        else:
            item_id = known[0]
            if described != known[1] or known[2] is not None:
                session.execute(
                    update(GradeItem)
                    .where(GradeItem.id == item_id)
                    .values(**described, seen_at=at, gone_at=None)
                )
        self._known[item.id] = (item_id, described, None)
        self._seen.add(item.id)

    def _describe(self, item: ReadItem, known: Mapping[str, Any] | None) -> dict[str, Any]:
        category = known["category"] if known else ""
        if self._categories is not None:
            above = item.instance if item.type in ("category", "course") else item.category_id
            category = self._categories.get(above or 0, "")[:255]
        return {
            "item_type": item.type,
            "module": item.module or "",
            "idnumber": item.idnumber or "",
            "name": (item.name or "")[:255],
            "cmid": item.cmid,
            "instance": item.instance,
            "category_id": item.category_id,
            "outcome_id": item.outcome_id,
            "locked": item.item_locked,
            "category": category,
        }
