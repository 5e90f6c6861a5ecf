"""Leases: rows of the database that at most ``limit`` holders of a name have at once, each for a time.

For what must be done by one process (the leader) or by few at once (the slots of a site). Every
statement is conditional and safe with two at once on both engines: an expired slot passes to one
of those who want it, a new slot is inserted by one of them. The caller commits, at once: the
others wait for it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.jobs.models import Lease


def acquire(session: Session, name: str, holder: str, until: datetime, limit: int = 1) -> bool:
    """Take a slot of ``name`` until a moment, or keep the one that ``holder`` has.

    Args:
        session: the caller commits it.
        name: what is limited, e.g. ``jobs.leader``.
        holder: who takes it; two that must count as two have two names.
        until: when the slot is free again if nobody renews it.
        limit: how many may hold the name at once.
    """
    if renew(session, name, holder, until):
        return True
    moment = clock.now()
    expired = (
        select(Lease.slot)
        .where(Lease.name == name, Lease.slot < limit, Lease.until <= moment)
        .order_by(Lease.slot)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = session.execute(
        update(Lease)
        .where(
            Lease.name == name,
            Lease.slot == expired.scalar_subquery(),
            Lease.until <= moment,
        )
        .values(holder=holder, until=until)
        .execution_options(synchronize_session=False)
    )
    if _rows(taken):
        return True
    used = set(session.scalars(select(Lease.slot).where(Lease.name == name)))
    return any(
        _insert(session, name, slot, holder, until) for slot in range(limit) if slot not in used
    )


def renew(session: Session, name: str, holder: str, until: datetime) -> bool:
    """Keep a slot until a later moment; False when it ended and somebody else may have it."""
    renewed = session.execute(
        update(Lease)
        .where(Lease.name == name, Lease.holder == holder, Lease.until > clock.now())
        .values(until=until)
        .execution_options(synchronize_session=False)
    )
    return _rows(renewed) > 0


def release(session: Session, name: str, holder: str) -> None:
    """Free the slot of a holder; nothing when it has none."""
    session.execute(
        delete(Lease)
        .where(Lease.name == name, Lease.holder == holder)
        .execution_options(synchronize_session=False)
    )


def release_all(session: Session, prefix: str) -> None:
    """Free every slot whose holder's name begins with ``prefix``, letters and digits only.

    What a job holds bears the token of its claim: it is freed when the attempt ends, also by death.
    """
    session.execute(
        delete(Lease)
        .where(Lease.holder.startswith(prefix))
        .execution_options(synchronize_session=False)
    )


def holders(session: Session, name: str) -> list[Lease]:
    """Return the slots of a name that are held now."""
    held = select(Lease).where(Lease.name == name, Lease.until > clock.now())
    return list(session.scalars(held.order_by(Lease.slot)))


def _insert(session: Session, name: str, slot: int, holder: str, until: datetime) -> bool:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    inserted = session.execute(
        insert(Lease)
        .values(name=name, slot=slot, holder=holder, until=until)
        .on_conflict_do_nothing()
        .returning(Lease.slot)
    )
    return inserted.first() is not None


def _rows(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
