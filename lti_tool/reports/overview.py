"""What a coordinator sees first: what needs someone, then the figures of the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.anchoring.models import AnchoringCase, Confirmation, Wave
from lti_tool.anchoring.service.cases import FOLLOWED
from lti_tool.certification.models import Award, AwardState, Evidence, EvidenceState
from lti_tool.certification.service.drift_reviews import count_open
from lti_tool.grades.models import Pull
from lti_tool.grades.service import OWN_COLUMN_COUNTS
from lti_tool.grades.watching.freshness import failing_watches
from lti_tool.grades.watching.models import SiteWatch
from lti_tool.partners.models import Affiliation, Partner
from lti_tool.partners.proposals import count_waiting
from lti_tool.people.service.linking import held_links
from lti_tool.platforms.models import Course, Deployment, RegistrationState, Site
from lti_tool.referential.models import CourseMapping, Domain

SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class FailedPull:
    """A course whose newest reading failed."""

    course: Course
    pull: Pull


@dataclass(frozen=True, slots=True)
class Overview:
    """Alerts first, then counts."""

    drift_reviews: int
    """Grades that fell after a certification, for people to examine."""
    drift_reviews_late: int
    failed_pulls: list[FailedPull]
    sites_unwatched: list[SiteWatch]
    """Sites whose watch used to work, and fails."""
    sites_to_mend: list[Site]
    """No token, never checked, or something missing."""
    pending_deployments: int
    counted_columns: list[Course]
    """Courses where a column that the tool publishes counts in a total."""
    affiliations_proposed: list[tuple[Partner, int]]
    """Associations for which cohorts propose something, with how much waits."""
    waves_closing: int
    """Open waves without a confirmation that close within two weeks."""
    proposals: int
    evidence_waiting: int
    accounts_to_settle: int
    """Linked accounts that each hold a certification of one domain."""
    unmapped_domains: list[Domain]
    partners: int
    members: int
    awards: int
    certified_people: int
    cases: int


def overview(session: Session) -> Overview:
    """Return what the coordination needs to know now; a constant number of queries."""
    drift_reviews, drift_reviews_late = count_open(session)
    return Overview(
        drift_reviews=drift_reviews,
        drift_reviews_late=drift_reviews_late,
        failed_pulls=_failed_pulls(session),
        sites_unwatched=failing_watches(session),
        sites_to_mend=[
            site
            for site in session.scalars(select(Site).order_by(Site.id))
            if not site.token or site.checked_at is None or site.check_findings
        ],
        pending_deployments=_count(
            session,
            select(func.count(Deployment.id)).where(Deployment.state == RegistrationState.PENDING),
        ),
        counted_columns=_counted_columns(session),
        affiliations_proposed=_affiliations_proposed(session),
        waves_closing=_waves_closing(session),
        proposals=_count(
            session, select(func.count(Award.id)).where(Award.state == AwardState.PROPOSED)
        ),
        evidence_waiting=_count(
            session,
            select(func.count(Evidence.id)).where(Evidence.state == EvidenceState.SUBMITTED),
        ),
        accounts_to_settle=len(held_links(session)),
        unmapped_domains=_unmapped_domains(session),
        partners=_count(session, select(func.count(Partner.id))),
        members=_count(
            session,
            select(func.count(Affiliation.person_id.distinct())).where(Affiliation.until.is_(None)),
        ),
        awards=_count(
            session, select(func.count(Award.id)).where(Award.state == AwardState.ISSUED)
        ),
        certified_people=_count(
            session,
            select(func.count(Award.person_id.distinct())).where(Award.state == AwardState.ISSUED),
        ),
        cases=_count(
            session, select(func.count(AnchoringCase.id)).where(AnchoringCase.state.in_(FOLLOWED))
        ),
    )


def _count(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0


def _failed_pulls(session: Session) -> list[FailedPull]:
    newest = select(func.max(Pull.id)).group_by(Pull.course_id)
    rows = session.execute(
        select(Course, Pull)
        .join(Pull, Pull.course_id == Course.id)
        .where(Pull.id.in_(newest), Pull.error_code.is_not(None))
        .order_by(Course.fullname)
    )
    return [FailedPull(course, pull) for course, pull in rows]


def _counted_columns(session: Session) -> list[Course]:
    """Return the courses of which the newest reading to its end found a counted column."""
    newest = select(func.max(Pull.id)).where(Pull.finished_at.is_not(None)).group_by(Pull.course_id)
    rows = session.execute(
        select(Course, Pull.warnings)
        .join(Pull, Pull.course_id == Course.id)
        .where(Pull.id.in_(newest))
        .order_by(Course.fullname)
    )
    return [course for course, warnings in rows if OWN_COLUMN_COUNTS in warnings]


def _affiliations_proposed(session: Session) -> list[tuple[Partner, int]]:
    waiting = count_waiting(session)
    partners = session.scalars(
        select(Partner).where(Partner.id.in_(waiting)).order_by(Partner.name)
    )
    return [(partner, waiting[partner.id]) for partner in partners]


def _waves_closing(session: Session) -> int:
    today = clock.now().date()
    return _count(
        session,
        select(func.count(Wave.id))
        .join(AnchoringCase, AnchoringCase.id == Wave.case_id)
        .outerjoin(Confirmation, Confirmation.wave_id == Wave.id)
        .where(
            AnchoringCase.state.in_(FOLLOWED),
            AnchoringCase.partner_id.is_not(None),
            Confirmation.id.is_(None),
            Wave.opens_on <= today,
            Wave.closes_on >= today,
            Wave.closes_on <= today + SOON,
        ),
    )


def _unmapped_domains(session: Session) -> list[Domain]:
    mapped = select(CourseMapping.domain_id).where(CourseMapping.valid_to.is_(None))
    return list(
        session.scalars(select(Domain).where(Domain.id.not_in(mapped)).order_by(Domain.number))
    )
