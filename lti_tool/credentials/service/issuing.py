"""A certificate begins in the transaction that issues its award: number, code, frozen name."""

from __future__ import annotations

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.certification.models import Award
from lti_tool.credentials.models import Certificate, NumberSequence
from lti_tool.credentials.numbers import certificate_number, new_code
from lti_tool.jobs import enqueue

RENDER = "credentials.render"


def open_certificate(session: Session, award: Award) -> Certificate:
    """Give an issued award its number and code, in the transaction that issues it."""
    moment = clock.now()
    issued_on = award.issued_on or moment.date()
    serial = _next_serial(session, issued_on.year, award.domain.number)
    certificate = Certificate(
        award_id=award.id,
        number=certificate_number(issued_on.year, award.domain.number, serial),
        code=new_code(),
        holder_name=award.person.full_name,
        issued_at=moment,
    )
    session.add(certificate)
    session.flush()
    enqueue(session, RENDER, {"certificate_id": certificate.id}, key=f"{RENDER}:{certificate.id}")
    return certificate


def certificate_of(session: Session, award: Award) -> Certificate | None:
    """Return the certificate of an award, None before it is issued."""
    return session.scalar(select(Certificate).where(Certificate.award_id == award.id))


def _next_serial(session: Session, year: int, domain_number: int) -> int:
    """Take the next serial; the row is locked until the transaction ends, so none is given twice."""
    advance = (
        update(NumberSequence)
        .where(NumberSequence.year == year, NumberSequence.domain_number == domain_number)
        .values(last=NumberSequence.last + 1)
        .returning(NumberSequence.last)
    )
    serial = session.scalar(advance)
    if serial is not None:
        return serial
    try:
        with session.begin_nested():
            session.execute(
                insert(NumberSequence).values(year=year, domain_number=domain_number, last=1)
            )
    except IntegrityError:
        serial = session.scalar(advance)
        if serial is None:
            raise
        return serial
    return 1
