"""Writes gradebooks by batches of learners: a snapshot for each grade that is new or different.

A learner whose gradebook has the digest of the last time costs one comparison, and no row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool.grades.models import CurrentGrade, GradeItem, GradeSnapshot, LearnerReading
from lti_tool.grades.rules.plan import Way
from lti_tool.grades.storing.items import Items
from lti_tool.grades.storing.values import COLUMNS, compared, counting, digest_of, values_of
from moodle_client import UserGrades


@dataclass(slots=True)
class Counts:
    """What a reading did: values read, values that had changed."""

    read: int = 0
    changed: int = 0

    def add(self, other: Counts) -> None:
        """Count what another batch did."""
        self.read += other.read
        self.changed += other.changed


@dataclass(frozen=True, slots=True)
class Target:
    """Where gradebooks are written.

    Args:
        course_id: Course.id.
        pull_id: the reading.
        accounts: Account.id by Moodle's user id; nobody else is stored.
        ours: columns that the tool publishes, by Moodle's number.
        everyone: whether the reading covers everybody.
    """

    course_id: int
    pull_id: int
    accounts: Mapping[int, int]
    ours: frozenset[int]
    everyone: bool


def store_gradebooks(
    session: Session,
    target: Target,
    items: Items,
    gradebooks: Sequence[UserGrades],
    way: Way,
    at: datetime,
) -> Counts:
    """Write what changed in the gradebooks of a batch of learners. The caller holds the course."""
    read = {
        target.accounts[grades.user_id]: grades
        for grades in gradebooks
        if grades.user_id in target.accounts
    }
    readings = {
        row.account_id: row
        for row in session.execute(
            select(LearnerReading.account_id, LearnerReading.digest, LearnerReading.covered).where(
                LearnerReading.course_id == target.course_id,
                LearnerReading.account_id.in_(list(read)),
            )
        )
    }
    counts = Counts(read=sum(len(grades.items) for grades in read.values()))
    moved: dict[int, tuple[UserGrades, Mapping[int, bool | None]]] = {}
    digests: dict[int, bytes] = {}
    for account_id, grades in read.items():
        weights = counting(grades, target.ours)
        digest = digest_of(grades, weights)
        known = readings.get(account_id)
        items.ids(session, grades.items, at)
        if known is None or known.digest != digest:
            moved[account_id] = (grades, weights)
        if (
            known is None
            or known.digest != digest
            or (not known.covered if target.everyone else True)
        ):
            digests[account_id] = digest
    counts.changed = _store_snapshots(session, target, items, moved, way, at)
    _store_readings(session, target, digests, set(readings), at)
    return counts


def _store_snapshots(
    session: Session,
    target: Target,
    items: Items,
    moved: Mapping[int, tuple[UserGrades, Mapping[int, bool | None]]],
    way: Way,
    at: datetime,
) -> int:
    """Write the snapshots of those whose gradebook moved, and make each the present one."""
    if not moved:
        return 0
    present = _present(session, target.course_id, list(moved))
    fixed = {"pull_id": target.pull_id, "way": way, "read_at": at}
    new = []
    for account_id, (grades, weights) in moved.items():
        ids = items.ids(session, grades.items, at)
        for item in grades.items:
            values = values_of(item, weights.get(item.id))
            if present.get((account_id, ids[item.id])) != compared(values):
                new.append(
                    {
                        "item_id": ids[item.id],
                        "account_id": account_id,
                        **fixed,
                        **dict(zip(COLUMNS, values, strict=True)),
                    }
                )
    if new:
        # Ours alone: other readings of this course wait for it, those of others have other numbers.
        newest = session.scalar(select(func.max(GradeSnapshot.id))) or 0
        session.execute(insert(GradeSnapshot.__table__), new)  # type: ignore[arg-type]  # a Table
        _make_present(session, target, newest)
    return len(new)


def _present(
    session: Session, course_id: int, account_ids: list[int]
) -> dict[tuple[int, int], tuple[Any, ...]]:
    rows = session.execute(
        select(
            CurrentGrade.account_id,
            CurrentGrade.item_id,
            *(getattr(GradeSnapshot, name) for name in COLUMNS),
        )
        .join(GradeSnapshot, GradeSnapshot.id == CurrentGrade.snapshot_id)
        .join(GradeItem, GradeItem.id == CurrentGrade.item_id)
        .where(CurrentGrade.account_id.in_(account_ids), GradeItem.course_id == course_id)
    )
    return {(row[0], row[1]): compared(row[2:]) for row in rows}


def _make_present(session: Session, target: Target, newest: int) -> None:
    """Have the snapshots written since ``newest`` be the present ones, in one statement."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    written = select(GradeSnapshot.account_id, GradeSnapshot.item_id, GradeSnapshot.id).where(
        GradeSnapshot.id > newest, GradeSnapshot.pull_id == target.pull_id
    )
    upsert = dialect.insert(CurrentGrade).from_select(
        ["account_id", "item_id", "snapshot_id"], written
    )
    session.execute(
        upsert.on_conflict_do_update(
            index_elements=["account_id", "item_id"],
            set_={"snapshot_id": upsert.excluded.snapshot_id},
        )
    )


def _store_readings(
    session: Session,
    target: Target,
    digests: Mapping[int, bytes],
    known: set[int],
    at: datetime,
) -> None:
    new = [
        {
            "course_id": target.course_id,
            "account_id": account_id,
            "read_at": at,
            "covered": target.everyone,
            "digest": digest,
        }
        for account_id, digest in digests.items()
        if account_id not in known
    ]
    if new:
        session.execute(insert(LearnerReading), new)
    changed = [
        {
            "course_id": target.course_id,
            "account_id": account_id,
            "read_at": at,
            "digest": digest,
            **({"covered": True} if target.everyone else {}),
        }
        for account_id, digest in digests.items()
        if account_id in known
    ]
    if changed:
        session.execute(update(LearnerReading), changed)


def end_coverage(
    session: Session, course_id: int, covered: set[int], last_read: datetime | None
) -> None:
    """Keep the date of those whom a reading of everybody no longer had.

    Args:
        session: the caller commits it.
        course_id: Course.id.
        covered: Account.id of those whom it read.
        last_read: date of the reading of everybody before it, None without one.
    """
    rows = session.execute(
        select(LearnerReading.account_id, LearnerReading.read_at).where(
            LearnerReading.course_id == course_id, LearnerReading.covered.is_(True)
        )
    )
    ended = [
        {
            "course_id": course_id,
            "account_id": row.account_id,
            "read_at": max(row.read_at, last_read or row.read_at),
            "covered": False,
        }
        for row in rows
        if row.account_id not in covered
    ]
    if ended:
        session.execute(update(LearnerReading), ended)
