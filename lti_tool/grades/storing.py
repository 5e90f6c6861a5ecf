"""Writes what was read, in the caller's transaction: a snapshot only where something changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.grades.models import (
    CompletionSnapshot,
    CurrentGrade,
    GradeItem,
    GradeSnapshot,
    Pull,
)
from lti_tool.grades.reading import CompletionReading
from lti_tool.grades.weights import counts_in_totals
from lti_tool.lti.gradebook.weights import own_columns
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from moodle_client import GradeItem as ReadItem
from moodle_client import UserGrades

FIVE_PLACES = Decimal("0.00001")
COMPARED = (
    "final",
    "grade_min",
    "grade_max",
    "hidden",
    "overridden",
    "locked",
    "excluded",
    "needs_update",
    "label",
    "counts",
)


@dataclass(slots=True)
class Counts:
    """What one pull did."""

    read: int = 0
    changed: int = 0


def store_gradebook(
    session: Session,
    course: Course,
    pull: Pull,
    gradebook: list[UserGrades],
    accounts: dict[int, Account],
    at: datetime,
) -> Counts:
    """Write a snapshot for each grade that is new or different; note that the others were seen."""
    counts = Counts()
    items = _store_items(session, course, gradebook, at)
    ids = [item.id for item in items.values()]
    current = {
        (row.account_id, row.item_id): row
        for row in session.scalars(select(CurrentGrade).where(CurrentGrade.item_id.in_(ids)))
    }
    known = {
        row.id: row
        for row in session.scalars(
            select(GradeSnapshot)
            .join(CurrentGrade, CurrentGrade.snapshot_id == GradeSnapshot.id)
            .where(CurrentGrade.item_id.in_(ids))
        )
    }
    ours = own_columns(session, [course.id]).get(course.id, set())
    new: list[tuple[CurrentGrade | None, GradeSnapshot]] = []
    for grades in gradebook:
        account = accounts.get(grades.user_id)
        if account is None:
            continue
        for read in grades.items:
            counts.read += 1
            item = items[read.id]
            values = snapshot_values(read)
            values["counts"] = counts_in_totals(grades.items, read.id) if read.id in ours else None
            present = current.get((account.id, item.id))
            if present is not None and _same(known[present.snapshot_id], values):
                present.checked_at = at
                continue
            snapshot = GradeSnapshot(
                item_id=item.id, account_id=account.id, pull_id=pull.id, read_at=at, **values
            )
            new.append((present, snapshot))
    _store_snapshots(session, new, at)
    counts.changed = len(new)
    return counts


def snapshot_values(read: ReadItem) -> dict[str, Any]:
    """Return the columns of a snapshot for one grade as read."""
    return {
        "final": None if read.final is None else read.final.quantize(FIVE_PLACES),
        "grade_min": None if read.minimum is None else read.minimum.quantize(FIVE_PLACES),
        "grade_max": None if read.maximum is None else read.maximum.quantize(FIVE_PLACES),
        "hidden": read.hidden,
        "overridden": read.overridden,
        "locked": read.locked,
        # `status` says how the item counts: absent, it counts; « excluded » is said, other words
        # (no value, dropped…) leave it unknown.
        "excluded": {None: False, "": False, "excluded": True}.get(read.status),
        "needs_update": read.needs_update,
        "label": read.displayed[:255],
    }


def store_completion(
    session: Session,
    course: Course,
    pull: Pull,
    account: Account,
    reading: CompletionReading,
    at: datetime,
) -> bool:
    """Write a snapshot when the completion changed; return whether it did."""
    latest = session.scalar(
        select(CompletionSnapshot)
        .where(
            CompletionSnapshot.account_id == account.id, CompletionSnapshot.course_id == course.id
        )
        .order_by(CompletionSnapshot.id.desc())
        .limit(1)
    )
    done = reading.completion
    completed = None if done is None else done.completed
    criteria = (
        []
        if done is None
        else [{"type": c.type, "complete": c.complete, "title": c.title} for c in done.criteria]
    )
    if latest is not None and (latest.completed, latest.criteria, latest.reason) == (
        completed,
        criteria,
        reading.reason,
    ):
        return False
    session.add(
        CompletionSnapshot(
            course_id=course.id,
            account_id=account.id,
            pull_id=pull.id,
            completed=completed,
            criteria=criteria,
            reason=reading.reason,
            read_at=at,
        )
    )
    return True


def _store_snapshots(
    session: Session, new: list[tuple[CurrentGrade | None, GradeSnapshot]], at: datetime
) -> None:
    """Write new snapshots, all at once for their numbers, and make each the present one."""
    session.add_all(snapshot for _present, snapshot in new)
    session.flush()
    for present, snapshot in new:
        if present is None:
            session.add(
                CurrentGrade(
                    account_id=snapshot.account_id,
                    item_id=snapshot.item_id,
                    snapshot_id=snapshot.id,
                    checked_at=at,
                )
            )
        else:
            present.snapshot_id, present.checked_at = snapshot.id, at


def _store_items(
    session: Session, course: Course, gradebook: list[UserGrades], at: datetime
) -> dict[int, GradeItem]:
    items = {
        row.moodle_id: row
        for row in session.scalars(select(GradeItem).where(GradeItem.course_id == course.id))
    }
    for read in {item.id: item for grades in gradebook for item in grades.items}.values():
        item = items.get(read.id)
        if item is None:
            item = items[read.id] = GradeItem(course_id=course.id, moodle_id=read.id)
            session.add(item)
        item.item_type = read.type
        item.module = read.module or ""
        item.idnumber = read.idnumber or ""
        item.name = read.name or ""
        item.cmid = read.cmid
        item.seen_at = at
    session.flush()
    return items


def _same(snapshot: GradeSnapshot, values: dict[str, Any]) -> bool:
    return all(getattr(snapshot, name) == values[name] for name in COMPARED)
