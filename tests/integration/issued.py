"""Awards that were issued, with their certificate and their follow-up; every person is fictional."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.anchoring.models import AnchoringCase
from lti_tool.anchoring.service.cases import open_case
from lti_tool.certification.models import (
    Award,
    AwardState,
    Evidence,
    EvidenceKind,
    EvidenceState,
    PublishedRule,
)
from lti_tool.certification.rules.criteria import Criterion, Kind
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.measures import Quantity, Unit
from lti_tool.certification.rules.model import Route
from lti_tool.certification.rules.reasons import Reason
from lti_tool.credentials.models import Certificate
from lti_tool.credentials.service import open_certificate
from lti_tool.partners.models import Partner
from lti_tool.people.models import Person
from lti_tool.platforms.models import Course
from lti_tool.referential.models import Domain
from tests.factories import make_domain

ISSUED_ON = date(2026, 1, 15)
HIDDEN_MARK = Decimal("97.25")


def noon(day: date) -> datetime:
    """The middle of a day, in UTC."""
    return datetime.combine(day, time(12, 0), UTC)


def make_award(
    session: Session,
    person: Person,
    *,
    domain: Domain | None = None,
    course: Course | None = None,
    partner: Partner | None = None,
    issued_on: date = ISSUED_ON,
    decided_by: Person | None = None,
) -> Award:
    """An issued award with neither certificate nor follow-up yet; its grade was a hidden one."""
    domain = domain or make_domain(session)
    award = Award(
        person_id=person.id,
        domain_id=domain.id,
        rule_id=_rule(session, domain).id,
        course_id=course.id if course else None,
        partner_id=partner.id if partner else None,
        state=AwardState.ISSUED,
        decision=_decision(domain, noon(issued_on)).to_dict(),
        proposed_at=noon(issued_on),
        decided_at=noon(issued_on),
        decided_by=decided_by.id if decided_by else None,
        issued_on=issued_on,
    )
    session.add(award)
    session.flush()
    return award


def certify(session: Session, person: Person, **values: object) -> Certificate:
    """An issued award with its certificate."""
    award = make_award(session, person, **values)  # type: ignore[arg-type]  # passed on
    with clock.set_to(noon(award.issued_on or ISSUED_ON)):
        certificate = open_certificate(session, award)
    # Loaded now, so that no test reads later within a transaction that would keep others waiting.
    session.refresh(certificate, ["award"])
    session.refresh(award, ["domain", "person"])
    session.commit()
    return certificate


def follow(session: Session, person: Person, **values: object) -> AnchoringCase:
    """An issued award with its follow-up."""
    case = open_case(session, make_award(session, person, **values))  # type: ignore[arg-type]  # passed on
    session.commit()
    return case


def prove(session: Session, case: AnchoringCase, course: Course, *days: date) -> None:
    """Evidence of a use on each of these days, validated."""
    session.add_all(
        Evidence(
            author_id=case.person_id,
            domain_id=case.domain_id,
            course_id=course.id,
            kind=EvidenceKind.REAL_ACTION,
            title="Lettre au conseil fictif",
            happened_on=day,
            place="Ville fictive",
            state=EvidenceState.ACCEPTED,
            created_at=noon(day),
        )
        for day in days
    )
    session.commit()


def _rule(session: Session, domain: Domain) -> PublishedRule:
    found = session.scalar(select(PublishedRule).where(PublishedRule.domain_id == domain.id))
    if found is None:
        found = PublishedRule(
            domain_id=domain.id,
            version=1,
            text="rule: BASE",
            sha256="0" * 64,
            published_at=noon(ISSUED_ON),
        )
        session.add(found)
        session.flush()
    return found


def _decision(domain: Domain, at: datetime) -> Decision:
    grade = Criterion(
        path="0",
        kind=Kind.GRADE,
        status=Status.SATISFIED,
        reason=Reason.SATISFIED,
        measured=Quantity(HIDDEN_MARK, Unit.PERCENT),
        threshold=Quantity(Decimal(60), Unit.PERCENT),
        masked=True,
    )
    action = Criterion(
        path="1",
        kind=Kind.EVIDENCE,
        status=Status.SATISFIED,
        reason=Reason.SATISFIED,
        item=EvidenceKind.REAL_ACTION.value,
    )
    root = Criterion(
        path="",
        kind=Kind.ALL,
        status=Status.SATISFIED,
        reason=Reason.SATISFIED,
        children=(grade, action),
    )
    return Decision(
        rule="BASE",
        version=1,
        title="Certification en plaidoyer",
        domain=domain.code,
        subtheme=None,
        route=Route.FORMATION,
        at=at,
        root=root,
    )
