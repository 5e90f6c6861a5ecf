"""Whose a certificate is, who may download it, and what its holder lets others read of them.

A name is shown only while two things hold: the holder chose it for this certificate, and their
consent to the public page is in force. Withdrawing the consent hides every name at once (N5).
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from lti_tool import journal
from lti_tool.certification.models import Award
from lti_tool.credentials.models import Certificate, NameShown
from lti_tool.errors import NotFound
from lti_tool.people.models import Purpose
from lti_tool.people.service.consents import consent_given, record_choices


def certificate_for(
    session: Session, award_public_id: str, *, person_id: int, trained_course_id: int | None = None
) -> Certificate:
    """Return the certificate of an award to its holder, or to a trainer of the award's course.

    Args:
        person_id: who asks.
        trained_course_id: a course that the asker trains, None when they train none.

    Raises:
        NotFound: there is none, or it is not for this person (N2).
    """
    allowed: list[ColumnElement[bool]] = [Award.person_id == person_id]
    if trained_course_id is not None:
        allowed.append(Award.course_id == trained_course_id)
    certificate = session.scalar(
        select(Certificate)
        .join(Award, Award.id == Certificate.award_id)
        .where(Award.public_id == award_public_id, or_(*allowed))
    )
    if certificate is None:
        raise NotFound("certificate")
    return certificate


def certificates_of(session: Session, person_id: int) -> list[Certificate]:
    """Return the certificates of a person, the newest first."""
    return list(
        session.scalars(
            select(Certificate)
            .join(Award, Award.id == Certificate.award_id)
            .where(Award.person_id == person_id)
            .order_by(Certificate.id.desc())
        )
    )


def name_in_force(session: Session, certificate: Certificate) -> NameShown:
    """Return what the verification page says of the holder today."""
    if not consent_given(session, certificate.award.person_id, Purpose.PUBLIC_PAGE):
        return NameShown.HIDDEN
    return NameShown(certificate.name_shown)


def choose_name_shown(session: Session, certificate: Certificate, choice: NameShown) -> None:
    """Record what the holder lets the verification page say of them, and commit.

    Choosing a name is an agreement to the public page, recorded as such. Names chosen for other
    certificates under an agreement withdrawn since do not come back with it.
    """
    person_id = certificate.award.person_id
    agreed = choice is not NameShown.HIDDEN
    if agreed and not consent_given(session, person_id, Purpose.PUBLIC_PAGE):
        own_awards = select(Award.id).where(Award.person_id == person_id)
        session.execute(
            update(Certificate)
            .where(Certificate.award_id.in_(own_awards), Certificate.id != certificate.id)
            .values(name_shown=NameShown.HIDDEN)
        )
    certificate.name_shown = choice
    journal.record(
        session,
        actor_id=person_id,
        action="certificate.name_chosen",
        subject="certificate",
        subject_id=certificate.id,
        choice=str(choice),
    )
    if agreed:
        record_choices(session, person_id=person_id, given={Purpose.PUBLIC_PAGE: True})
    session.commit()
