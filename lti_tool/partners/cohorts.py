"""Which Moodle cohort stands for which association: tied and untied by a coordinator."""

from __future__ import annotations

import unicodedata

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock, journal
from lti_tool.errors import NotFound
from lti_tool.jobs import Job, Priority, enqueue
from lti_tool.partners.affiliations import current_affiliations, end_affiliation
from lti_tool.partners.errors import CohortRefused, CohortTaken, UntieReasonNeeded
from lti_tool.partners.models import CohortLink, Partner
from lti_tool.partners.proposals import lock_partners, overtake_of_link
from lti_tool.platforms.models import Site

SYNC_COHORTS = "partners.sync_cohorts"
NAME_LENGTH = 254


def tie_cohort(
    session: Session,
    *,
    actor_id: int | None,
    site: Site,
    cohort_id: int,
    name: str,
    partner: Partner,
) -> CohortLink:
    """Make a cohort of a site stand for an association, and commit.

    Tying it again to the same association changes nothing. Its members are read by
    ``reading.sync_cohort_members``, not here.

    Args:
        cohort_id: Moodle's number.
        name: the cohort's name, "" when it is not known yet.

    Raises:
        CohortRefused: the number cannot be a cohort's.
        CohortTaken: it is tied to another association.
    """
    if cohort_id < 1:
        raise CohortRefused
    current = _current(session, site.id, cohort_id)
    if current is None:
        current = _tie(session, actor_id, site, cohort_id, name, partner)
    if current.partner_id != partner.id:
        raise CohortTaken
    session.commit()
    return current


def untie_cohort(
    session: Session,
    *,
    actor_id: int | None,
    link_id: int,
    reason: str,
    partner_id: int | None = None,
) -> int:
    """End a link and, today, the affiliations that it made; drop what it proposed; commit.

    Args:
        partner_id: the association that the link must belong to, when the address names one.

    Returns:
        How many affiliations ended.

    Raises:
        UntieReasonNeeded: the reason is empty.
        NotFound: there is no such link, or it is untied already.
    """
    if not reason.strip():
        raise UntieReasonNeeded
    link = session.scalar(
        select(CohortLink)
        .where(CohortLink.id == link_id, CohortLink.untied_at.is_(None))
        .with_for_update()
    )
    if link is None or partner_id not in (None, link.partner_id):
        raise NotFound("cohort link")
    link.untied_at = clock.now()
    lock_partners(session, {link.partner_id})
    overtake_of_link(session, actor_id, link)
    held = current_affiliations(session, link)
    for affiliation in held:
        end_affiliation(session, actor_id, affiliation)
    journal.record(
        session,
        actor_id=actor_id,
        action="cohort.untied",
        subject="cohort_link",
        subject_id=link.id,
        partner_id=link.partner_id,
        ended=len(held),
        reason=reason.strip(),
    )
    session.commit()
    return len(held)


def cohort_links(
    session: Session, *, partner_id: int | None = None, site_id: int | None = None
) -> list[CohortLink]:
    """Return the present links of an association, of a site, or all; with both loaded."""
    query = (
        select(CohortLink)
        .where(CohortLink.untied_at.is_(None))
        .options(joinedload(CohortLink.site), joinedload(CohortLink.partner))
        .order_by(CohortLink.cohort_name, CohortLink.id)
    )
    if partner_id is not None:
        query = query.where(CohortLink.partner_id == partner_id)
    if site_id is not None:
        query = query.where(CohortLink.site_id == site_id)
    return list(session.scalars(query))


def ask_for_reading(session: Session, *, site_id: int, asked_by: int | None) -> Job:
    """Queue the reading of the cohorts of a site and commit; one that waits or runs is returned."""
    job = queue_reading(session, site_id, Priority.ASKED, asked_by)
    session.commit()
    return job


def queue_reading(
    session: Session, site_id: int, priority: Priority, asked_by: int | None = None
) -> Job:
    """Queue the reading of the cohorts of a site, one at a time. The caller commits."""
    return enqueue(
        session,
        SYNC_COHORTS,
        {"site_id": site_id},
        key=_key(site_id),
        asked_by=asked_by,
        priority=priority,
    )


def ask_for_every_reading(session: Session) -> int:
    """Queue the reading of each site that has a tied cohort and a token, and commit; return how many."""
    tied = select(CohortLink.site_id).where(CohortLink.untied_at.is_(None))
    sites = session.scalars(
        select(Site).where(Site.id.in_(tied), Site.token.is_not(None)).order_by(Site.id)
    ).all()
    for site in sites:
        queue_reading(session, site.id, Priority.BACKGROUND)
    session.commit()
    return len(sites)


def latest_reading(session: Session, site_id: int) -> Job | None:
    """Return the newest reading of the cohorts of a site, over or not."""
    return session.scalar(
        select(Job).where(Job.key == _key(site_id)).order_by(Job.id.desc()).limit(1)
    )


def _tie(
    session: Session,
    actor_id: int | None,
    site: Site,
    cohort_id: int,
    name: str,
    partner: Partner,
) -> CohortLink:
    link = CohortLink(
        site_id=site.id,
        cohort_id=cohort_id,
        cohort_name=unicodedata.normalize("NFC", name).strip()[:NAME_LENGTH],
        partner_id=partner.id,
        linked_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(link)
    except IntegrityError:
        # Tied by somebody else between our reading and our writing.
        theirs = _current(session, site.id, cohort_id)
        if theirs is None:
            raise
        return theirs
    journal.record(
        session,
        actor_id=actor_id,
        action="cohort.tied",
        subject="cohort_link",
        subject_id=link.id,
        site_id=site.id,
        cohort_id=cohort_id,
        partner_id=partner.id,
    )
    return link


def _current(session: Session, site_id: int, cohort_id: int) -> CohortLink | None:
    return session.scalar(
        select(CohortLink).where(
            CohortLink.site_id == site_id,
            CohortLink.cohort_id == cohort_id,
            CohortLink.untied_at.is_(None),
        )
    )


def _key(site_id: int) -> str:
    return f"{SYNC_COHORTS}:{site_id}"
