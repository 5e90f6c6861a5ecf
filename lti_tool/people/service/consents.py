"""Consents: one choice for each purpose, none of them a condition of anything else (N17).

Rows are only ever added: the newest counts, the older ones show what was in force when.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.errors import NotFound
from lti_tool.people.models import Consent, Person, Purpose

NOTICE_VERSION = "2026-11"
"""Version of the notice in templates/people/notice.html; a new one is put before everyone again."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a person stands on one purpose."""

    purpose: Purpose
    given: bool | None
    """None: never answered."""
    at: datetime | None
    notice_version: str | None


def record_choices(
    session: Session, *, person_id: int, given: Mapping[Purpose, bool]
) -> list[Consent]:
    """Record what a person chose; a choice already recorded for this notice is not written twice.

    Args:
        given: purpose → True accepted, False refused or withdrawn. Purposes left out do not change.

    Returns:
        The rows that were added.

    Raises:
        NotFound: no such person.
    """
    # Locked, so that two answers sent at once are compared with each other.
    if session.get(Person, person_id, with_for_update=True) is None:
        raise NotFound("person")
    present = {choice.purpose: choice for choice in choices(session, person_id)}
    added = [
        Consent(
            person_id=person_id,
            purpose=purpose,
            given=answer,
            notice_version=NOTICE_VERSION,
            at=clock.now(),
        )
        for purpose, answer in given.items()
        if (present[purpose].given, present[purpose].notice_version) != (answer, NOTICE_VERSION)
    ]
    session.add_all(added)
    session.flush()
    for row in added:
        journal.record(
            session,
            actor_id=person_id,
            action="consent.given" if row.given else "consent.refused",
            subject="consent",
            subject_id=row.id,
            purpose=str(row.purpose),
            notice_version=row.notice_version,
        )
    session.commit()
    return added


def choices(session: Session, person_id: int) -> list[Choice]:
    """Return where a person stands on every purpose, answered or not."""
    newest = {
        Purpose(row.purpose): row
        for row in session.scalars(
            select(Consent).where(Consent.person_id == person_id).order_by(Consent.id)
        )
    }
    return [
        Choice(purpose, row.given, row.at, row.notice_version)
        if (row := newest.get(purpose))
        else Choice(purpose, None, None, None)
        for purpose in Purpose
    ]


def consent_given(session: Session, person_id: int, purpose: Purpose) -> bool | None:
    """Return whether the person's newest choice is yes; None when they never answered."""
    return session.scalar(
        select(Consent.given)
        .where(Consent.person_id == person_id, Consent.purpose == purpose)
        .order_by(Consent.id.desc())
        .limit(1)
    )


def has_answered_notice(session: Session, person_id: int) -> bool:
    """Whether the person answered every purpose of the present notice, with yes or with no."""
    return all(choice.notice_version == NOTICE_VERSION for choice in choices(session, person_id))


def consents_given(
    session: Session, person_ids: Collection[int], purpose: Purpose
) -> dict[int, bool]:
    """Return the newest choice of each person who made one; who never answered is absent."""
    rows = session.execute(
        select(Consent.person_id, Consent.given)
        .where(Consent.person_id.in_(person_ids), Consent.purpose == purpose)
        .order_by(Consent.id)
    )
    return dict(rows.all())
