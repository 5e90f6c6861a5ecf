"""Counts the logins and launches that are refused, by reason and day, for the diagnosis of a site.

Nothing about the person, the browser or the course is kept. Bounded: reasons are few, a row holds
a whole day of one registration, and a month is kept. Counting never changes an answer.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar

import structlog
from flask import request
from sqlalchemy import CursorResult, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.errors import LtiToolError
from lti_tool.lti.models import LaunchRefusal, LoginAttempt
from lti_tool.lti.refused_frames import show_refusal
from lti_tool.lti.validation import digest
from lti_tool.platforms.models import Registration
from lti_tool.web.database import db
from lti_tool.web.runtime import runtime

KEPT = timedelta(days=30)
OURS = "LTI-"
"""How the codes of the door begin; a crash or a limit of requests is no refusal."""

P = ParamSpec("P")
R = TypeVar("R")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RefusalCount:
    """How often one reason refused launches since some day."""

    reason: str
    count: int
    last_at: datetime


def counted(view: Callable[P, R]) -> Callable[P, R]:
    """Count the refusal that a view of the door ends with, then let it be told as ever."""

    @functools.wraps(view)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return view(*args, **kwargs)
        except LtiToolError as error:
            if error.code.startswith(OURS):
                db().rollback()  # SQLite has one write lock, and this request may hold it
                _count_safely(error.code, request.values)
                show_refusal(db(), request.values)
            raise

    return run


def count_refusal(session: Session, reason: str, registration_id: int | None) -> None:
    """Count one refusal now; what is older than a month is forgotten. Commits."""
    now = clock.now()
    if not _add(session, reason, registration_id, now):
        session.execute(delete(LaunchRefusal).where(LaunchRefusal.day < (now - KEPT).date()))
        try:
            with session.begin_nested():
                row = {"registration_id": registration_id, "reason": reason, "day": now.date()}
                session.execute(insert(LaunchRefusal).values(**row, count=1, last_at=now))
        except IntegrityError:
            _add(session, reason, registration_id, now)
    session.commit()


def refusals_since(session: Session, since: datetime, site_id: int | None) -> list[RefusalCount]:
    """Return what refused the launches of one site since the day of ``since``, most frequent first.

    Args:
        site_id: None: of platforms that were not recognised.
    """
    mine = select(Registration.id).where(Registration.site_id == site_id)
    whose = (
        LaunchRefusal.registration_id.is_(None)
        if site_id is None
        else LaunchRefusal.registration_id.in_(mine)
    )
    total = func.sum(LaunchRefusal.count)
    rows = session.execute(
        select(LaunchRefusal.reason, total, func.max(LaunchRefusal.last_at))
        .where(whose, LaunchRefusal.day >= since.date())
        .group_by(LaunchRefusal.reason)
        .order_by(total.desc(), LaunchRefusal.reason)
    )
    return [RefusalCount(reason, int(count), last_at) for reason, count, last_at in rows]


def _count_safely(reason: str, sent: Mapping[str, Any]) -> None:
    try:
        with runtime().sessions() as session:
            count_refusal(session, reason, _registration_of(session, sent))
    except SQLAlchemyError as error:
        log.warning("refusal.uncounted", reason=reason, error=type(error).__name__)


def _registration_of(session: Session, sent: Mapping[str, Any]) -> int | None:
    """Return the registration that the request was about, as far as it can be told."""
    if state := sent.get("state"):
        return session.scalar(
            select(LoginAttempt.registration_id).where(LoginAttempt.state_hash == digest(state))
        )
    issuer, client_id = sent.get("iss", ""), sent.get("client_id", "")
    if not issuer or "\0" in issuer + client_id:
        return None
    known = select(Registration.id).where(Registration.issuer == issuer).limit(2)
    if client_id:
        known = known.where(Registration.client_id == client_id)
    found = session.scalars(known).all()
    return found[0] if len(found) == 1 else None


def _add(session: Session, reason: str, registration_id: int | None, now: datetime) -> bool:
    done = session.execute(
        update(LaunchRefusal)
        .where(
            LaunchRefusal.registration_id == registration_id,  # of no registration, for None
            LaunchRefusal.reason == reason,
            LaunchRefusal.day == now.date(),
        )
        .values(count=LaunchRefusal.count + 1, last_at=now)
        .execution_options(synchronize_session=False)
    )
    return isinstance(done, CursorResult) and done.rowcount > 0
